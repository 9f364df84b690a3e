"""Python sources to the bytecode of the very Pyodide that will run them: the browser need not compile."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from steps import archive, node, packages
from steps.layout import CACHE, DOWNLOADS, ROOT

SCRIPT = ROOT / "steps" / "precompile.mjs"


def precompile(*zips: bytes) -> list[bytes]:
    """Each zip archive with every .py replaced by its .pyc."""
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        folder = Path(temporary)
        pyodide = folder / "pyodide"
        pyodide.mkdir()
        for name, data in archive.read_npm(DOWNLOADS / packages.PYODIDE.filename).items():
            if "/" not in name:
                (pyodide / name).write_bytes(data)
        pairs = [(folder / f"{index}.zip", folder / f"{index}.compiled.zip") for index in range(len(zips))]
        for (source, _), data in zip(pairs, zips, strict=True):
            source.write_bytes(data)
        subprocess.run([node.node(), SCRIPT, pyodide, *(path for pair in pairs for path in pair)], check=True)
        return [compiled.read_bytes() for _, compiled in pairs]
