"""What the page says, in the person's language: the catalogues `locales/en.json` and `locales/de.json`."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from importlib import resources

from models.contract import READING_LANGUAGES


@functools.cache
def catalogue(language: str) -> dict[str, str]:
    """All texts of a language by key. Raises FileNotFoundError for a language that there is no catalogue of."""
    text = (resources.files("frontend") / "locales" / f"{language}.json").read_text(encoding="utf-8")
    loaded: dict[str, str] = json.loads(text)
    return loaded


def best_language(accepted: Iterable[str]) -> str:
    """The first of the person's languages, such as "de-AT", that there is a catalogue of; else English."""
    for tag in accepted:
        if (language := tag.lower().partition("-")[0]) in READING_LANGUAGES:
            return language
    return READING_LANGUAGES[0]


def minutes(seconds: float) -> str:
    """Minutes and seconds, as in every language: 1:05."""
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


class Words:
    """The texts of one language: `words("speak.failed", reason=…)`, `words.number(1.5)`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The text of that key with its {values} filled in. Raises KeyError for an unknown key or a missing value."""
        text = catalogue(self.language)[key]
        return text.format(**values) if values else text

    def number(self, value: float, digits: int = 0) -> str:
        """A number as it is written in this language."""
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "de" else text

    def size(self, count: int) -> str:
        """A count of bytes, as bytes or kilobytes."""
        if count < 1_000:
            return self("size.bytes", count=count)
        return self("size.kilobytes", count=self.number(count / 1_000, 1))
