from __future__ import annotations

import pytest

from models.lexicon.compile import corrections, skeleton
from models.lexicon.surface import read_misaki, read_spaced, surface
from models.synthesizer.phonemes import alphabet


@pytest.mark.parametrize(
    ("word", "broad", "said"),
    (
        ("water", "w ˈɔ t ɚ", "wˈɔːɾɚ"),
        ("button", "b ˈʌ t ə n", "bˈʌʔn̩"),
        ("attack", "ə t ˈæ k", "ɐtˈæk"),
        ("bird", "b ˈɚ d", "bˈɜːd"),
        ("happy", "h ˈæ p i", "hˈæpi"),
        ("kisses", "k ˈɪ s ɪ z", "kˈɪsᵻz"),
        ("port", "p ˈɔ ɹ t", "pˈoːɹt"),
        ("popular", "p ˈɑ p j ə l ɚ", "pˈɑːpjʊlɚ"),
        ("died", "d ˈaɪ d", "dˈaɪd"),
        ("greenmail", "ɡ ɹ ˈi n m ˌeɪ l", "ɡɹˈiːnmeɪl"),
    ),
)
def test_broad_phonemes_get_their_phonetic_detail(word: str, broad: str, said: str) -> None:
    assert surface(word, read_spaced(broad)) == said


def test_both_notations_mean_the_same() -> None:
    assert read_misaki("kˈɛɹəktəɹˌIz") == read_spaced("k ˈɛ ɹ ə k t ɚ ˌaɪ z")
    with pytest.raises(KeyError):
        read_spaced("ʀ ˈa")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    (
        ("kˈɛn", "kˈɛŋ", True),
        ("mˈæɹi", "mˈɛɹi", True),
        ("lˈɪnəs", "lˈaɪnəs", False),
        ("dʒˈɛɹoʊm", "dʒɚɹˈoʊm", False),
        ("bˈɑːx", "bˈɑːk", False),
        ("wˈʌɹi", "wˈɜːɹi", True),
    ),
)
def test_two_transcriptions_agree_in_consonants_and_stressed_vowel(one: str, other: str, same: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is same


def test_corrections_are_in_order_and_in_the_alphabet() -> None:
    rows = corrections()
    assert list(rows) == sorted(rows)
    for entry in rows.values():
        assert set(entry) - set("\tVERBNOUNADJVPAST=") <= set(alphabet())
