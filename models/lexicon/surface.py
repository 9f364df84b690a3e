"""From broad phonemes, as pronouncing dictionaries write them, to the detail that the synthesizer was trained on.

The synthesizer learnt General American from transcriptions that mark flaps, syllabic consonants, the colour
of reduced vowels and length. A dictionary leaves these to the reader; the rules here put them in. They follow
textbook allophony (J. C. Wells, Accents of English, 1982, vol. 3), in the notation of the training data.
"""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from typing import NamedTuple

PRIMARY, SECONDARY = "ˈ", "ˌ"


class Phone(NamedTuple):
    """One broad phoneme, e.g. "ɚ"; stress 0 (none), 1 (primary) or 2 (secondary), on vowels only."""

    symbol: str
    stress: int = 0


VOWELS = frozenset("i ɪ eɪ ɛ æ ɑ ɔ oʊ ʊ u ʌ ə ɚ aɪ aʊ ɔɪ".split())
CONSONANTS = frozenset("p b t d k ɡ f v θ ð s z ʃ ʒ tʃ dʒ h m n ŋ l ɹ w j".split())

# Single letters by which the dictionary of the Misaki project writes diphthongs and affricates.
MISAKI = {"A": "eɪ", "I": "aɪ", "O": "oʊ", "W": "aʊ", "Y": "ɔɪ", "ʤ": "dʒ", "ʧ": "tʃ", "ᵊ": "ə", "ɾ": "t"} | {
    "T": "t",
    "ʔ": "t",
    "ᵻ": "ɪ",
    "ɐ": "ə",
    "r": "ɹ",
}
LENGTH = {"i": "iː", "u": "uː", "ɑ": "ɑː", "ɔ": "ɔː", "ɚ": "ɜː"}


SPACED = {
    mark + spelling: Phone(symbol, stress)
    for symbol in VOWELS | CONSONANTS
    for spelling in {symbol, symbol.replace("tʃ", "t͡ʃ").replace("dʒ", "d͡ʒ")}
    for stress, mark in enumerate(("", PRIMARY, SECONDARY))
}
LETTERS = SPACED | {
    mark + letter: SPACED[mark + MISAKI[letter]] for letter in MISAKI for mark in ("", PRIMARY, SECONDARY)
}
LETTERS |= {f"{mark}{r}ɹ": SPACED[mark + "ɚ"] for r in "ɜə" for mark in ("", PRIMARY, SECONDARY)}
TOKEN = re.compile("[ˈˌ]?(?:[ɜə]ɹ|.)")


def read_spaced(text: str) -> list[Phone]:
    """Phones of gruut's notation: spaced, stress before the vowel, e.g. "h ə l ˈoʊ". Raises KeyError."""
    return [SPACED[token] for token in text.split()]


def read_misaki(text: str) -> list[Phone]:
    """Phones of Misaki's notation, e.g. "həlˈO". Raises KeyError for a symbol that is none of its own."""
    return [LETTERS[token] for token in TOKEN.findall(text)]


def surface(word: str, phones: list[Phone]) -> str:
    """The transcription of `word` (lower case) in the synthesizer's notation."""
    phones = _stress(phones)
    parts = [_part(word, phones, index) for index in range(len(phones))]
    text = "".join(parts)
    text = re.sub(r"(?<=[ˈˌ])ɔː(?=[sfθŋɡ])", "ɔ", text)
    text = re.sub(r"j[ə](?=[lm])", "jʊ", text)
    if not re.search("a[uw]|qua|war", word):
        text = re.sub(r"(?<![fmwk])([ˈˌ]?)ɔːɹ|([ˈˌ]?)ɔːɹ$", r"\1\2oːɹ", text)
    if word.endswith(("es", "es'", "'s", "ed")):
        text = re.sub(r"(?<![aeɔˈˌ])[ɪə](?=[zd]$)", "ᵻ", text)
    return re.sub(r"^([bdɹ]|pɹ)[ɪə](?=[^ˈˌ]+ˈ)" if word[:2] in ("be", "de", "re") else r"^(pɹ)ɪ", r"\1ᵻ", text)


def _stress(phones: list[Phone]) -> list[Phone]:
    """Secondary stress next to the primary one is not written."""
    vowels = [index for index, phone in enumerate(phones) if phone.symbol in VOWELS]
    marks = [phones[index].stress for index in vowels]
    if 1 not in marks and marks:
        main = marks.index(2) if 2 in marks else 0
        marks[main] = 1
    result = list(phones)
    for place, index in enumerate(vowels):
        beside = 1 in marks[max(place - 1, 0) : place] or marks[place + 1 : place + 2] == [1]
        result[index] = Phone(phones[index].symbol, 0 if marks[place] == 2 and beside else marks[place])
    return result


def _part(word: str, phones: list[Phone], index: int) -> str:
    symbol, stress = phones[index]
    before = phones[index - 1].symbol if index else ""
    after = phones[index + 1] if index + 1 < len(phones) else Phone("")
    mark = ("", PRIMARY, SECONDARY)[stress]
    if symbol == "t":
        return _t(phones, index, before, after)
    if symbol in ("ə", "ɪ") and after.symbol == "n" and _glottal(phones, index - 1):
        return ""
    if symbol == "n" and index > 1 and _glottal(phones, index - 2) and before in ("ə", "ɪ"):
        return "n̩"
    if symbol == "ɚ":
        linked = "ɹ" if after.symbol in VOWELS else ""
        return mark + ("ɜː" if stress else "ɚ") + linked
    if symbol == "ə" and index == 0 and word.startswith("a"):
        return "ɐ"
    if symbol == "ə" and stress:
        return mark + "ʌ"
    if symbol == "i" and not stress:
        return "i" if not after.symbol or after.symbol in VOWELS or after.symbol in "zd" else "ɪ"
    return mark + LENGTH.get(symbol, symbol)


def _t(phones: list[Phone], index: int, before: str, after: Phone) -> str:
    if _glottal(phones, index):
        return "ʔ"
    voiced = before in VOWELS or before == "ɹ"
    return "ɾ" if voiced and after.symbol in VOWELS and after.stress == 0 else "t"


def _glottal(phones: list[Phone], index: int) -> bool:
    """Whether the phone is the t of "button" or "certain": after a stressed vowel, before a syllabic n."""
    if index < 1 or index + 2 >= len(phones) or phones[index].symbol != "t":
        return False
    before, vowel, n = phones[index - 1], phones[index + 1], phones[index + 2]
    last = index + 3 >= len(phones) or phones[index + 3].symbol not in VOWELS
    vocalic = before.stress == 1 or (before.symbol == "ɹ" and index > 1 and phones[index - 2].stress == 1)
    return vocalic and vowel == Phone("ə") and n.symbol == "n" and last
