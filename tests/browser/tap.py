"""A wire tap between the browser and the server: every byte that leaves the browser, whatever sent it."""

from __future__ import annotations

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
                    heard = bytearray()
                    tap.sent.append(heard)
                    threading.Thread(target=_pass, args=(browser, server, heard), daemon=True).start()
                    threading.Thread(target=_pass, args=(server, browser, None), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield tap


def _pass(source: socket.socket, target: socket.socket, heard: bytearray | None) -> None:
    with suppress(OSError):
        while content := source.recv(1 << 16):
            if heard is not None:
                heard += content
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
