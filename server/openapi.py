"""The OpenAPI 3.1 description of the server, derived from the contract and the catalogue of problems."""

from __future__ import annotations

from typing import Any

from models.contract import READING_LANGUAGES
from models.requests import DIALOGUE_REQUEST_SCHEMA, SPEECH_REQUEST_SCHEMA
from models.seal import SEAL_BYTES, SEAL_PATH, SEAL_REQUEST_SCHEMA
from server import files
from server.encoding import MEDIA_TYPES
from server.limits import MEDIA_TYPE
from server.problems import STATUS, URN
from server.seal import MEDIA_TYPE as SEALED_TYPE
from server.speech import EVENTS_TYPE


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _json(name: str) -> dict[str, Any]:
    return {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"#/components/schemas/{name}"},
    }


def _array(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


def _event(kind: str, **properties: dict[str, Any]) -> dict[str, Any]:
    return _object(type={"const": f"speech.audio.{kind}"}, **properties)


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `field` is the dotted path at fault, `limit` what the rule asks; `error` says the same "
    "for clients that expect it there.",
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "detail", "error"],
    "properties": {
        "type": {"type": "string", "enum": [URN + kind for kind in STATUS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "limit": {},
        "error": _object(
            message={"type": "string"},
            type={"type": "string"},
            param={"type": ["string", "null"]},
            code={"type": "string"},
        ),
    },
}
_SECONDS = {"description": "From the beginning of the audio.", "type": "number"}
_TIMES = {"start": _SECONDS, "end": _SECONDS}
_WORD = {
    "text": {"description": "As written.", "type": "string"},
    "start_char": {"description": "Where it begins in `input`, in characters.", "type": "integer"},
    "end_char": {"description": "Where it ends, exclusive.", "type": "integer"},
    **_TIMES,
    "spoken": _array(word={"type": "string"}, **_TIMES, phonemes=_array(phoneme={"type": "string"}, **_TIMES)),
}
EVENT_SCHEMA: dict[str, Any] = {
    "title": "SpeechEvent",
    "description": "The data of one server-sent event. Timings come before their sentence's sound; the deltas of all "
    "events together are the audio.",
    "oneOf": [
        _event("timings", line={"type": "integer"}, text={"type": "string"}, **_TIMES, words=_array(**_WORD)),
        _event("delta", audio={"type": "string", "contentEncoding": "base64"}),
        _event("done", seconds={"type": "number"}),
    ],
}


def description() -> dict[str, Any]:
    """The document that `/openapi.json` answers with."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ownvoice",
            "version": "1",
            "description": "Text and a voice profile in, marked speech out. Nothing is stored.",
        },
        "paths": {
            "/v1/audio/speech": _spoken("speech", "Speak a text in the voice of a profile.", "SpeechRequest"),
            "/v1/audio/dialogue": _spoken("dialogue", "Speak lines in several voices, in turn.", "DialogueRequest"),
            SEAL_PATH: {
                "post": _posted("seal", "Sign a C2PA claim of the studio's; nothing else.", "SealRequest", _SEALED)
            },
            "/healthz": {"get": _status("The server lives.")},
            "/readyz": {"get": _status("The server has a free place.") | {"responses": {"200": _OK, **_problems(503)}}},
        },
        "components": {
            "schemas": {
                "SpeechRequest": SPEECH_REQUEST_SCHEMA,
                "DialogueRequest": DIALOGUE_REQUEST_SCHEMA,
                "SealRequest": SEAL_REQUEST_SCHEMA,
                "SpeechEvent": EVENT_SCHEMA,
                "Problem": PROBLEM_SCHEMA,
            }
        },
    }


_OK = {"description": "Yes.", "content": {"application/json": {"schema": {"type": "object"}}}}


_SEALED = {
    "description": f"A COSE_Sign1 message with its certificates, padded to {SEAL_BYTES} bytes.",
    "content": {SEALED_TYPE: {"schema": {"type": "string", "format": "binary"}}},
}


def _spoken(operation: str, summary: str, schema: str) -> dict[str, Any]:
    return {"post": _posted(operation, summary, schema, _audio())}


def _posted(operation: str, summary: str, schema: str, answer: dict[str, Any]) -> dict[str, Any]:
    language = {
        "name": "Accept-Language",
        "in": "header",
        "description": f"The language of problems, and of a file's tags: {' or '.join(READING_LANGUAGES)}.",
        "schema": {"type": "string"},
    }
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [language],
        "requestBody": {
            "required": True,
            "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
        },
        "responses": {"200": answer, **_problems()},
    }


def _status(summary: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": _OK}}


def _audio() -> dict[str, Any]:
    return {
        "description": "Marked mono speech. wav and pcm stream 16-bit little-endian samples as they are made, sizes in "
        "the WAV header left open; mp3, flac and wav with `stream` false are whole files with Content Credentials, "
        "opus is one without.",
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _media_types()}
        | {EVENTS_TYPE: {"schema": _object(data=_json("SpeechEvent"))}},
    }


def _media_types() -> list[str]:
    whole = (media_type for media_type, _, _ in files.FORMATS.values())
    return list(dict.fromkeys((*MEDIA_TYPES.values(), *whole)))


def _problems(*wanted: int) -> dict[str, Any]:
    kinds: dict[int, list[str]] = {}
    for kind, status in STATUS.items():
        if status in wanted or not wanted:
            kinds.setdefault(status, []).append(kind)
    return {
        str(status): {
            "description": ", ".join(names),
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, names in sorted(kinds.items())
    }
