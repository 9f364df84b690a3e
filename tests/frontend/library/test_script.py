"""Scripts: fresh, of the right length, rich in sounds; and their sentences."""

from __future__ import annotations

import statistics

import pytest

from frontend.library.script import (
    SECONDS,
    TOLERANCE_SECONDS,
    fresh_script,
    letters,
    pool,
    script_sha256,
    sounds_of,
    word_starts,
)
from frontend.library.script_check import plain_letters

LANGUAGES = ("en", "de")


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_are_fresh_and_about_ten_seconds(language: str) -> None:
    scripts = [fresh_script(language, "Anna", seed) for seed in range(300)]
    assert len({script.sentences for script in scripts}) >= 200
    assert all(SECONDS - 2 < script.seconds <= SECONDS + TOLERANCE_SECONDS for script in scripts)
    assert fresh_script(language, "Anna", 7) == fresh_script(language, "Anna", 7)
    assert fresh_script(language, "Anna").nonce != fresh_script(language, "Anna").nonce


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_hold_more_sounds_than_chance(language: str) -> None:
    sounds = {sentence.text: {s for s in sentence.sounds if len(s) == 1} for sentence in pool(language)}
    inventory = set().union(*sounds.values())
    chosen = [fresh_script(language, "Anna", seed).sentences for seed in range(100)]
    share = [len(set().union(*(sounds[text] for text in texts))) / len(inventory) for texts in chosen]
    by_chance = [len(sounds[one] | sounds[other]) / len(inventory) for one in sounds for other in sounds if one < other]
    assert statistics.mean(share) > statistics.mean(by_chance) + 0.03


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_distinct_and_hold_no_digits(language: str) -> None:
    texts = [sentence.text for sentence in pool(language)]
    assert len({plain_letters(text) for text in texts}) == len(texts) == 64
    assert not any(char.isdigit() for text in texts for char in text)
    assert all(35 <= letters(text) <= 60 for text in texts)


def test_names_are_tidied_and_bounded() -> None:
    assert fresh_script("de", "  Anna \n Lena ", 0).consent == (
        "Ich, Anna Lena, stimme zu, dass Ownvoice meine Stimme nachbildet."
    )
    for name in ("", "   ", "x" * 61):
        with pytest.raises(ValueError, match="characters"):
            fresh_script("en", name)
    for language in ("fr", "provenance"):
        with pytest.raises(ValueError):
            fresh_script(language, "Anna")
    assert "{0}" in fresh_script("en", "{0}", 0).consent


def test_hash_hides_what_it_hashes() -> None:
    one, two = fresh_script("en", "Anna"), fresh_script("en", "Anna")
    assert one.sha256 == script_sha256(one.nonce, one.text) != script_sha256(two.nonce, one.text)


def test_highlight_moves_forward() -> None:
    starts = word_starts(fresh_script("en", "Anna", 3).text)
    assert starts[0] == 0 and starts == sorted(starts) and starts[-1] < 1


def test_sounds_within_words_only() -> None:
    assert sounds_of("a b | c") == {("a",), ("b",), ("c",), ("a", "b")}
