"""The looks of the components: one style sheet a component, read by name.

Bokeh draws each component in a shadow root of its own, which the page's style sheet does not reach; colours and
sizes come in as the page's CSS variables, so that light and dark need no second sheet.
"""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def sheet(name: str) -> str:
    """The text of `styles/<name>.css`."""
    return (resources.files("frontend.styles") / f"{name}.css").read_text(encoding="utf-8")
