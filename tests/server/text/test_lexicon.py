from __future__ import annotations

import pytest

from server.text.lexicon import Lexicon
from server.text.speaking import MODELS


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(MODELS)


@pytest.mark.parametrize(
    ("word", "said"),
    (
        ("little", "lˈɪɾəl"),
        ("button", "bˈʌʔn̩"),
        ("NASA", "nˈæsə"),
        ("Polish", "pˈoʊlɪʃ"),
        ("polish", "pˈɑːlɪʃ"),
        ("Linus", "lˈaɪnəs"),
        ("ken", "kˈɛn"),
        ("B", "bˈiː"),
        ("zzz-nothing", ""),
    ),
)
def test_known_words(lexicon: Lexicon, word: str, said: str) -> None:
    assert lexicon.entry(word).get("", "") == said or lexicon.say(word) == said


@pytest.mark.parametrize(
    ("word", "said"),
    (("podcasters", "pˈɑːdkæstɚz"), ("cloudstorm", "klˈaʊdstˌoːɹm"), ("unzorbed", "d"), ("zorbing's", "z")),
)
def test_unknown_words_are_derived_or_guessed(lexicon: Lexicon, word: str, said: str) -> None:
    assert lexicon.say(word).endswith(said)


def test_guesses_are_the_same_every_time(lexicon: Lexicon) -> None:
    other = Lexicon(MODELS)
    for word in ("frobnicate", "Xylquorth", "bandersnatch", "æther", "q"):
        assert lexicon.say(word) == other.say(word) != ""


def test_first_and_last_rows_are_found(lexicon: Lexicon) -> None:
    rows = (MODELS / "lexicon.tsv").read_text("utf-8").splitlines()
    for row in (rows[0], rows[-1], rows[len(rows) // 2]):
        word, said = row.split("\t")[:2]
        assert lexicon.entry(word)[""] == said
    assert not lexicon.entry("") and not lexicon.entry("\uffff") and not lexicon.entry("\ud800")
