"""The browser's runtime: Python's snapshot, BokehJS, Panel's JavaScript, onnxruntime-web, ciphers, media, C2PA."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from steps import archive, media, packages, python, sealing, snapshot, stamp
from steps.compress import SCRIPT as COMPRESS
from steps.compress import compress
from steps.layout import CACHE, DOWNLOADS

FOLDER = CACHE / "runtime"
PANEL_FOLDER = CACHE / "panel"

ONNXRUNTIME = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
C2PA = {"c2pa.js": "pkg/c2pa.js", "c2pa_bg.wasm": "pkg/c2pa_bg.wasm", "LICENSE": "LICENSE"}
BOKEH = ("bokeh.min.js", "bokeh-widgets.min.js")
SCRIPTS = ("bokeh/bokeh.min.js", "bokeh/bokeh-widgets.min.js", "panel/panel.min.js")  # in this order
PANEL_STATIC = re.compile(r"^panel/dist/(css|assets|images|bundled/(theme|defaulttheme|native))/")


def build_panel() -> Path:
    """The folder that holds what Panel's components fetch by themselves: styles and images."""
    stamp.once(PANEL_FOLDER, stamp.digest(packages.PANEL.sha256, Path(__file__), COMPRESS), _make_panel)
    return PANEL_FOLDER


def build(panel_address: str) -> Path:
    """The folder that holds the runtime, made once for its pins and these sources. Needs the packages downloaded."""
    source = python.build()
    pinned = (packages.PANEL, packages.BOKEH, packages.ONNXRUNTIME, packages.C2PA, *packages.SEALING, *packages.MEDIA)
    pins = [package.sha256 for package in pinned]
    made_by = (Path(__file__), Path(sealing.__file__), Path(media.__file__), media.SCRIPT, COMPRESS)
    sources = (*snapshot.SOURCES, *made_by, source / stamp.STAMP)
    stamp.once(
        FOLDER, stamp.digest(panel_address, *pins, *sources), lambda folder: _make(folder, source, panel_address)
    )
    return FOLDER


def _make(folder: Path, source: Path, panel_address: str) -> None:
    onnxruntime = archive.read_npm(DOWNLOADS / packages.ONNXRUNTIME.filename)
    c2pa = archive.read_npm(DOWNLOADS / packages.C2PA.filename)
    bokeh = archive.read(DOWNLOADS / packages.BOKEH.filename)
    panel = archive.read(DOWNLOADS / packages.PANEL.filename)
    _write(
        folder,
        {f"onnxruntime/{name}": onnxruntime[f"dist/{name}"] for name in ONNXRUNTIME}
        | {f"c2pa/{name}": c2pa[path] for name, path in C2PA.items()}
        | {f"bokeh/{name}": bokeh[f"bokeh/server/static/js/{name}"] for name in BOKEH}
        | {"panel/panel.min.js": panel["panel/dist/panel.min.js"]}
        | sealing.files()
        | media.files(),
    )
    for name in python.PYODIDE:
        (folder / "pyodide").mkdir(exist_ok=True)
        shutil.copyfile(source / "pyodide" / name, folder / "pyodide" / name)
    snapshot.take(source, folder, panel_address)
    snapshot.prove(folder)
    compress(folder)


def _make_panel(folder: Path) -> None:
    panel = archive.read(DOWNLOADS / packages.PANEL.filename)
    version = packages.PANEL.version
    _write(folder, {n.replace("panel/", f"{version}/", 1): d for n, d in panel.items() if PANEL_STATIC.match(n)})
    compress(folder)


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
