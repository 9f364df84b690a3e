"""The site a second time, from clean, elsewhere: the same bytes, whatever the path, language, clock and hash seed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from steps import manifest
from steps.console import StepError, step
from steps.layout import CACHE, DIST, ROOT

SOURCES = ("frontend", "models", "steps", "vendor")
PINNED = ("downloads", "models", "node")  # of the cache: each file in them is checked against its SHA-256
ELSEWHERE = {"LANG": "tr_TR.UTF-8", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4711"}
BUILD = "from steps import site; site.build()"


def differences() -> list[str]:
    """The files of which a second build differs from `dist/`; none when it is the same. Needs `dist/` built."""
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="another place ") as folder, step("dist/ a second time"):
        second, first = Path(folder), manifest.read(DIST)
        for name in SOURCES:
            shutil.copytree(ROOT / name, second / name, ignore=shutil.ignore_patterns("__pycache__"))
        (second / ".cache").mkdir()
        for name in PINNED:
            (second / ".cache" / name).symlink_to(CACHE / name)
        environment = {**os.environ, **ELSEWHERE}
        if subprocess.run((sys.executable, "-c", BUILD), cwd=second, env=environment, check=False).returncode:
            raise StepError("The second build failed (see above).")
        other = manifest.read(second / DIST.name)
    return sorted(name for name in first.keys() | other.keys() if first.get(name) != other.get(name))
