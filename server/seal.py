"""`POST /v1/seal`: a claim of the studio's in, the signature for it out. The file that it is about never comes here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from models.seal import SEAL_BYTES, SEAL_MAX_BYTES
from server import claims
from server.credentials import Credentials
from server.limits import read_posted

MEDIA_TYPE = "application/cose"


class Seal:
    """The endpoint, an ASGI application."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        claim = await read_posted(request, SEAL_MAX_BYTES, claims.parse)
        sealed = self._credentials.seal(claim, SEAL_BYTES)
        answer = Response(sealed, media_type=MEDIA_TYPE, headers={"cache-control": "no-store"})
        await answer(scope, receive, send)
