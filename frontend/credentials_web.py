"""Content Credentials in the browser, by the official library in WebAssembly, fetched when a file asks for it."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any

from frontend.client import Client
from frontend.credentials import MEDIA_TYPES, READER, VALID_STATES, Statement, statement
from frontend.manifest_store import HEADER, find_box, first_content
from frontend.one_shot import WorkerError, run
from models.seal import ACTIONS, SEAL_BYTES, STUDIO, definition

SCRIPT = "app/checking/c2pa.js"
LIBRARY, WASM = "runtime/c2pa/c2pa.js", "runtime/c2pa/c2pa_bg.wasm"


BUILDER = {"builder": {"thumbnail": {"enabled": False}}, "verify": {"verify_after_sign": False}}  # not yet signed


class UnsignedError(RuntimeError):
    """The credentials could not be put into the file, or do not hold in it."""


class LibraryUnavailable(RuntimeError):
    """The C2PA library could not be fetched."""


async def read_credentials(content: bytes, name: str) -> Statement:
    """What the official reader says of a file with that name. Raises LibraryUnavailable."""
    media_type = MEDIA_TYPES.get(f".{name.rpartition('.')[2].lower()}")
    if media_type is None:
        return Statement("none")
    import js
    from pyodide.ffi import to_js

    report = await _run("read", blob=js.Blob.new(to_js([to_js(content)])), mime=media_type, settings=json.dumps(READER))
    return statement(json.loads(report) if isinstance(report, str) else None, content)


async def signed_bytes(content: bytes, media_type: str, client: Client, language: str) -> Any:
    """As `sign`, of bytes of nothing but generated speech."""
    import js
    from pyodide.ffi import to_js

    return await sign(js.Blob.new(to_js([to_js(content)])), media_type, client, language, composed=False)


async def sign(blob: Any, media_type: str, client: Client, language: str, composed: bool) -> Any:
    """A Blob of the file with Content Credentials inside; the server signs them and sees nothing else of the file.

    `media_type` is one of MEDIA_TYPES; `composed`: the speech lies under pictures or with other sound.
    Raises LibraryUnavailable, SpeechError from the server, and UnsignedError when the file does not hold afterwards.
    """
    import js
    from pyodide.ffi import to_js

    seal = os.urandom(SEAL_BYTES)  # to be found again
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    prepared = await _run(
        "prepare",
        blob=blob,
        mime=media_type,
        settings=json.dumps(BUILDER),
        definition=json.dumps(definition(STUDIO, media_type, when, composed)),
        seal=to_js(seal),
    )
    store = prepared.store.to_bytes()
    try:
        claim = first_content(find_box(store, b"c2pa.claim.v2"))
        actions = find_box(store, b"c2pa.assertions", ACTIONS.encode())[HEADER:]
    except LookupError:
        raise UnsignedError from None
    signature = await client.seal(claim, actions, language)
    asset, at = prepared.asset, int(prepared.at)
    parts = [asset.slice(0, at), to_js(signature), asset.slice(at + len(seal))]
    options = js.Object.new()
    options.type = media_type
    signed = js.Blob.new(to_js(parts), options)
    report = await _run("read", blob=signed, mime=media_type, settings=json.dumps(READER))
    if len(signature) != len(seal) or not isinstance(report, str):
        raise UnsignedError
    if json.loads(report).get("validation_state") not in VALID_STATES:
        raise UnsignedError
    return signed


async def _run(operation: str, **details: Any) -> Any:
    from frontend.bridge import url

    try:
        return await run(SCRIPT, operation, library=url(LIBRARY), wasm=url(WASM), **details)
    except WorkerError as error:
        raise LibraryUnavailable(str(error)) from None
