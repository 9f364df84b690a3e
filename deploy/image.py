"""Assemble what the server needs, and no more, as the root of a file system: `python3 deploy/image.py FOLDER`.

The interpreter, its standard library, the project's environment and models, the site, and every shared library that any
of them is linked to. What is left out: a shell and every other program, pip, tests, the packages that all was made of.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = shutil.ignore_patterns(
    *("__pycache__", "*.pyc", "pip", "pip-*", "setuptools", "setuptools-*", "ensurepip", "idlelib", "tkinter", "test"),
    *("site-packages.old", "lib2to3", "turtledemo", "activate*", "Activate*"),
)
PARTS = ("server", "models", "dist", ".cache/models", ".cache/venv")
LINKED = re.compile(r"^\t(?:\S+ => )?(/.*) \(0x", re.MULTILINE)


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
    for needed in linked([executable, *image.rglob("*.so*")]):
        if image not in needed.parents:
            keep(image, needed)


def copy(image: Path, folder: Path, also: tuple[str, ...] = ()) -> None:
    """A folder with its links as links, but LEFT_OUT, the names in `also`, and programs."""
    more = shutil.ignore_patterns(*also)
    target = image / folder.relative_to("/")
    ignore = lambda at, names: LEFT_OUT(at, names) | (more(at, names) if Path(at) == folder else set())  # noqa: E731
    shutil.copytree(folder, target, symlinks=True, ignore=ignore, copy_function=put_data, dirs_exist_ok=True)


def keep(image: Path, path: Path) -> None:
    """One file; what a link points to, under the link's name."""
    target = image / path.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    put(path, target)


def put_data(source: str, target: str) -> None:
    """The file, unless it is a program: packages bring some, and the server calls none."""
    if os.access(source, os.X_OK) and not re.search(r"\.so\b|\.py$", source):
        with open(source, "rb") as file:
            if file.read(2) in (b"\x7fE", b"#!"):
                return
    put(source, target)


def put(source: str | Path, target: str | Path) -> None:
    """The file under a second name where the disk is the same, a copy elsewhere: nobody writes to either."""
    source = os.path.realpath(source)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def linked(binaries: Sequence[Path]) -> list[Path]:
    """The shared libraries that the loader would load for these, itself included."""
    told = subprocess.run(("ldd", *binaries), capture_output=True, text=True, check=False).stdout
    return sorted({Path(os.path.normpath(path)) for path in LINKED.findall(told)})


if __name__ == "__main__":
    assemble(Path(sys.argv[1]).resolve())
