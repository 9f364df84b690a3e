from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.text import TextError, phoneme_ids, utterances
from server.text.lexicon import Lexicon
from server.text.pronunciations import SOUNDS, transcribe
from server.text.speaking import MODELS
from server.timings import timed


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(MODELS)


def heard(text: str, pronunciations: dict[str, str]) -> str:
    return " ".join(utterance.phonemes for utterance in utterances(text, pronunciations=pronunciations))


def test_ipa_is_taken_as_it_is() -> None:
    assert heard("Meet Nguyen now.", {"Nguyen": "/wˈɪn/"}) == "mˈiːt wˈɪn nˈaʊ."


def test_a_word_is_found_in_any_case_and_with_its_possessive() -> None:
    assert heard("NGUYEN and Nguyen's", {"nguyen": "/wˈɪn/"}) == "wˈɪn ænd wˈɪnz."


def test_an_acronym_is_not_the_word() -> None:
    assert "ˈuːs" in heard("The US met us.", {"US": "/ˈuːs/"})
    assert heard("Tell us.", {"US": "/ˈuːs/"}) == "tˈɛl ˌʌs."


def test_several_words_can_be_said_as_one() -> None:
    (utterance,) = utterances("In New York City today.", pronunciations={"New York": "/nuː jˈɔːk/"})
    assert [word.text for word in utterance.words] == ["In", "New York", "City", "today"]
    assert "nuː jˈɔːk" in utterance.phonemes


@pytest.mark.parametrize(
    ("value", "said"),
    (
        ("/təˈmɑːtoʊ/", "təˈmɑːtoʊ"),
        ("/'ɡɪt.hʌb/", "ˈɡɪthʌb"),
        ("/t͡ʃɛk/", "tʃɛk"),
        ("/red/", "ɹed"),
        ("nuh-VAH-duh", "nəvˈɑːdə"),
        ("KEE-uh", "kˈiːə"),
        ("jif", "dʒˈɪf"),
        ("shuh-VAWN", "ʃəvˈɔːn"),
    ),
)
def test_values_are_transcribed(lexicon: Lexicon, value: str, said: str) -> None:
    assert transcribe(value, lexicon) == said


@pytest.mark.parametrize(
    ("value", "odd"),
    (("/kˈæ7t/", "7"), ("/猫/", "猫"), ("", ""), ("//", ""), ("/ˈ/", "ˈ"), ("k4t", "4"), ("ка-та", "к")),
)
def test_an_odd_sign_is_named(lexicon: Lexicon, value: str, odd: str) -> None:
    with pytest.raises(TextError) as caught:
        transcribe(value, lexicon, "cat")
    assert (caught.value.kind, caught.value.field, caught.value.limit) == (
        "wrong-pronunciation",
        "pronunciations.cat",
        odd,
    )


@settings(deadline=None)
@given(st.text(st.sampled_from(sorted(SOUNDS)), max_size=6).map("/{}/".format) | st.text(max_size=8))
def test_whatever_is_wanted_is_said_at_its_time_or_refused(value: str) -> None:
    try:
        spoken = list(utterances("Well, cat's here: cat.", pronunciations={"cat": value}))
    except TextError as error:
        assert error.field == "pronunciations.cat"
        return
    for utterance in spoken:
        durations = np.ones(len(phoneme_ids(utterance.phonemes)), np.int64)
        words = timed(utterance, durations, 0, 0).words
        assert all(said.phonemes and said.start < said.end for word in words for said in word.spoken)
