"""The recogniser reads real speech back, and makes nothing up where nobody speaks."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest

from models.recogniser.recognition import LANGUAGES, Recogniser
from models.runner import NativeRunner
from tests.recordings import recordings


@pytest.fixture(scope="module")
def recogniser(prepared: Path) -> Recogniser:
    return Recogniser(
        NativeRunner(prepared / "recogniser.onnx", threads=1), (prepared / "recogniser_tokens.json").read_bytes()
    )


def words(text: str) -> list[str]:
    return re.sub("[^a-z ]", "", text.lower().replace("for ever", "forever")).split()


def errors(expected: list[str], heard: list[str]) -> int:
    """Words to change, add or leave out (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(expected, 1):
        diagonal, row[0] = row[0], index
        for column, other in enumerate(heard, 1):
            diagonal, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
    return row[-1]


def test_it_reads_real_recordings_back(recogniser: Recogniser) -> None:
    wrong = total = 0
    for recording in recordings():
        expected = words(recording.transcript)
        wrong += errors(expected, words(asyncio.run(recogniser.transcribe(recording.samples))))
        total += len(expected)
    assert wrong / total < 0.15


@pytest.mark.parametrize("level", [0.0, 1e-3, 1e-1])
def test_it_hears_no_words_in_silence_or_noise(recogniser: Recogniser, level: float) -> None:
    noise = np.random.default_rng(0).normal(size=48_000).astype(np.float32) * np.float32(level)
    assert asyncio.run(recogniser.transcribe(noise)) == ""


def test_it_takes_thirty_seconds_and_not_more(recogniser: Recogniser) -> None:
    samples = np.zeros(30 * 16_000 + 1, np.float32)
    assert asyncio.run(recogniser.transcribe(samples[1:])) == ""
    with pytest.raises(ValueError, match="at most 30"):
        asyncio.run(recogniser.transcribe(samples))


def test_every_language_that_a_person_reads_is_known(recogniser: Recogniser) -> None:
    heard = {language: asyncio.run(recogniser.transcribe(recordings()[0].samples, language)) for language in LANGUAGES}
    assert all(heard.values())
    with pytest.raises(KeyError):
        asyncio.run(recogniser.transcribe(recordings()[0].samples, "xx"))
