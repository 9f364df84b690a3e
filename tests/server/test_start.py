"""`python -m server` refuses models that are not the published ones, seals itself, and keeps speech out of its log."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from server import weights
from tests.server.listening import MODELS, PATH, ROOT, Profile

CANARY = "Quokkaberry"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in weights.REQUIRED:
        (tmp_path / name).symlink_to(MODELS / name)
    return tmp_path


@pytest.mark.parametrize(("language", "words"), [("C", "Cannot start"), ("de_DE.UTF-8", "Start nicht möglich")])
def test_without_a_model_it_does_not_start(folder: Path, language: str, words: str) -> None:
    (folder / weights.REQUIRED[1]).unlink()
    command = [sys.executable, "-m", "server", "--models", str(folder), "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "LANG": language})
    assert ended.returncode == 1
    assert ended.stderr.startswith(words)
    assert str(folder / weights.REQUIRED[1]) in ended.stderr


def test_an_altered_model_is_not_used(folder: Path) -> None:
    weights.verify(folder)
    path = folder / weights.REQUIRED[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(weights.WeightsError) as caught:
        weights.verify(folder)
    assert (caught.value.kind, caught.value.path) == ("altered", path)


@contextmanager
def started(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server as a process of its own, and its address; its log goes on in `stderr`."""
    usual = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    environment = {**usual, "TMPDIR": str(folder), "HOME": str(folder), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-B", "-m", "server", "--models", str(MODELS), "--port", "0"]
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


def test_it_can_write_no_file_and_its_log_holds_no_content(tmp_path: Path, profile: Profile) -> None:
    with started(tmp_path) as (process, address):
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        for name in ("Max file size", "Max core file size"):
            assert re.search(rf"{name}\s+0\s+0\s", limits)
        with httpx.Client(base_url=address, timeout=120) as client:
            spoken = client.post(PATH, json={"input": f"The word is {CANARY}.", "voice": profile})
            assert spoken.status_code == 200
            broken = {**profile, CANARY: 1}
            assert client.post(PATH, json={"input": CANARY, "voice": broken}).status_code == 422
            assert client.post(PATH, content=CANARY.encode()).status_code == 415
            assert client.get(f"/{CANARY}?q={CANARY}").status_code == 404
            assert client.request(CANARY.upper(), "/healthz").status_code == 405
        opened = [os.readlink(f"/proc/{process.pid}/fd/{fd}") for fd in os.listdir(f"/proc/{process.pid}/fd")]
        assert not [path for path in opened if path.startswith(str(tmp_path))]
        process.terminate()
        assert process.stderr
        log = process.stderr.read()
    assert not list(tmp_path.iterdir())
    assert CANARY.lower() not in log.lower()
    assert profile["embedding"][:40] not in log
    requests = [line for line in map(json.loads, log.splitlines()) if line["event"] == "request"]
    assert [line["status"] for line in requests] == [200, 422, 415, 404, 405]
    assert requests[0]["route"] == PATH
    assert requests[0]["characters"] == len(f"The word is {CANARY}.")
