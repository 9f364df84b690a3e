"""Nobody waits for a client that dawdles, and who finds all places taken is told at once when to come back."""

from __future__ import annotations

import asyncio
import socket

import httpx
import pytest

from server import limits
from server.limits import LATE_SECONDS, RETRY_SECONDS, Places
from server.problems import Problem
from tests.server.listening import PATH


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


def test_a_body_that_dawdles_is_given_up(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)
    address = (client.base_url.host, client.base_url.port or 0)
    with socket.create_connection(address, timeout=60) as connection:
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{{"
        )
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
