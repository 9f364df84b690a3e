"""What has to come from the operating system: the parts of Python that Debian splits off, and what tests need."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from steps.console import StepError, say, step

OLDEST_PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def check_python() -> None:
    """Raises StepError for a Python that is too old."""
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise StepError(f"This needs Python {wanted} or newer; {sys.executable} is {sys.version.split()[0]}.")


def ensure_venv() -> None:
    """Have `venv` and `ensurepip`, which Debian keeps in a package of their own."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    install(f"python{version}-venv", "Python's virtual environments")
    importlib.invalidate_caches()


def browser() -> Path:
    """A Chromium for the browser tests, installed when there is none. Raises StepError."""
    found = _find_browser()
    if not found:
        install("chromium", "a browser for the tests")
        found = _find_browser()
    if not found:
        raise StepError(f"No browser was found: none of {', '.join(BROWSERS)} is on the PATH.")
    return found


def watchers() -> None:
    """Have what tests watch the server with: strace sees it open no file, bubblewrap is a box. Raises StepError."""
    for command, package, purpose in (("strace", "strace", "a tracer"), ("bwrap", "bubblewrap", "a box")):
        if not shutil.which(command, path=_path()):
            install(package, f"{purpose} for the tests")


def install(package: str, purpose: str) -> None:
    """Install a Debian package when we are allowed to. Raises StepError that says what to do when we aren't."""
    apt = shutil.which("apt-get", path=_path())
    by_hand = f"{purpose[0].upper()}{purpose[1:]} ({package}) is missing."
    if not apt:
        raise StepError(f"{by_hand} Install it with your system's package manager and run this again.")
    if os.geteuid() != 0:
        raise StepError(f"{by_hand} Run\n  sudo apt-get install --yes {package}\nand then this again.")
    with step(f"{purpose} ({package}, by apt-get)"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PATH": _path()}
        order = [apt, "install", "--yes", "--no-install-recommends", package]
        if subprocess.run(order, env=environment, check=False).returncode:
            say("  the package lists may be old: updating them first")
            subprocess.run([apt, "update"], env=environment, check=False)
            if subprocess.run(order, env=environment, check=False).returncode:
                raise StepError(f"{by_hand} apt-get could not install it (see above); mend that and run this again.")


def _find_browser() -> Path | None:
    return next((Path(found) for name in BROWSERS if (found := shutil.which(name, path=_path()))), None)


def _path() -> str:
    """The PATH, with the folders that a bare environment leaves out."""
    return os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"))
