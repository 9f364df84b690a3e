"""Nobody waits for a client that dawdles, and who finds all places taken is told at once when to come back."""

from __future__ import annotations

import socket

import httpx
import pytest

from server import limits
from server.limits import RETRY_SECONDS, Places
from server.problems import Problem
from tests.server.listening import PATH


def test_a_place_is_taken_for_as_long_as_it_is_needed() -> None:
    places = Places(2)
    with places.one():
        with places.one(), pytest.raises(Problem) as caught, places.one():
            pass
        assert places.free == 1
    assert places.free == 2
    assert (caught.value.kind, caught.value.headers["retry-after"]) == ("busy", str(RETRY_SECONDS))


def test_a_place_is_given_back_when_its_request_fails() -> None:
    places = Places(1)
    with pytest.raises(ZeroDivisionError), places.one():
        raise ZeroDivisionError
    assert places.free == 1


def test_a_body_that_dawdles_is_given_up(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.2)
    address = (client.base_url.host, client.base_url.port or 0)
    with socket.create_connection(address, timeout=60) as connection:
        head = (
            f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{{"
        )
        connection.sendall(head.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")
