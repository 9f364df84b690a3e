"""A picture of Python's memory with Panel imported, which starts in a fraction of the time that importing takes."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from steps import archive, node
from steps.layout import CACHE, ROOT

TAKE = ROOT / "steps" / "snapshot.mjs"
PROVE = ROOT / "steps" / "snapshot_check.mjs"
START = (ROOT / "frontend" / "boot" / "python.js", ROOT / "frontend" / "boot" / "archive.js")
SOURCES = (Path(__file__), TAKE, PROVE, *START)
SITE_PACKAGES = "/lib/python3.14/site-packages/"
STANDARD_LIBRARY = "/lib/python314.zip/"


def take(source: Path, folder: Path, panel_address: str) -> None:
    """Put into `folder`/python the snapshot of the Python in `source`, and what it does not hold of the archives.

    `panel_address` is where the page finds Panel's own styles and images.
    """
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        taken = Path(temporary)
        _node(TAKE, source, taken, panel_address)
        imported = set(json.loads((taken / "imported.json").read_text("utf-8")))
        target = folder / "python"
        target.mkdir()
        for name in ("snapshot.bin", "snapshot.json"):
            (taken / "python" / name).rename(target / name)
        for name, root in (("site.zip", SITE_PACKAGES), ("pyodide/python_stdlib.zip", STANDARD_LIBRARY)):
            files = archive.read(source / name)
            left = {path: data for path, data in files.items() if path.endswith(".so") or root + path not in imported}
            (target / Path(name).name).write_bytes(archive.pack(left))


def prove(folder: Path) -> None:
    """Start what `take` left in `folder`, beside `folder`/pyodide, and use it. Raises CalledProcessError."""
    _node(PROVE, folder)


def _node(*order: str | Path) -> None:
    subprocess.run([node.node(), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", *order], check=True)
