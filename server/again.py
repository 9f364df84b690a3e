"""Asking once more: a request whose replica was lost before it answered goes to another one.

Only before: an answer that has begun is cut off, for nobody could tell where another one would have to go on.
"""

from __future__ import annotations

import logging

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from models.contract import DIALOGUE_MAX_BYTES

ATTEMPTS = 3
AGAIN = "a replica was lost before it answered: another one is asked"
LOGGER = logging.getLogger("ownvoice")


def middlewares() -> list[Middleware]:
    """What Ray Serve's proxy puts around itself."""
    return [Middleware(Again)]


class Again:
    """Middleware around what spreads requests over replicas. It has failed when it answers with a 500 that is no
    problem+json, raises, or, as Ray Serve does when a replica dies, ends without any answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        heard = _Heard(receive)
        while True:
            lost = begun = False

            async def unless_lost(message: Message) -> None:
                nonlocal lost, begun
                if message["type"] == "http.response.start":
                    lost = heard.repeatable and _is_lost(message)
                if not lost:
                    begun = True
                    await send(message)

            try:
                await self.app({**scope}, heard.replay(), unless_lost)
                lost = lost or (not begun and heard.repeatable)
            except Exception:
                lost = not begun and heard.repeatable
                if not lost:
                    raise
            if not lost:
                return
            LOGGER.warning(AGAIN)


def _is_lost(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] == 500 and kind != "application/problem+json"


class _Heard:
    """What a client has sent so far, to be told again; no more of it than a request may have."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self._bytes = 0
        self._gone = False
        self._replays = 0

    @property
    def repeatable(self) -> bool:
        """Whether it may be asked once more."""
        return self.complete and self._replays < ATTEMPTS

    @property
    def complete(self) -> bool:
        """Whether all of it is still here, and so is the client."""
        return self._bytes <= DIALOGUE_MAX_BYTES and not self._gone

    def replay(self) -> Receive:
        """A `receive` that begins at the beginning."""
        self._replays += 1
        told = iter(tuple(self._messages))

        async def receive() -> Message:
            for message in told:
                return message
            message = await self._receive()
            self._bytes += len(message.get("body", b""))
            self._gone = message["type"] == "http.disconnect"
            if self.complete:
                self._messages.append(message)
            return message

        return receive
