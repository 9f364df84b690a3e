"""Python for the browser: Pyodide, numpy and the libraries, cut down to what a page can import, as bytecode."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from steps import archive, packages, stamp
from steps.layout import CACHE, DOWNLOADS, VENDOR
from steps.precompile import SCRIPT, precompile

FOLDER = CACHE / "python"
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")

NOT_IMPORTED = re.compile(
    r"\.so$|\.dist-info/|\.data/|\.(pyi|pyx|pxd|ts|tsx|map|h|c|cpp|a|md|less|rst|orig|ico)$|/tests?/|/testing/tests/"
    r"|^bokeh/(_sri|server/static|sphinxext)/|^panel/(dist|examples|package-lock|node_modules)|^pyviz_comms/labextension/static"
    r"|^numpy/(f2py|distutils|_core/include|_pyinstaller)/"
)
IMPORTED_ANYWAY = re.compile(
    r"^numpy/.*\.so$|^(panel|bokeh|param)-.*/METADATA$|^panel/dist/css/|^bokeh/_sri/"
    + re.escape(packages.BOKEH.version)
)

MEMORY_BASE = b"metadata.memorySize?alignMemory(getMemory(metadata.memorySize+memAlign),memAlign):0"
CUTS: Mapping[str, tuple[tuple[bytes, bytes, bytes], ...]] = {  # file: (from, up to, instead)
    # Panel asks every page for pandas, and for a policy that lets strings run as code.
    "panel/io/pyodide.py": (
        (b"import pandas\n", b"import param\n", b""),
        (b"# Patch pandas.read_csv\n", b"_tasks: set = set()\n", b""),
        (
            b"_dict_converter = pyodide.code.run_js(",
            b"_current_buffers: list",
            b"_dict_converter = js.objectOfEntries\n\n",
        ),
    ),
    # A snapshot's extension modules have to lie where they lay.
    "pyodide.asm.mjs": (
        (
            b"var memoryBase=" + MEMORY_BASE + b";",
            b"var tableBase=",
            b"var memoryBase=Module.memoryBaseOf?.(libName)??(" + MEMORY_BASE + b");",
        ),
    ),
}


def build() -> Path:
    """The folder that holds it, made once for its pins and these sources. Needs the packages downloaded."""
    pins = [p.sha256 for p in (packages.PYODIDE, packages.PANEL, packages.BOKEH, *packages.LIBRARIES)]
    stamp.once(FOLDER, stamp.digest(*pins, packages.NUMPY_SHA256, Path(__file__), SCRIPT), _make)
    return FOLDER


def _make(folder: Path) -> None:
    pyodide = archive.read_npm(DOWNLOADS / packages.PYODIDE.filename)
    installed = archive.read(VENDOR / packages.NUMPY)
    for library in (packages.PANEL, packages.BOKEH, *packages.LIBRARIES):
        installed |= archive.read(DOWNLOADS / library.filename)
    imported = {n: d for n, d in installed.items() if not NOT_IMPORTED.search(n) or IMPORTED_ANYWAY.search(n)}
    standard_library, site = precompile(pyodide["python_stdlib.zip"], archive.pack(_fit(imported)))
    lock = {"info": json.loads(pyodide["pyodide-lock.json"])["info"], "packages": {}}
    files = {name: _fit(pyodide)[name] for name in PYODIDE}
    files |= {"python_stdlib.zip": standard_library, "lock.json": json.dumps(lock).encode()}
    (folder / "pyodide").mkdir()
    for name, data in files.items():
        (folder / "pyodide" / name).write_bytes(data)
    (folder / "site.zip").write_bytes(site)


def _fit(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with CUTS made. Raises RuntimeError for a file that is not the one that they were made for."""
    fitted = dict(files)
    for name in CUTS.keys() & files.keys():
        for start, end, instead in CUTS[name]:
            before, found, after = fitted[name].partition(start)
            if not found or start in after or end not in after:
                raise RuntimeError(f"{name} is not the one that its cuts were made for")
            fitted[name] = before + instead + after[after.index(end) :]
    return fitted
