"""Nobody waits for a client that dawdles, and who finds all places taken is told at once when to come back."""

from __future__ import annotations

import asyncio
import socket
import time

import httpx
import pytest

import server.app
from server import limits
from server.app import create_app
from server.credentials import Credentials
from server.limits import LATE_SECONDS, RETRY_SECONDS, Places
from server.marking import MarkingModel
from server.problems import Problem
from server.weights import ENCODER_SHA256
from tests.server.listening import MODELS, PATH, Profile, Watched, refused, serving, spoken


def test_a_place_is_taken_for_as_long_as_it_is_needed() -> None:
    async def main() -> None:
        places = Places(2)
        async with places.one():
            async with places.one():
                with pytest.raises(Problem) as caught:
                    await places.one().__aenter__()
            assert places.free == 1
            places.closed = True
            with pytest.raises(Problem, match="stopping"):
                places.check()
            assert places.free == 1
        assert places.idle
        assert (caught.value.kind, caught.value.headers["retry-after"]) == ("busy", str(RETRY_SECONDS))

    asyncio.run(main())


def test_nobody_new_is_let_in_while_those_who_are_there_wait() -> None:
    waited = 0.0
    places = Places(2, late=lambda: waited)
    places.check()
    waited = LATE_SECONDS + 0.1
    with pytest.raises(Problem, match="busy"):
        places.check()


def test_a_place_is_given_back_when_its_request_fails_or_lasts_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> None:
        places = Places(1)
        with pytest.raises(ZeroDivisionError):
            async with places.one():
                raise ZeroDivisionError
        monkeypatch.setattr(limits, "REQUEST_SECONDS", 0.01)
        with pytest.raises(Problem, match="busy"):
            async with places.one():
                await asyncio.Event().wait()
        assert places.idle

    asyncio.run(main())


def test_who_comes_when_all_places_are_taken_is_told_so_and_its_health_answers_all_the_while(
    watched: Watched, credentials: Credentials, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.app, "PLACES_PER_WORKER", 2)
    app = create_app(watched, MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1)
    request = {"input": "The north wind and the sun were disputing. " * 20, "voice": profile}
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        with client.stream("POST", PATH, json=request) as one, client.stream("POST", PATH, json=request) as other:
            streams = [one.iter_bytes(), other.iter_bytes()]
            for _ in range(3):
                assert all(map(next, streams))
                answer = client.post(PATH, json=request)
                refused(answer, "busy")
                assert int(answer.headers["retry-after"]) == RETRY_SECONDS
                refused(client.get("/readyz"), "busy")
                assert client.get("/healthz").status_code == 200
        while client.get("/readyz").status_code == 503:
            assert client.get("/healthz").status_code == 200
        assert spoken(client, input="Hello.", voice=profile).any()


def test_a_clock_that_jumps_disturbs_nobody(
    client: httpx.Client, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A double for the clock of the machine, which a test may not set."""
    request = {"input": "The north wind and the sun. Which was the stronger?", "voice": profile}
    undisturbed = client.post(PATH, json=request).content
    usual, jump = time.time, 0.0
    monkeypatch.setattr(time, "time", lambda: usual() + jump)
    with client.stream("POST", PATH, json=request) as answer:
        stream = answer.iter_bytes()
        heard = next(stream)
        jump = 4e8
        heard += next(stream)
        jump = -4e8
        heard += b"".join(stream)
    assert heard == undisturbed
    assert client.get("/readyz").status_code == 200


def test_a_body_that_dawdles_is_given_up(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)
    address = (client.base_url.host, client.base_url.port or 0)
    with socket.create_connection(address, timeout=60) as connection:
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{{"
        )
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
