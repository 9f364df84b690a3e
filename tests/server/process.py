"""The server as a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.server.listening import MODELS, ROOT


@dataclass(frozen=True)
class Running:
    """A server that serves. `number` is its process, `process` what was started, `log` what it has said by its end."""

    process: subprocess.Popen[str]
    number: int
    address: str
    log: Future[str]


@contextmanager
def started(folder: Path, *options: str, under: Sequence[str | Path] = ()) -> Iterator[Running]:
    """The server, working in `folder`, until the block ends. `under` is a command that runs it."""
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
        number, address = "", None
        while not address:
            line = process.stderr.readline()
            assert line, f"the server ended: {process.wait()}"
            address = re.search(r"http://[\d.:]+", line)
            number = (re.findall(r"server process \[(\d+)", line) or [number])[0]
        with ThreadPoolExecutor(1) as reader:  # a full pipe would stop the server
            try:
                yield Running(process, int(number), address[0], reader.submit(process.stderr.read))
            finally:
                if process.poll() is None:
                    with suppress(ProcessLookupError):
                        os.kill(int(number), signal.SIGTERM)


def listens(port: int) -> bool:
    """Whether anybody does there."""
    with socket.socket() as probe:
        return not probe.connect_ex(("127.0.0.1", port))


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
