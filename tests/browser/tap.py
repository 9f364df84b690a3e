"""A wire tap between the browser and the server: every byte that leaves the browser, whatever sent it."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Tap:
    """`sent` holds each connection's bytes from the browser, in the order in which they were opened."""

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
    with socket.create_server(("127.0.0.1", 0)) as listener:
        tap.address = f"http://127.0.0.1:{listener.getsockname()[1]}"

        def accept() -> None:
            with suppress(OSError):
                while True:
                    browser, _ = listener.accept()
                    server = socket.create_connection((target.hostname, target.port))
                    tap.sent.append(bytearray())
                    threading.Thread(target=_relay, args=(browser, server, tap.sent[-1]), daemon=True).start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield tap
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join()


def _relay(browser: socket.socket, server: socket.socket, heard: bytearray) -> None:
    """Pass bytes both ways until one side hangs up."""
    with suppress(OSError), browser, server, selectors.DefaultSelector() as waiting:
        waiting.register(browser, selectors.EVENT_READ)
        waiting.register(server, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if not (content := key.fileobj.recv(1 << 16)):  # type: ignore[union-attr]
                    return
                if key.fileobj is browser:
                    heard += content
                (server if key.fileobj is browser else browser).sendall(content)
