"""A request goes to another replica when one is lost before it answered, and only then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from starlette.types import Message, Receive, Scope, Send

from models.contract import DIALOGUE_MAX_BYTES
from server.again import AGAIN, ATTEMPTS, Again

LOST = (500, "text/plain")
OURS = (500, "application/problem+json")
WELL = (200, "audio/wav")
SILENT = (0, "")  # what Ray Serve 2.60 does of a replica that died


class Replicas:
    """Each attempt reads the whole request, then answers as was said; a double for a cluster that loses some."""

    def __init__(self, *answers: tuple[int, str]) -> None:
        self._answers: Iterator[tuple[int, str]] = iter(answers)
        self.bodies: list[bytes] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        self.bodies.append(body)
        status, kind = next(self._answers)
        if not status:
            return
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": str(status).encode()})
        if status == 500 and kind == "text/plain":
            raise ConnectionError  # as a proxy may besides


def ask(replicas: Replicas, *parts: bytes) -> list[Message]:
    """What the client of `Again` gets for a request in these parts."""
    waiting = iter(parts)
    sent: list[Message] = []

    async def receive() -> Message:
        body = next(waiting)
        return {"type": "http.request", "body": body, "more_body": body != parts[-1]}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Again(replicas)({"type": "http"}, receive, send))
    return sent


def statuses(messages: list[Message]) -> list[int]:
    return [message["status"] for message in messages if message["type"] == "http.response.start"]


def test_a_lost_request_is_asked_again_whole(caplog: pytest.LogCaptureFixture) -> None:
    replicas = Replicas(LOST, SILENT, WELL)
    sent = ask(replicas, b"half", b"whole")
    assert statuses(sent) == [200]
    assert sent[1]["body"] == b"200"
    assert replicas.bodies == [b"halfwhole"] * 3
    assert caplog.messages == [AGAIN] * 2


@pytest.mark.parametrize("answer", [OURS, WELL, (503, "text/plain"), (429, "application/problem+json")])
def test_an_answer_is_an_answer(answer: tuple[int, str]) -> None:
    replicas = Replicas(answer, WELL)
    assert statuses(ask(replicas, b"x")) == [answer[0]]
    assert len(replicas.bodies) == 1


def test_it_ends_somewhere() -> None:
    replicas = Replicas(*[LOST] * 9)
    with pytest.raises(ConnectionError):
        ask(replicas, b"x")
    assert len(replicas.bodies) == ATTEMPTS


def test_what_is_larger_than_any_request_is_not_remembered() -> None:
    replicas = Replicas(LOST, WELL)
    with pytest.raises(ConnectionError):
        ask(replicas, b"x" * DIALOGUE_MAX_BYTES, b"y")
    assert len(replicas.bodies) == 1


def test_who_left_is_not_asked_for_again() -> None:
    tried = 0

    async def leaving(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal tried
        tried += 1
        assert (await receive())["type"] == "http.disconnect"

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def unheard(message: Message) -> None:
        raise AssertionError(message)

    asyncio.run(Again(leaving)({"type": "http"}, gone, unheard))
    assert tried == 1
