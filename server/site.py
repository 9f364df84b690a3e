"""The built site, served as any web server would: precompressed where it can be, cached for good where that is safe."""

from __future__ import annotations

import mimetypes
import os
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

CONTENT_HASH = re.compile(r"(^|/)[0-9a-f]{16}/")  # the folders that steps/site.py names by their content
IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
ENCODINGS: Mapping[str, str] = {"br": ".br", "gzip": ".gz"}  # best first
MEDIA_TYPES = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


class Site(StaticFiles):
    """Files of `folder`; a compressed neighbour (`name.br`, `name.gz`) is sent to a client that accepts it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        path = os.fspath(full_path)
        accepted = _accepted(Headers(scope=scope).get("accept-encoding", ""))
        encoding = next((e for e, suffix in ENCODINGS.items() if e in accepted and os.path.isfile(path + suffix)), None)
        if encoding:
            full_path = path + ENCODINGS[encoding]
            stat_result = os.stat(full_path)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = IMMUTABLE if CONTENT_HASH.search(scope["path"]) else REVALIDATE
        response.headers["vary"] = "accept-encoding"
        if response.status_code != 304:
            suffix = os.path.splitext(path)[1]
            response.headers["content-type"] = (
                MEDIA_TYPES.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
            )
            if encoding:
                response.headers["content-encoding"] = encoding
        return response


def _accepted(header: str) -> set[str]:
    """The encodings that an Accept-Encoding header allows (RFC 9110, 12.5.3)."""
    choices = (choice.replace(" ", "").lower().partition(";q=") for choice in header.split(","))
    return {name for name, _, quality in choices if quality.strip("0.") or not quality}
