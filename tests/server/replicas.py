"""The application on a Ray cluster of this machine, as `python3 build.py cluster` starts it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.server.listening import MODELS, ROOT
from tests.server.process import free_port

PYTHON = ROOT / ".cache" / "ray" / "bin" / "python"
PATIENCE = {f"RAY_SERVE_PROXY_{check}_CHECK_TIMEOUT_S": "60" for check in ("READY", "HEALTH")}  # on a busy machine
REPLICA = "ray::ServeReplica:ownvoice"


@contextmanager
def cluster(folder: Path, replicas: int) -> Iterator[str]:
    """Its address, once so many replicas are there."""
    port = free_port()
    options = ("--port", str(port), "--replicas", str(replicas), str(replicas), "--models", MODELS)
    order = (PYTHON, "-m", "server.cluster", *options, "--credentials", ROOT / ".cache" / "credentials")
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(order, cwd=ROOT, env={**os.environ, **PATIENCE}, stdout=log, stderr=log) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            while not _is_ready(address) or len(processes()) < replicas:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.5)
            yield address
        finally:
            process.terminate()


def _is_ready(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def processes() -> dict[int, float]:
    """The replicas' processes, and the processor time that each has had, in ticks."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "cmdline").read_text().startswith(REPLICA):
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                found[int(folder.name)] = float(fields[11]) + float(fields[12])
        except OSError:
            continue
    return found
