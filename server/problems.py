"""Errors as the client sees them: application/problem+json (RFC 9457) in the request's language.

`type` is a stable URN, `field` the dotted path at fault, `limit` what the rule asks; `error` says the same as clients
of the de-facto standard expect it. No problem repeats what was sent, but for names: of a field, a voice, or a word
whose pronunciation can't be read, with the sign that can't.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response

from models.contract import READING_LANGUAGES, ContractError

URN = "urn:ownvoice:problem:"
STATUS = {
    "not-json": 400,
    "not-utf8": 400,
    "duplicate-field": 400,
    "too-deep": 400,
    "not-found": 404,
    "method-not-allowed": 405,
    "too-slow": 408,
    "too-large": 413,
    "unsupported-media-type": 415,
    "wrong-host": 421,
    "unknown-field": 422,
    "missing-field": 422,
    "wrong-type": 422,
    "wrong-length": 422,
    "wrong-format": 422,
    "out-of-range": 422,
    "unsupported-value": 422,
    "not-finite": 422,
    "not-unit-norm": 422,
    "unsupported-language": 422,
    "unsupported-script": 422,
    "nothing-to-say": 422,
    "wrong-pronunciation": 422,
    "unusable-voice": 422,
    "unknown-voice": 422,
    "no-instructions": 422,
    "not-sealed": 422,
    "rate-limited": 429,
    "internal": 500,
    "busy": 503,
    "stopping": 503,
}
CATALOGUES: dict[str, dict[str, str]] = {
    language: json.loads((Path(__file__).parent / f"locales/{language}.json").read_text("utf-8"))
    for language in READING_LANGUAGES
}


class Problem(Exception):
    """A request that is refused; `kind` is a key of STATUS."""

    def __init__(
        self, kind: str, field: str = "", limit: object = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.field = field
        self.limit = limit
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, error: ContractError) -> Problem:
        """The problem that a broken contract is."""
        return cls(error.kind, error.field, error.limit)

    def response(self, request_headers: Headers) -> Response:
        """The answer, in the language that the request accepts best."""
        language = reading_language(request_headers.get("accept-language", ""))
        texts = CATALOGUES[language]
        detail = texts[f"{self.kind}.detail"].format(
            field=self.field or texts["body"], limit=_readable(self.limit, texts)
        )
        body: dict[str, object] = {
            "type": URN + self.kind,
            "title": texts[f"{self.kind}.title"],
            "status": STATUS[self.kind],
            "detail": detail,
            "error": {"message": detail, "type": self.kind, "param": self.field or None, "code": self.kind},
        }
        if self.field:
            body["field"] = self.field
        if self.limit is not None:
            body["limit"] = self.limit
        return Response(
            json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
            STATUS[self.kind],
            {"content-language": language, "cache-control": "no-store", "vary": "accept-language", **self.headers},
            "application/problem+json",
        )


def reading_language(accept: str) -> str:
    """The best of READING_LANGUAGES for an Accept-Language header (RFC 9110, 12.5.4); the first when none fits."""
    best, best_quality = READING_LANGUAGES[0], 0.0
    for choice in accept.split(","):
        tag, _, parameter = choice.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if language in READING_LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


def _readable(limit: object, texts: Mapping[str, str]) -> str:
    if isinstance(limit, (tuple, list)) and limit:
        *head, last = (str(value) for value in limit)
        bounds = len(limit) == 2 and all(isinstance(value, (int, float)) for value in limit)
        if bounds and limit[0] == limit[1]:
            return last
        return texts["range" if bounds else "choice"].format(head=", ".join(head), last=last) if head else last
    return str(limit)
