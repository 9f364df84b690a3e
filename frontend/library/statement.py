"""The consent statements: what a person agrees to, word for word, by version and language.

A version's words never change once somebody has agreed to them; new words are a new version.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from typing import Any

CURRENT = 1


@functools.cache
def _statements() -> dict[str, dict[str, dict[str, str]]]:
    text = (resources.files("frontend.library") / "statements.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def _words(kind: str, language: str, version: int) -> str:
    try:
        return _statements()[str(version)][language][kind]
    except KeyError:
        raise ValueError(f"no consent statement {version} in {language!r}") from None


def written(language: str, version: int = CURRENT) -> str:
    """The statement to read and agree to. Raises ValueError for an unknown version or language."""
    return _words("written", language, version)


def spoken(language: str, name: str, version: int = CURRENT) -> str:
    """The sentence that opens the recording, with the reader's own name. Raises ValueError as `written` does."""
    return _words("spoken", language, version).replace("{name}", " ".join(name.split()))
