"""The browser's runtime: Pyodide, numpy, Panel, Bokeh and onnxruntime-web, cut down to what a page can use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from steps import archive, packages, sealing, stamp
from steps.compress import SCRIPT as COMPRESS
from steps.compress import compress
from steps.layout import CACHE, DOWNLOADS, VENDOR
from steps.precompile import SCRIPT, precompile

FOLDER = CACHE / "runtime"
LOCK = "pyodide/lock.json"

PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
ONNXRUNTIME = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
BOKEH = ("bokeh.min.js", "bokeh-widgets.min.js")
SCRIPTS = ("bokeh/bokeh.min.js", "bokeh/bokeh-widgets.min.js", "panel/panel.min.js")  # in this order

NOT_IMPORTED = re.compile(
    r"\.so$|\.dist-info/|\.(pyi|pyx|pxd|ts|tsx|map|h|c|cpp|a|md|less)$|/tests?/|/testing/tests/"
    r"|^bokeh/(server/static|sphinxext)/|^panel/(dist|examples|package-lock|node_modules)"
    r"|^numpy/(f2py|distutils|_core/include|_pyinstaller)/"
)
IMPORTED_ANYWAY = re.compile(r"^numpy/.*\.so$|^(panel|bokeh|param)-.*/METADATA$|^panel/dist/css/")
PANEL_STATIC = re.compile(r"^panel/dist/(css/|assets/|images/|bundled/(theme|defaulttheme|native)/)")

PANEL_CUTS = (  # (from, up to, instead)
    (b"import pandas\n", b"import param\n", b""),
    (b"# Patch pandas.read_csv\n", b"_tasks: set = set()\n", b""),
    (b"_dict_converter = pyodide.code.run_js(", b"_current_buffers: list", b"_dict_converter = js.objectOfEntries\n\n"),
)


def build() -> Path:
    """The folder that holds the runtime, made once for its pins and these sources. Needs the packages downloaded."""
    key = stamp.digest(
        *(package.sha256 for package in packages.SITE),
        packages.NUMPY_SHA256,
        Path(__file__),
        Path(sealing.__file__),
        SCRIPT,
        COMPRESS,
    )
    stamp.once(FOLDER, key, _make)
    return FOLDER


def _make(folder: Path) -> None:
    for name, data in _files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    compress(folder)


def _files() -> dict[str, bytes]:
    pyodide = archive.read_npm(DOWNLOADS / packages.PYODIDE.filename)
    onnxruntime = archive.read_npm(DOWNLOADS / packages.ONNXRUNTIME.filename)
    panel, bokeh = _wheel(packages.PANEL), _wheel(packages.BOKEH)
    installed = {**_fit(panel), **bokeh, **archive.read(VENDOR / packages.NUMPY)}
    for library in packages.LIBRARIES:
        installed |= _wheel(library)
    imported = {n: d for n, d in installed.items() if not NOT_IMPORTED.search(n) or IMPORTED_ANYWAY.search(n)}
    standard_library, site = precompile(pyodide["python_stdlib.zip"], archive.pack(imported))
    lock = {"info": json.loads(pyodide["pyodide-lock.json"])["info"], "packages": {}}
    return (
        {f"pyodide/{name}": pyodide[name] for name in PYODIDE}
        | {"pyodide/python_stdlib.zip": standard_library, "site.zip": site, LOCK: json.dumps(lock).encode()}
        | {f"onnxruntime/{name}": onnxruntime[f"dist/{name}"] for name in ONNXRUNTIME}
        | {f"bokeh/{name}": bokeh[f"bokeh/server/static/js/{name}"] for name in BOKEH}
        | sealing.files()
        | {"panel/panel.min.js": panel["panel/dist/panel.min.js"]}
        | {
            n.replace("/dist/", f"/{packages.PANEL.version}/dist/"): d
            for n, d in panel.items()
            if PANEL_STATIC.match(n)
        }
    )


def _fit(panel: Mapping[str, bytes]) -> dict[str, bytes]:
    """Panel without what its Pyodide module asks of every page: pandas, and a policy that lets strings run as code."""
    name = "panel/io/pyodide.py"
    source = panel[name]
    for start, end, instead in PANEL_CUTS:
        if source.count(start) != 1 or end not in source:
            raise RuntimeError(f"{name} of Panel {packages.PANEL.version} is not the one that these cuts were made for")
        before, after = source.split(start)
        source = before + instead + after[after.index(end) :]
    return {**panel, name: source}


def _wheel(package: packages.Package) -> dict[str, bytes]:
    return archive.read(DOWNLOADS / package.filename)
