"""Assemble what the server needs, and no more, as the root of a file system: `python3 deploy/image.py FOLDER`.

The interpreter, its standard library, the project's environment and models, the site, and every shared library that any
of them is linked to. What is left out: a shell, pip, tests, the packages that all this was made of.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(
    *("__pycache__", "*.pyc", "pip", "pip-*", "setuptools", "setuptools-*", "ensurepip", "idlelib", "tkinter", "test"),
    *("site-packages.old", "lib2to3", "turtledemo", "activate*", "Activate*"),
)
PARTS = ("server", "models", "dist", ".cache/models", ".cache/venv")
LINKED = re.compile(r"(?:=> )?(/\S+) \(0x")


def assemble(image: Path) -> None:
    """Put everything into `image` under the paths that it has here. Needs `build.py build` done."""
    executable = ROOT / ".cache" / "venv" / "bin" / "python"
    while executable.is_symlink():
        executable = executable.parent / os.readlink(executable)
        if ROOT not in executable.parents:
            keep(image, executable)
    library = Path(sysconfig.get_path("stdlib"))
    copy(image, library, also=("site-packages", "dist-packages") if library not in ROOT.parents else ())
    for part in PARTS:
        copy(image, ROOT / part)
    binaries = [executable, *library.rglob("*.so"), *(ROOT / ".cache" / "venv").rglob("*.so*")]
    for needed in linked(binaries):
        keep(image, needed)


def copy(image: Path, folder: Path, also: tuple[str, ...] = ()) -> None:
    """A folder with its links as links, but LEFT_OUT and the names in `also`."""
    more = shutil.ignore_patterns(*also)
    target = image / folder.relative_to("/")
    ignore = lambda at, names: LEFT_OUT(at, names) | (more(at, names) if Path(at) == folder else set())  # noqa: E731
    shutil.copytree(folder, target, symlinks=True, ignore=ignore, dirs_exist_ok=True)


def keep(image: Path, path: Path) -> None:
    """One file; what a link points to, under the link's name."""
    target = image / path.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(path, target)


def linked(binaries: list[Path]) -> list[Path]:
    """The shared libraries of the system that the loader would load for these, itself included."""
    found = set()
    for binary in binaries:
        told = subprocess.run(("ldd", binary), capture_output=True, text=True, check=False).stdout
        found |= {Path(path) for path in LINKED.findall(told)}
    return sorted(path for path in found if ROOT not in path.parents)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
