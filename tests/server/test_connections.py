"""Who dawdles gives way: a connection that doesn't ask, or doesn't listen, keeps nobody else from being served."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from server import connections
from server.app import create_app
from server.credentials import Credentials
from server.marking import MarkingModel
from server.weights import ENCODER_SHA256
from tests.server.listening import MODELS, PATH, Watched, serving

HEAD = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n"


def connect(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=60)


def ended(connection: socket.socket) -> bool:
    """Whether the server ends it without another byte, sooner or later."""
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_who_never_finishes_asking_is_given_up_and_keeps_nobody_waiting(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_SECONDS", 0.5)
    with ExitStack() as stack:
        silent, *dripping = [stack.enter_context(connect(client)) for _ in range(40)]
        for letter in HEAD[:10]:
            for connection in dripping:
                connection.sendall(bytes([letter]))
            assert client.get("/healthz").status_code == 200
        assert all(ended(connection) for connection in (silent, *dripping))
    assert client.get("/healthz").status_code == 200


def test_more_bytes_of_a_body_that_nobody_wants_do_not_keep_a_connection(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ASK_SECONDS", 0.5)
    with connect(client) as connection:
        connection.sendall(HEAD + b"content-length: 1000\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
        with pytest.raises(OSError):
            while True:
                connection.sendall(b" ")
                if not connection.recv(65536):
                    raise OSError


def test_a_half_closed_connection_takes_no_place(client: httpx.Client) -> None:
    free = client.get("/readyz").json()["free"]
    with connect(client) as connection:
        head = f"POST {PATH} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        connection.sendall(head.encode() + b"content-length: 9\r\n\r\n{")
        connection.shutdown(socket.SHUT_WR)
        assert ended(connection)
    assert client.get("/readyz").json()["free"] == free


def test_of_too_many_the_one_that_has_dawdled_longest_gives_way(
    client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/healthz")
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 4)
    with ExitStack() as stack:
        first, *others = [stack.enter_context(connect(client)) for _ in range(5)]
        assert ended(first)
        others[-1].sendall(HEAD + b"\r\n")
        assert others[-1].recv(65536).startswith(b"HTTP/1.1 200 ")


@pytest.fixture
def large(watched: Watched, credentials: Credentials, tmp_path: Path) -> Iterator[httpx.Client]:
    """A server with a file that no socket buffer holds."""
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(64 << 20)
    app = create_app(watched, MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1, site=tmp_path)
    with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def test_who_stops_listening_is_given_up(large: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "LISTEN_SECONDS", 0.5)
    with connect(large) as connection:
        connection.sendall(b"GET /large.bin HTTP/1.1\r\nhost: localhost\r\n\r\n")
        poll = select.poll()
        poll.register(connection, 0)  # errors alone
        assert poll.poll(60_000) == [(connection.fileno(), select.POLLERR | select.POLLHUP)]
    assert large.get("/healthz").status_code == 200
