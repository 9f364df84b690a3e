"""The npm packages inside Panel's and Bokeh's scripts, as their wheels tell.

Panel ships the lock of its build, and a map from its script to the sources. Bokeh's scripts name each module in them,
but no versions; the lock of Panel's build, which takes up BokehJS too, has their licences, not Bokeh's versions.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass

from steps import archive, packages, runtime
from steps.layout import DOWNLOADS

SOURCE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)")
MODULE = re.compile(r"/\* ((?:@[\w.-]+/)?[\w.-]+)/[^*]+ \*/ function")
OWN = {"client", "core", "document", "embed", "models", "protocol", "styles"}  # folders of BokehJS itself
UNLOCKED = {"@bokeh/numbro": "MIT"}  # as it says at its head; the lock does not


@dataclass(frozen=True, slots=True)
class Inside:
    """Code of others in a package; `version` is empty where the package does not say which."""

    name: str
    licence: str
    version: str = ""


@functools.cache
def inside_panel() -> tuple[Inside, ...]:
    """What `panel.min.js` brings along."""
    panel = archive.read(DOWNLOADS / packages.PANEL.filename)
    sources = json.loads(panel["panel/dist/panel.js.map"])["sources"]
    locked = json.loads(panel["panel/package-lock.json"])["packages"]
    entries = {name: locked[f"node_modules/{name}"] for source in sources for name in SOURCE.findall(source)}
    return tuple(Inside(name, it["license"], it["version"]) for name, it in sorted(entries.items()))


@functools.cache
def inside_bokeh() -> tuple[Inside, ...]:
    """What those of Bokeh's scripts bring along that the site has."""
    bokeh = archive.read(DOWNLOADS / packages.BOKEH.filename)
    locked = json.loads(archive.read(DOWNLOADS / packages.PANEL.filename)["panel/package-lock.json"])["packages"]
    scripts = (bokeh[f"bokeh/server/static/js/{name.replace('.min', '')}"].decode() for name in runtime.BOKEH)
    names = {name for script in scripts for name in MODULE.findall(script)} - OWN
    return tuple(
        Inside(name, UNLOCKED.get(name) or locked[f"node_modules/{name}"]["license"]) for name in sorted(names)
    )
