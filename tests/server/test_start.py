"""`python -m server` refuses models that are not the published ones, seals itself, and keeps speech out of its log."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from server import weights
from server.certificates import make_development
from server.problems import CATALOGUES
from tests.server.listening import MODELS, PATH, ROOT, Profile
from tests.server.process import free_port, started

CANARY = "Quokkaberry"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in weights.REQUIRED:
        (tmp_path / name).symlink_to(MODELS / name)
    return tmp_path


@pytest.mark.parametrize(
    ("fault", "language", "words"),
    [("missing", "C", "Cannot start"), ("altered", "de_DE.UTF-8", "Start nicht möglich")],
)
def test_with_a_model_missing_or_altered_it_does_not_start(folder: Path, fault: str, language: str, words: str) -> None:
    path = folder / weights.REQUIRED[0]
    content = bytearray(path.read_bytes())
    path.unlink()
    if fault == "altered":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    command = [sys.executable, "-m", "server", "--models", str(folder), "--port", "0"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "LANG": language})
    assert ended.returncode == 1
    assert ended.stderr.startswith(words)
    assert str(path) in ended.stderr
    with pytest.raises(weights.WeightsError, match=fault):
        weights.verify(folder)


@pytest.mark.parametrize(
    ("age", "said"), [(None, "chain.pem is missing, and unsigned speech"), (400, "chain.pem has expired, and unsigned")]
)
def test_without_a_valid_certificate_it_does_not_start(folder: Path, age: int | None, said: str) -> None:
    if age:
        make_development(folder / "credentials", datetime.now(UTC) - timedelta(days=age))
    options = ["--models", str(MODELS), "--credentials", str(folder / "credentials"), "--port", "0"]
    environment = {**os.environ, "LANG": "C"}
    ended = subprocess.run(
        [sys.executable, "-m", "server", *options], cwd=ROOT, capture_output=True, text=True, env=environment
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot start")
    assert said in ended.stderr


def test_every_reason_why_a_certificate_fails_has_its_message() -> None:
    kinds = re.findall(r'CertificateError\("([a-z-]+)"', "".join(p.read_text() for p in (ROOT / "server").glob("*.py")))
    assert set(kinds) >= {"missing", "expired", "mismatched", "too-long"}
    for texts in CATALOGUES.values():
        assert all(f"start.certificate-{kind}" in texts for kind in kinds)


def test_it_can_write_no_file_and_its_log_holds_no_content(tmp_path: Path, profile: Profile) -> None:
    metrics = free_port()
    with started(tmp_path, "--metrics-port", str(metrics)) as server:
        limits = Path(f"/proc/{server.number}/limits").read_text()
        for name in ("Max file size", "Max core file size"):
            assert re.search(rf"{name}\s+0\s+0\s", limits)
        with httpx.Client(base_url=server.address, timeout=120) as client:
            spoken = client.post(PATH, json={"input": f"The word is {CANARY}.", "voice": profile})
            assert spoken.status_code == 200
            broken = {**profile, CANARY: 1}
            assert client.post(PATH, json={"input": CANARY, "voice": broken}).status_code == 422
            assert client.post(PATH, content=CANARY.encode()).status_code == 415
            assert client.get(f"/{CANARY}?q={CANARY}").status_code == 404
            assert client.request(CANARY.upper(), "/healthz").status_code == 405
            figures = client.get(f"http://127.0.0.1:{metrics}/metrics").text
            assert client.get("/metrics").status_code == 404
        server.process.terminate()
        log = server.log.result()
    assert not list(tmp_path.iterdir())
    for told in (log, figures):
        assert CANARY.lower() not in told.lower()
        assert profile["embedding"][:40] not in told
    requests = [line for line in map(json.loads, log.splitlines()) if line["event"] == "request"]
    assert [line["status"] for line in requests] == [200, 422, 415, 404, 405, 404]
    assert [line.get("problem") for line in requests[1:4]] == ["unknown-field", "unsupported-media-type", "not-found"]
    assert requests[0]["route"] == PATH
    assert requests[0]["characters"] == len(f"The word is {CANARY}.")
