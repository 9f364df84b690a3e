"""A recording proxy: whatever the browser sends, to whichever address, comes by here and is written down.

Chromium is told to use it for every address, its own machine's included. Only the app's server is let through.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.browser.listener import listening

# Where Chromium runs errands of its own, for accounts, components and forms, which no one flag stops. It is told to go
# there past the proxy, and no name is resolved: no byte of them leaves, and what comes to the proxy was sent by a page.
ERRANDS = ("*.google.com", "*.googleapis.com")


@dataclass(frozen=True)
class Request:
    """One request as it left the browser."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    size: int  # bytes, all of them

    @property
    def path(self) -> str:
        """The address without its origin."""
        parts = urlsplit(self.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")


class Proxy:
    """`requests` in the order in which they were sent; `strays` are those to any other address than the app's."""

    def __init__(self, app: str) -> None:
        self.app = urlsplit(app)
        self.address = ""
        self.requests: list[Request] = []
        self.strays: list[str] = []

    def settings(self) -> dict[str, str]:
        """As Playwright wants to be told of a proxy."""
        return {"server": self.address, "bypass": ",".join(("<-loopback>", *ERRANDS))}

    def serve(self, browser: socket.socket) -> None:
        """One request, then the connection is closed: each begins with its own head."""
        with suppress(OSError), browser, browser.makefile("rb") as sent:
            line = sent.readline()
            method, _, rest = line.decode("latin-1").partition(" ")
            url = rest.rpartition(" ")[0]
            lines = list(iter(sent.readline, b"\r\n"))
            if not url or b"" in lines:
                return
            headers = {name.lower(): value.strip() for name, _, value in (it.decode().partition(":") for it in lines)}
            body = sent.read(int(headers.get("content-length", 0)))
            if "transfer-encoding" in headers or not url.startswith(f"http://{self.app.netloc}/"):
                self.strays.append(f"{method} {url}")
                return
            request = Request(method, url, headers, body, sum(map(len, (line, *lines, b"\r\n", body))))
            self.requests.append(request)
            kept = [it for it in lines if not it.lower().startswith((b"connection:", b"proxy-"))]
            head = [f"{method} {request.path} HTTP/1.1\r\n".encode(), *kept, b"Connection: close\r\n\r\n"]
            with socket.create_connection((str(self.app.hostname), self.app.port or 80)) as server:
                server.sendall(b"".join(head) + body)
                while content := server.recv(1 << 16):
                    browser.sendall(content)


@contextmanager
def proxied(app: str) -> Iterator[Proxy]:
    """A proxy that lets requests to the server at `app` through, and nothing else."""
    proxy = Proxy(app)
    with listening(proxy.serve) as proxy.address:
        yield proxy
