"""A server to listen to: the real application, reached over a real socket, and what a test asks of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import numpy.typing as npt
import onnxruntime
import soundfile
from starlette.applications import Starlette

from models.contract import ENCODER_ID, PROFILE_VERSION, encode_embedding
from models.requests import SpeechRequest
from server import weights
from server.answers import Heard
from server.app import create_app
from server.certificates import make_development
from server.credentials import Credentials
from server.marking import MarkingModel
from server.problems import STATUS, URN
from server.serving import Server
from server.synthesis import Narrator
from server.timings import Sentence

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / ".cache" / "models"
PATH = "/v1/audio/speech"
Profile = dict[str, Any]


class Watched(Narrator):
    """A narrator that counts what it was asked for."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.pieces = 0
        self.threads: set[int] = set()

    def narrate(self, wanted: SpeechRequest) -> Iterator[Heard]:
        for piece in super().narrate(wanted):
            self.pieces += not isinstance(piece, Sentence)
            self.threads.add(threading.get_ident())
            yield piece


def credentials_in(folder: Path) -> Credentials:
    """Credentials with a development certificate, made in that folder."""
    make_development(folder / "credentials")
    return Credentials(folder / "credentials")


def application(narrator: Narrator, credentials: Credentials, site: Path) -> Starlette:
    """The real application, without limits for each client."""
    return create_app(narrator, MarkingModel(MODELS), credentials, weights.ENCODER_SHA256, threads=2, site=site)


@contextmanager
def serving(app: Starlette, proxies: Sequence[str] = ()) -> Iterator[str]:
    """The address of the application, served from a thread."""
    server = Server(app, "127.0.0.1", 0, proxies)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def profile_of(recording: Path, prosody: tuple[float, float, float]) -> Profile:
    """The profile of a recorded person, as the browser would send it."""
    samples, _ = soundfile.read(recording, dtype="float32")
    session = onnxruntime.InferenceSession(MODELS / "speaker_encoder.onnx", providers=["CPUExecutionProvider"])
    (output,) = session.run(None, {session.get_inputs()[0].name: samples[np.newaxis]})
    names = ("f0_median_hz", "f0_range_semitones", "syllables_per_second")
    return {
        "version": PROFILE_VERSION,
        "encoder": {"id": ENCODER_ID, "sha256": weights.ENCODER_SHA256},
        "embedding": encode_embedding((output / np.linalg.norm(output)).ravel()),
        "prosody": dict(zip(names, prosody, strict=True)),
        "consent": {
            "statement_version": 1,
            "language": "en",
            "recorded_at": "2026-11-22T12:00:00Z",
            "script_sha256": "b" * 64,
        },
    }


def spoken(client: httpx.Client, **request: Any) -> npt.NDArray[np.int16]:
    """The samples of a request, asked for as bare PCM."""
    answer = client.post("/v1/audio/speech", json={**request, "response_format": "pcm"})
    assert answer.status_code == 200, answer.text
    return np.frombuffer(answer.content, "<i2")


def refused(answer: httpx.Response, kind: str, field: str | None = None) -> dict[str, Any]:
    """The problem that an answer is, after checking that it is that one."""
    problem: dict[str, Any] = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert (problem["type"], problem["status"], problem.get("field")) == (URN + kind, STATUS[kind], field)
    assert answer.status_code == STATUS[kind]
    return problem
