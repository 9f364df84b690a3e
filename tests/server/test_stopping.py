"""A server that stops finishes what it began; one that is struck down leaves no core, and its listeners know."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import soundfile

from models.contract import SYNTHESIS_SAMPLE_RATE
from tests.server.listening import MODELS, PATH, ROOT, Profile, refused
from tests.server.process import free_port, listens, started

CANARY = "Quokkaberry"
TEXT = "The north wind and the sun were disputing which was the stronger. " * 4
# As large a core as this machine allows, for all that the server's own parent says.
WITH_CORES = ("sh", "-c", 'ulimit -S -c "$(ulimit -H -c)"; exec "$0" "$@"')


def test_streams_under_way_end_in_their_own_time_and_nobody_new_is_let_in(tmp_path: Path, profile: Profile) -> None:
    request = {"input": TEXT, "voice": profile}
    with started(tmp_path) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        with client.stream("POST", PATH, json=request) as one, client.stream("POST", PATH, json=request) as other:
            heard = [one.iter_bytes(), other.iter_bytes()]
            began = [next(stream) for stream in heard]
            server.process.send_signal(signal.SIGTERM)
            while (ready := client.get("/readyz")).status_code == 200:
                pass
            refused(ready, "stopping")
            answer = client.post(PATH, json=request)
            refused(answer, "stopping")
            assert int(answer.headers["retry-after"]) > 0
            assert client.get("/healthz").status_code == 200
            contents = [first + b"".join(stream) for first, stream in zip(began, heard, strict=True)]
        assert contents[0] == contents[1]
        assert server.process.wait(60) == -signal.SIGTERM
    samples, rate = soundfile.read(io.BytesIO(contents[0]))
    assert rate == SYNTHESIS_SAMPLE_RATE and len(samples) > 12 * rate


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT], ids=lambda number: number.name)
def test_a_crash_is_heard_as_one_and_leaves_no_picture_of_the_memory(
    tmp_path: Path, profile: Profile, number: signal.Signals
) -> None:
    with (
        started(tmp_path, under=WITH_CORES) as server,
        httpx.Client(base_url=server.address, timeout=120) as client,
    ):
        with (
            pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)),
            client.stream("POST", PATH, json={"input": f"{CANARY}. {TEXT}", "voice": profile}) as answer,
        ):
            content = answer.iter_bytes()
            next(content)
            server.process.send_signal(number)
            list(content)
        ended = os.waitid(os.P_PID, server.number, os.WEXITED | os.WNOWAIT)
        assert ended and (ended.si_code, ended.si_status) == (os.CLD_KILLED, number)  # and not os.CLD_DUMPED
        log = server.log.result()
    assert not list(tmp_path.iterdir())
    assert CANARY not in log and profile["embedding"][:40] not in log


def test_a_disk_that_is_full_of_logs_keeps_nobody_from_being_served(tmp_path: Path, profile: Profile) -> None:
    port = free_port()
    order = (sys.executable, "-B", "-m", "server", "--models", MODELS, "--port", str(port))
    with (
        Path("/dev/full").open("wb") as full,
        subprocess.Popen(order, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=full) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
    ):
        while not listens(port):
            assert process.poll() is None
        for _ in range(3):
            request = {"input": "Hello.", "voice": profile, "response_format": "mp3"}
            assert client.post(PATH, json=request).status_code == 200
            assert client.post(PATH, json={}).status_code == 422
        process.terminate()
    assert process.returncode == -signal.SIGTERM
    assert not list(tmp_path.iterdir())
