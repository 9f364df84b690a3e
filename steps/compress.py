"""Compressed neighbours of the site's files, for a server that negotiates (`name.br`, `name.gz`)."""

from __future__ import annotations

import subprocess
from pathlib import Path

from steps import node
from steps.layout import ROOT

SCRIPT = ROOT / "steps" / "compress.mjs"


def compress(folder: Path) -> None:
    """Put a .br and a .gz beside every file of `folder` that gains by it."""
    subprocess.run([node.node(), SCRIPT, folder], check=True)
