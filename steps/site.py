"""The static site in `dist/`: the runtime, our app and the browser's models, each in a folder named by its content.

    dist/index.html               with the next two, the only names that stay; never cached
    dist/offline.js               the service worker, and what it keeps
    dist/manifest.sha256          the SHA-256 of every file
    dist/panel/<hash>/            the styles and images that Panel's components fetch by themselves
    dist/runtime/<hash>/          Pyodide, numpy, Panel, Bokeh, onnxruntime-web: changes with their versions
    dist/app/<hash>/              our Python, the page's modules and styles: changes with every edit
    dist/models/<hash>/           the speaker encoder and the recogniser

What lies under a hash never changes, so a browser may keep it for good.
"""

from __future__ import annotations

import functools
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import app, manifest, offline, runtime, stamp
from steps.console import step
from steps.layout import DIST, MODELS

BROWSER_MODELS = ("speaker_encoder.onnx", "recogniser.onnx", "recogniser_tokens.json", "watermark_decoder.onnx")


@dataclass(frozen=True)
class Part:
    """Files that belong together, by the names that they get under the part's address."""

    name: str
    files: dict[str, Path]

    @functools.cached_property
    def address(self) -> str:
        """The part's folder in the site."""
        return f"{self.name}/{stamp.digest(*self.files, *self.files.values())[:16]}"


def build() -> None:
    """Bring `dist/` up to date with its sources. Needs the packages downloaded and the models prepared."""
    with step("the browser's runtime"):
        panel_part = _part("panel", runtime.build_panel())
        runtime_part = _part("runtime", runtime.build(f"./{panel_part.address}/"))
    models_part = Part("models", {name: MODELS / name for name in BROWSER_MODELS})
    with step("the app"):
        app_part = _part("app", app.build(runtime_part.address, models_part.address))
    parts = (panel_part, runtime_part, models_part, app_part)
    sources = (app.INDEX, app.WORKER, Path(__file__), Path(offline.__file__), Path(manifest.__file__))
    with step("dist/"):
        key = stamp.digest(*(part.address for part in parts), *sources)
        stamp.once(DIST, key, lambda folder: assemble(folder, parts))


def assemble(folder: Path, parts: Sequence[Part]) -> None:
    """Put the site that these parts make into `folder`; the last one is the app."""
    for part in parts:
        for name, source in part.files.items():
            target = folder / part.address / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    page = app.INDEX.read_text("utf-8").replace("@app@", parts[-1].address)
    version = stamp.digest(page)[:16]
    (folder / "index.html").write_text(page.replace("@version@", version), "utf-8")
    (folder / "offline.js").write_text(offline.script(folder, version, [part.address for part in parts]), "utf-8")
    manifest.write(folder)


def _part(name: str, folder: Path) -> Part:
    made = (path for path in stamp.tree(folder) if path.name != stamp.STAMP)
    return Part(name, {path.relative_to(folder).as_posix(): path for path in made})
