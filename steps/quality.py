"""Checkers, tests, benchmarks and the judging of voices, in the project's environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from steps import node
from steps.console import say
from steps.layout import PYTHON, ROOT

CHECKED = ("build.py", "steps", "models", "server", "frontend", "tests", "bench", "deploy")

# A file stays in one process, and files keep their order: browser tests come last in both (tests/conftest.py).
HALVES = ("--numprocesses=2", "--dist=loadfile", "--no-loadscope-reorder")


def lint() -> int:
    """ruff's lint and format, then mypy; the first exit status that isn't 0."""
    return (
        _python("ruff", "check", ".")
        or _python("ruff", "format", "--check", ".")
        or _python("mypy", *(name for name in CHECKED if (ROOT / name).exists()))
    )


def test(arguments: list[str], browser: Path) -> int:
    """pytest's exit status. The whole suite runs in two processes; what is named, in one."""
    return _python("pytest", *(arguments or HALVES), browser=browser)


def bench(arguments: list[str], browser: Path) -> int:
    """The figures: every benchmark, or those that are named."""
    return _python("bench", *arguments, browser=browser)


def evaluate(arguments: list[str]) -> int:
    """The judgement of the voices."""
    return _python("models.evaluation", *arguments)


def _python(module: str, *arguments: str, browser: Path | None = None) -> int:
    say(f"… {' '.join((module, *arguments))}")
    environment = dict(os.environ)
    if browser:
        environment["OWNVOICE_BROWSER"] = str(browser)
        # Playwright's own node asks for a library that a bare Debian has not; ours does not.
        environment["PLAYWRIGHT_NODEJS_PATH"] = str(node.node())
    return subprocess.run([PYTHON, "-m", module, *arguments], cwd=ROOT, env=environment, check=False).returncode
