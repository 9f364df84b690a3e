"""What one client may take in a while: requests, characters, and answers at once.

Token buckets (J. Turner, 1986): each refills steadily and holds a minute's worth, so a burst is served and a flood
is not. A client is an address, or for IPv6 the network of 64 bits that one subscriber has. Addresses are held in
memory only, as few as MOST_CLIENTS, and are never logged.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from server.limits import RETRY_SECONDS
from server.problems import Problem

MOST_CLIENTS = 10_000  # some 5 MB; then who has asked for nothing longest is forgotten


@dataclass(frozen=True, slots=True)
class Allowance:
    """What each client may have. By default what one person, line after line, never reaches on two cores."""

    requests_per_minute: int = 600
    characters_per_minute: int = 30_000
    at_once: int = 8


class Bucket:
    """Holds at most `most`, and gains as much every minute."""

    def __init__(self, most: int, clock: Callable[[], float]) -> None:
        self._most = most
        self._clock = clock
        self._level = float(most)
        self._at = clock()

    def take(self, amount: float) -> float:
        """0 when it was there and is now taken; otherwise the seconds until it will be. More than all is all."""
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._at) * self._most / 60)
        self._at = now
        missing = min(amount, self._most) - self._level
        if missing > 0:
            return missing * 60 / self._most
        self._level -= min(amount, self._most)
        return 0.0


class Client:
    """What one client has left."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        self._requests = Bucket(allowance.requests_per_minute, clock)
        self._characters = Bucket(allowance.characters_per_minute, clock)
        self._places = allowance.at_once

    @contextmanager
    def request(self) -> Iterator[None]:
        """One request, for as long as the block lasts. Raises Problem("rate-limited")."""
        if not self._places:
            raise _limited(RETRY_SECONDS)
        self._take(self._requests, 1)
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1

    def speak(self, characters: int) -> None:
        """So much text is to be spoken. Raises Problem("rate-limited")."""
        self._take(self._characters, characters)

    def _take(self, bucket: Bucket, amount: int) -> None:
        if seconds := bucket.take(amount):
            raise _limited(math.ceil(seconds))


class Clients:
    """All who asked lately, each with the same allowance."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float] = time.monotonic) -> None:
        self._allowance = allowance
        self._clock = clock
        self._known: OrderedDict[str, Client] = OrderedDict()

    def at(self, address: str) -> Client:
        """The client at an address, new or known."""
        name = _network(address)
        client = self._known.pop(name, None) or Client(self._allowance, self._clock)
        self._known[name] = client
        if len(self._known) > MOST_CLIENTS:
            self._known.popitem(last=False)
        return client

    @property
    def known(self) -> int:
        """How many are remembered."""
        return len(self._known)


class Limited:
    """An endpoint, an ASGI application, that holds each client to its allowance."""

    def __init__(self, app: ASGIApp, clients: Clients) -> None:
        self.app = app
        self._clients = clients

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = self._clients.at((scope.get("client") or ("", 0))[0])
        scope["state"]["client"] = client
        with client.request():
            await self.app(scope, receive, send)


def account(request: Request, characters: int) -> None:
    """Note how much text a request asks to be spoken. Raises Problem("rate-limited") when that is too much."""
    request.state.log["characters"] = characters
    if client := getattr(request.state, "client", None):
        client.speak(characters)


def _limited(seconds: int) -> Problem:
    return Problem("rate-limited", limit=seconds, headers={"retry-after": str(seconds)})


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:  # a socket without addresses, or a name that a test gave
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and not parsed.ipv4_mapped:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
