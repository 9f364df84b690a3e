"""What left this device: every request that the app sends with anything in it, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from frontend.words import Words, catalogue


@dataclass(frozen=True, slots=True)
class Departure:
    """One request: when (UTC), to which path, the bytes of its body, and those of each field's JSON value in it."""

    at: datetime
    path: str
    size: int
    fields: tuple[tuple[str, int], ...]


class Ledger:
    """All departures since the page was opened; `changed` is called after each."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self.departures: list[Departure] = []
        self.changed = changed

    def enter(self, path: str, body: dict[str, Any]) -> bytes:
        """Note a request and return the very bytes to send."""
        content = encode(body)
        fields = tuple((name, len(encode(value))) for name, value in leaves(body))
        self.departures.append(Departure(datetime.now(UTC), path, len(content), fields))
        self.changed()
        return content

    @property
    def size(self) -> int:
        """Bytes of all bodies together."""
        return sum(departure.size for departure in self.departures)


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def leaves(value: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Every field that is not an object, by its path: ("voice.prosody.f0_median_hz", 190.0)."""
    found: list[tuple[str, Any]] = []
    for name, item in value.items():
        found += leaves(item, f"{prefix}{name}.") if isinstance(item, dict) else [(prefix + name, item)]
    return found


def in_words(name: str, words: Words) -> str:
    """What a field, such as "voice.prosody.f0_median_hz", is; its own name when there are no words for it."""
    known, path = catalogue(words.language), name
    while path and f"ledger.field.{path}" not in known:
        path = path.rpartition(".")[0]
    return words(f"ledger.field.{path}") if path else name
