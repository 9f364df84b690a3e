"""A wire tap between the browser and the server: every byte that leaves the browser, whatever sent it."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.browser.listener import listening


class Tap:
    """`sent` holds the bytes from the browser, apart for each connection."""

    def __init__(self) -> None:
        self.address = ""
        self.sent: list[bytearray] = []

    @property
    def size(self) -> int:
        """All bytes so far."""
        return sum(map(len, self.sent))


@contextmanager
def tapped(address: str) -> Iterator[Tap]:
    """A tap before the server at `address`, on a port of its own."""
    target = urlsplit(address)
    assert target.hostname and target.port
    tap = Tap()

    def handle(browser: socket.socket) -> None:
        with suppress(OSError), browser, socket.create_connection((target.hostname, target.port)) as server:
            heard = bytearray()
            tap.sent.append(heard)
            _relay(browser, server, heard)

    with listening(handle) as tap.address:
        yield tap


def _relay(browser: socket.socket, server: socket.socket, heard: bytearray) -> None:
    """Pass bytes both ways until one side hangs up."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(browser, selectors.EVENT_READ)
        waiting.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if not (content := key.fileobj.recv(1 << 16)):  # type: ignore[union-attr]
                    return
                if key.fileobj is browser:
                    heard += content
                (server if key.fileobj is browser else browser).sendall(content)
