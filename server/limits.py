"""What a request may take: bytes, seconds, and a place among those being served."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request

from models.contract import REQUEST_MAX_BYTES
from server.problems import Problem

MEDIA_TYPE = "application/json"
BODY_SECONDS = 10  # for a body of at most 25 kB
RETRY_SECONDS = 2  # about a sentence's worth of work


async def read_json(request: Request) -> bytes:
    """The body of a JSON request, held in memory only and never more than REQUEST_MAX_BYTES of it.

    Raises Problem for another media type, for too many bytes as soon as they show, and for a body that dawdles.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    if kind.strip() != MEDIA_TYPE or charset not in {"", "charset=utf-8"} or "content-encoding" in request.headers:
        raise Problem("unsupported-media-type", limit=MEDIA_TYPE)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > REQUEST_MAX_BYTES:
        raise Problem("too-large", limit=REQUEST_MAX_BYTES)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > REQUEST_MAX_BYTES:
                    raise Problem("too-large", limit=REQUEST_MAX_BYTES)
    except TimeoutError:
        raise Problem("too-slow", limit=BODY_SECONDS) from None
    return bytes(body)


class Places:
    """How many are served at once; who comes when all are taken is told so at once, and when to try again."""

    def __init__(self, count: int) -> None:
        self.free = count

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for as long as the block lasts. Raises Problem("busy")."""
        if not self.free:
            raise Problem("busy", limit=RETRY_SECONDS, headers={"retry-after": str(RETRY_SECONDS)})
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1
