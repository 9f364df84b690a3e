"""What a request may take: bytes, seconds, and a place among those being served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
from starlette.requests import Request

from models.contract import ContractError, decode_json
from server.problems import Problem

Read = TypeVar("Read")
MEDIA_TYPE = "application/json"
BODY_SECONDS = 10  # for a body of at most 256 kB
REQUEST_SECONDS = 900  # for a whole answer: the longest text at half the speed lasts some 13 minutes
LATE_SECONDS = 2  # what one who listens may have to wait for the next sound before nobody new is let in
RETRY_SECONDS = 2  # about a sentence's worth of work
RESTART_SECONDS = 10  # until another process may have taken over


async def read_posted(request: Request, max_bytes: int, parse: Callable[[object], Read]) -> Read:
    """What `parse` makes of the JSON that is posted. Raises Problem for another method, and for what it refuses."""
    if request.method != "POST":
        raise Problem("method-not-allowed", headers={"allow": "POST"})
    try:
        return parse(decode_json(await read_json(request, max_bytes)))
    except ContractError as error:
        raise Problem.of(error) from None


async def read_json(request: Request, max_bytes: int) -> bytes:
    """The body of a JSON request, held in memory only and never more than `max_bytes` of it.

    Raises Problem for another media type, for too many bytes as soon as they show, and for a body that dawdles.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if kind.strip() != MEDIA_TYPE or charset not in {"", "charset=utf-8"} or "content-encoding" in request.headers:
        raise Problem("unsupported-media-type", limit=MEDIA_TYPE)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > max_bytes:
        raise Problem("too-large", limit=max_bytes)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise Problem("too-large", limit=max_bytes)
    except TimeoutError:
        raise Problem("too-slow", limit=BODY_SECONDS) from None
    return bytes(body)


class Places:
    """Who is served, and who is told at once to come later: when all places are taken, or when those who have one wait
    already. Letting in more would only make everyone wait longer.

    `late` tells for how many seconds the next sound has been due to somebody. Once `closed`, nobody new is served:
    those who are there are served to their end, and then the server may stop.
    """

    def __init__(self, count: int, late: Callable[[], float] = lambda: 0.0) -> None:
        self._count = count
        self._late = late
        self.free = count
        self.closed = False

    @property
    def idle(self) -> bool:
        """Whether nobody is being served."""
        return self.free == self._count

    def check(self) -> None:
        """Raises Problem("busy" | "stopping") when nobody new would be served."""
        if self.closed:
            raise _later("stopping", RESTART_SECONDS)
        if not self.free or self._late() > LATE_SECONDS:
            raise _later("busy", RETRY_SECONDS)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """A place for the block, which may last REQUEST_SECONDS. Raises Problem as `check` does."""
        self.check()
        self.free -= 1
        try:
            with anyio.fail_after(REQUEST_SECONDS):
                yield
        except TimeoutError:
            raise _later("busy", RETRY_SECONDS) from None
        finally:
            self.free += 1


def _later(kind: str, seconds: int) -> Problem:
    return Problem(kind, limit=seconds, headers={"retry-after": str(seconds)})
