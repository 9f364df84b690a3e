"""The server as a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.server.listening import MODELS, ROOT


@contextmanager
def started(
    folder: Path, *options: str, under: Sequence[str | Path] = ()
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, which works in `folder`, and its address; its log goes on in `stderr`. `under` is what runs it."""
    usual = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment = {**usual, "TMPDIR": str(folder), "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = [*under, sys.executable, "-B", "-m", "server", "--models", MODELS, "--port", "0", *options]
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.DEVNULL,  # a file here would undo the seal
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr
        try:
            address = None
            while not address:
                line = process.stderr.readline()
                assert line, "the server ended"
                address = re.search(r"http://[\d.:]+", line)
            yield process, address[0]
        finally:
            process.terminate()


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
