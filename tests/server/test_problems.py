"""Both catalogues say everything, and say it about the same things."""

from __future__ import annotations

import json
import string

import httpx
import pytest

from models.contract import KIND_OF_RULE, READING_LANGUAGES
from models.requests import DIALOGUE_REQUEST_SCHEMA, SPEECH_REQUEST_SCHEMA
from server.problems import CATALOGUES, STATUS


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", READING_LANGUAGES)
def test_every_problem_has_its_words(language: str) -> None:
    texts = CATALOGUES[language]
    for kind in STATUS:
        assert texts[f"{kind}.title"] and texts[f"{kind}.detail"]
    assert set(KIND_OF_RULE.values()) <= set(STATUS)


def test_the_languages_say_the_same_things() -> None:
    first, *others = CATALOGUES.values()
    for other in others:
        assert list(other) == list(first)
        for key, text in first.items():
            assert placeholders(other[key]) == placeholders(text), key


def test_the_description_is_the_contracts(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert document["components"]["schemas"]["SpeechRequest"] == json.loads(json.dumps(SPEECH_REQUEST_SCHEMA))
    assert document["components"]["schemas"]["DialogueRequest"] == json.loads(json.dumps(DIALOGUE_REQUEST_SCHEMA))
    for path in ("/v1/audio/speech", "/v1/audio/dialogue"):
        operation = document["paths"][path]["post"]
        assert {int(status) for status in operation["responses"]} == {200, *STATUS.values()}
