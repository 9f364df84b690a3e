"""The browser's fetch, as `frontend.client` wants it: to this page's own server only, no cookies, no cache."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from frontend.client import TransportError


class WebAnswer:
    """An answer whose body is read from a stream."""

    def __init__(self, response: Any) -> None:
        self.status = int(response.status)
        self._body = response.body

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece. Raises TransportError when it breaks off."""
        from pyodide.ffi import JsException

        reader = self._body.getReader()
        try:
            while not (piece := await reader.read()).done:
                yield piece.value.to_bytes()
        except JsException as error:
            raise TransportError(str(error)) from None


@asynccontextmanager
async def post(path: str, body: bytes, headers: Mapping[str, str]) -> AsyncIterator[WebAnswer]:
    """POST to the page's origin; leaving the context aborts what is still under way. Raises TransportError."""
    import js
    from pyodide.ffi import JsException, to_js

    controller = js.AbortController.new()
    options = {
        "method": "POST",
        "headers": dict(headers),
        "mode": "same-origin",
        "credentials": "omit",
        "cache": "no-store",
        "redirect": "error",
        "referrerPolicy": "no-referrer",
    }
    request = to_js(options, dict_converter=js.Object.fromEntries)
    request.body, request.signal = to_js(body), controller.signal
    try:
        try:
            response = await js.fetch(path, request)
        except JsException as error:
            raise TransportError(str(error)) from None
        yield WebAnswer(response)
    finally:
        controller.abort()
