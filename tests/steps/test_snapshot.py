"""The snapshot, in which the clock, the language and the hash seed of a machine could leave their traces, has none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from steps import node, python, reproduce, runtime, snapshot
from steps.layout import DIST, ROOT


def test_the_snapshot_is_the_same_elsewhere(tmp_path: Path) -> None:
    (panel,) = (DIST / "panel").iterdir()
    order = (node.node(), "--no-warnings", snapshot.TAKE, python.FOLDER, tmp_path, f"./panel/{panel.name}/")
    subprocess.run(order, cwd=ROOT, env={**os.environ, **reproduce.ELSEWHERE}, check=True)
    for name in ("snapshot.bin", "snapshot.json"):
        assert (tmp_path / "python" / name).read_bytes() == (runtime.FOLDER / "python" / name).read_bytes()
