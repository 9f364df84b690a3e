"""Our own part of the site: Python as one archive, the page's modules and styles, and what the loader must know."""

from __future__ import annotations

import json
from pathlib import Path

from steps import archive, runtime, stamp
from steps.compress import SCRIPT as COMPRESS
from steps.compress import compress
from steps.layout import CACHE, ROOT
from steps.precompile import SCRIPT, precompile

FOLDER = CACHE / "app"
FRONTEND = ROOT / "frontend"
INDEX = FRONTEND / "boot" / "index.html"
WORKER = FRONTEND / "offline" / "worker.js"  # like the page, at an address that stays: steps/offline.py
MESSAGES = FRONTEND / "boot" / "messages.json"
INSIDE = (".py", ".json", ".css")  # what Python itself reads; it also gives the styles to components
SHARED = (
    *("__init__.py", "contract.py", "recogniser/__init__.py", "recogniser/recognition.py"),
    "seal.py",
    *("watermark/__init__.py", "watermark/coded.py", "watermark/spectrum.py"),
)
CONTRACT = tuple(ROOT / "models" / name for name in SHARED)  # what both sides run
FETCHED_FIRST = ("python/snapshot.bin", "python/snapshot.json", "python/site.zip", *runtime.SCRIPTS)  # and counted


def build(runtime_path: str, models_path: str) -> Path:
    """The folder that holds the app, made once for these sources and the addresses of the other two parts."""
    sources = [path for path in stamp.tree(FRONTEND) if path not in (INDEX, WORKER)]
    names = "\n".join(path.relative_to(ROOT).as_posix() for path in sources)
    key = stamp.digest(runtime_path, models_path, names, *sources, *CONTRACT, Path(__file__), SCRIPT, COMPRESS)
    stamp.once(FOLDER, key, lambda folder: _make(folder, sources, runtime_path, models_path))
    return FOLDER


def _make(folder: Path, sources: list[Path], runtime_path: str, models_path: str) -> None:
    python = {path.relative_to(ROOT).as_posix(): path for path in (*sources, *CONTRACT) if path.suffix in INSIDE}
    for path in sources:
        if path.suffix not in (".py", ".json"):
            target = folder / path.relative_to(FRONTEND)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    (app,) = precompile(archive.pack({name: path.read_bytes() for name, path in python.items()}))
    (folder / "app.zip").write_bytes(app)
    sizes = {f"runtime/{name}": (runtime.FOLDER / name).stat().st_size for name in FETCHED_FIRST}
    manifest = {
        "runtime": runtime_path,
        "models": models_path,
        "scripts": runtime.SCRIPTS,
        "sizes": sizes | {"app/app.zip": len(app)},
        "messages": json.loads(MESSAGES.read_text("utf-8")),
    }
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
    (folder / "manifest.js").write_text(f"export default {text};\n", "utf-8")
    compress(folder)
