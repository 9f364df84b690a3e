"""The project's own virtual environment in `.cache/venv`, from requirements locked by hash."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from steps import stamp, system
from steps.console import StepError, step
from steps.layout import CACHE, ENVIRONMENT, PYTHON, REQUIREMENTS, ROOT

Need = Literal["run", "test"]
LOCK_OPTIONS = (
    *("--quiet", "--generate-hashes", "--no-header", "--strip-extras", "--allow-unsafe"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host"),
)
INSTALL_OPTIONS = ("--disable-pip-version-check", "--require-hashes", "--requirement")
NEEDS: tuple[Need, ...] = ("run", "test")  # the second includes the first
TOOLS = ("lock", "audit", "ray")  # each in an environment of its own, made when it is first asked for


def ensure(need: Need) -> None:
    """Have the environment hold what `need` asks for."""
    system.check_python()
    _create(stamp.digest(sys.version, str(ENVIRONMENT)))
    if not any(_is_installed(wider) for wider in NEEDS[NEEDS.index(need) :]):
        with step(f"Python packages to {need}"):
            _install(_requirements(need))
        _mark(need).write_text(_key(need), "utf-8")


def lock() -> None:
    """Compile requirements/*.in into *.txt, with the hash of every file that pip may use."""
    compiler = tool("lock") / "pip-compile"
    for name in (*NEEDS, *TOOLS):
        with step(f"{name}.txt"):
            # From within, so that the comments in the lock name no path of this machine.
            order = (compiler, *LOCK_OPTIONS, "--output-file", f"{name}.txt", f"{name}.in")
            _run(order, "the versions do not fit together (see above)", REQUIREMENTS)


def tool(name: str) -> Path:
    """The folder of commands of one of TOOLS."""
    system.check_python()
    folder, requirements = CACHE / name, REQUIREMENTS / f"{name}.txt"
    key = stamp.digest(sys.version, requirements)
    if not stamp.is_made(folder, key):
        system.ensure_venv()
        with step(f"Python packages to {name}"):
            _run((sys.executable, "-m", "venv", "--clear", folder), "its environment could not be made (see above)")
            order = (folder / "bin/pip", "install", *INSTALL_OPTIONS, requirements)
            _run(order, "pip could not install the packages (see above)")
        (folder / stamp.STAMP).write_text(key, "utf-8")
    return folder / "bin"


def _create(key: str) -> None:
    if stamp.is_made(ENVIRONMENT, key):
        return
    system.ensure_venv()
    with step(f"a virtual environment in {ENVIRONMENT.relative_to(ROOT)}"):
        # In place: an environment knows its own path. Without its stamp, a half-made one is made anew.
        order = (sys.executable, "-m", "venv", "--clear", ENVIRONMENT)
        _run(order, "the virtual environment could not be made (see above)")
        (ENVIRONMENT / stamp.STAMP).write_text(key, "utf-8")


def _install(requirements: Path) -> None:
    order = (PYTHON, "-m", "pip", "install", *INSTALL_OPTIONS, requirements)
    _run(order, "pip could not install the packages (see above)")


def _run(order: Sequence[str | Path], failure: str, folder: Path = ROOT) -> None:
    if subprocess.run(order, cwd=folder, check=False).returncode:
        raise StepError(f"{failure}. Check the network connection, then run the same command again.")


def _requirements(need: Need) -> Path:
    return REQUIREMENTS / f"{need}.txt"


def _key(need: Need) -> str:
    return stamp.digest(_requirements(need))


def _mark(need: Need) -> Path:
    return ENVIRONMENT / f".{need}"


def _is_installed(need: Need) -> bool:
    return _mark(need).exists() and _requirements(need).exists() and _mark(need).read_text("utf-8") == _key(need)
