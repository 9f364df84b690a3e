"""When the server fails, the client is told, half an answer is never taken for a whole, and the log keeps quiet."""

from __future__ import annotations

import copy
import json
import socket
from collections.abc import Iterator
from itertools import islice

import httpx
import pytest

from models.contract import decode_embedding
from models.requests import SpeechRequest
from server import weights
from server.answers import Heard
from server.app import create_app
from server.credentials import Credentials
from server.logs import Formatter
from server.marking import MarkingModel
from tests.server.listening import MODELS, PATH, Profile, Watched, refused, serving

TEXT = "Zanzibar is far away."


class Failing(Watched):
    """A narrator whose models break after so many pieces."""

    good = 0

    def narrate(self, wanted: SpeechRequest) -> Iterator[Heard]:
        yield from islice(super().narrate(wanted), 3 * self.good)  # a silence, a sentence, its first sound
        raise KeyError(wanted.lines[0].input, wanted.lines[0].voice.embedding.tolist())


@pytest.fixture
def failing(watched: Watched) -> Failing:
    narrator = copy.copy(watched)
    narrator.__class__ = Failing
    assert isinstance(narrator, Failing)
    return narrator


@pytest.fixture
def failing_client(failing: Failing, credentials: Credentials) -> Iterator[httpx.Client]:
    app = create_app(failing, MarkingModel(MODELS), credentials, weights.ENCODER_SHA256, threads=1)
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


def test_a_failure_is_a_problem_and_its_text_is_not_logged(
    failing_client: httpx.Client, profile: Profile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    answer = failing_client.post(PATH, json={"input": TEXT, "voice": profile})
    assert "Zanzibar" not in str(refused(answer, "internal"))
    lines = [Formatter().format(record) for record in caplog.records]
    assert [line for line in lines if '"kind": "KeyError"' in line]
    number = repr(decode_embedding(profile["embedding"]).tolist()[0])
    assert "Zanzibar" not in "".join(lines) and number not in "".join(lines)
    assert failing_client.get("/readyz").json()["free"] == 16


def test_a_failure_in_the_middle_cuts_the_answer_off(
    failing: Failing, failing_client: httpx.Client, profile: Profile
) -> None:
    failing.good = 1
    with (
        pytest.raises(httpx.RemoteProtocolError),
        failing_client.stream("POST", PATH, json={"input": TEXT, "voice": profile}) as answer,
    ):
        assert answer.status_code == 200
        answer.read()


def test_before_http_1_1_only_a_reset_shows_it(
    failing: Failing, failing_client: httpx.Client, profile: Profile
) -> None:
    failing.good = 1
    body = json.dumps({"input": TEXT, "voice": profile}).encode()
    head = f"POST {PATH} HTTP/1.0\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    address = (failing_client.base_url.host, failing_client.base_url.port or 0)
    with socket.create_connection(address, timeout=60) as connection, pytest.raises(ConnectionResetError):
        connection.sendall(head.encode() + b"\r\n\r\n" + body)
        while connection.recv(65536):
            pass
