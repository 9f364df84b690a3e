"""The OpenAPI 3.1 description of the server, derived from the contract and the catalogue of problems."""

from __future__ import annotations

from typing import Any

from models.contract import READING_LANGUAGES, SPEECH_REQUEST_SCHEMA
from server import files
from server.encoding import MEDIA_TYPES
from server.limits import MEDIA_TYPE
from server.problems import STATUS, URN

PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `field` is the dotted path at fault, `limit` what the rule asks.",
    "type": "object",
    "additionalProperties": False,
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [URN + kind for kind in STATUS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "field": {"type": "string"},
        "limit": {},
    },
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
            "/v1/audio/speech": {
                "post": {
                    "operationId": "speech",
                    "summary": "Speak a text in the voice of a profile.",
                    "parameters": [
                        {
                            "name": "Accept-Language",
                            "in": "header",
                            "description": f"The language of problems: {' or '.join(READING_LANGUAGES)}.",
                            "schema": {"type": "string"},
                        }
                    ],
                    "requestBody": {
                        "required": True,
                        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/SpeechRequest"}}},
                    },
                    "responses": {"200": _audio(), **_problems()},
                }
            },
            "/healthz": {"get": _status("The server lives.")},
            "/readyz": {"get": _status("The server has a free place.") | {"responses": {"200": _OK, **_problems(503)}}},
        },
        "components": {"schemas": {"SpeechRequest": SPEECH_REQUEST_SCHEMA, "Problem": PROBLEM_SCHEMA}},
    }


_OK = {"description": "Yes.", "content": {"application/json": {"schema": {"type": "object"}}}}


def _status(summary: str) -> dict[str, Any]:
    return {"summary": summary, "responses": {"200": _OK}}


def _audio() -> dict[str, Any]:
    return {
        "description": "Marked mono speech. wav and pcm stream 16-bit little-endian samples as they are made, sizes in "
        "the WAV header left open; mp3, flac and wav with `stream` false are whole files with Content Credentials.",
        "content": {media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in _media_types()},
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
