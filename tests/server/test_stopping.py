"""A server that stops finishes what it began; one that is struck down leaves no core, and its listeners know."""

from __future__ import annotations

import io
import os
import signal
from pathlib import Path

import httpx
import pytest
import soundfile

from models.contract import SYNTHESIS_SAMPLE_RATE
from tests.server.listening import PATH, Profile, refused
from tests.server.process import started

TEXT = "The north wind and the sun were disputing which was the stronger. " * 4


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


def test_a_crash_is_heard_as_one_and_leaves_no_picture_of_the_memory(tmp_path: Path, profile: Profile) -> None:
    with started(tmp_path) as server, httpx.Client(base_url=server.address, timeout=120) as client:
        with (
            pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)),
            client.stream("POST", PATH, json={"input": TEXT, "voice": profile}) as answer,
        ):
            content = answer.iter_bytes()
            next(content)
            server.process.send_signal(signal.SIGSEGV)
            list(content)
        ended = os.waitid(os.P_PID, server.number, os.WEXITED | os.WNOWAIT)
        assert ended and (ended.si_code, ended.si_status) == (os.CLD_KILLED, signal.SIGSEGV)  # and not os.CLD_DUMPED
    assert not list(tmp_path.iterdir())
