"""Words in a row: weak and strong forms, linking and phrase stress, as in the synthesizer's training data."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

VOWEL = re.compile("[ˈˌ]?[aeiouæɐɑɒɔəɚɛɜɪʊʌᵻ]")

# How these sound before anything that is stressed; the dictionary has most other function words in this form.
WEAK = {
    "a": "ɐ", "an": "ɐn", "the": "ðə", "to": "tə", "i": "aɪ", "has": "hɐz", "than": "ðɐn", "of": "ʌv", "and": "ænd",
    "i'm": "aɪm", "i've": "aɪv", "i'll": "aɪl", "i'd": "aɪd", "can": "kæn", "does": "dʌz", "did": "dɪd", "into": "ˌɪntʊ",
}  # fmt: skip
BEFORE_VOWEL = {"the": "ðɪ", "to": "tʊ", "it": "ɪɾ", "at": "æɾ"}
# And at the end of a clause.
STRONG = {
    "a": "ˈeɪ", "the": "ðˈə", "i": "ˈaɪ", "is": "ˈɪz", "be": "bˈiː", "have": "hˈæv", "has": "hˈæz", "had": "hˈæd",
    "do": "dˈuː", "does": "dˈʌz", "did": "dˈɪd", "will": "wˈɪl", "can": "kˈæn", "would": "wˈʊd", "could": "kˈʊd",
    "should": "ʃˈʊd", "out": "ˈaʊt", "off": "ˈɔf", "on": "ˈɔn", "up": "ˈʌp", "in": "ˈɪn", "this": "ðˈɪs", "that": "ðˈæt",
    "there": "ðˈɛɹ", "not": "nˈɑːt", "went": "wˈɛnt", "got": "ɡˈɑːt", "get": "ɡˈɛt", "to": "tˈuː", "through": "θɹˈuː",
}  # fmt: skip
NEVER_LAST_STRESSED = frozenset("me him them us her".split())  # stay secondary even where nothing follows
# Pairs that are said as one word.
FUSED = {
    ("of", "the"): "ʌvðə", ("in", "the"): "ɪnðə", ("on", "the"): "ɔnðə", ("from", "the"): "fɹʌmðə",
    ("with", "the"): "wɪððə", ("for", "the"): "fɚðə", ("that", "the"): "ðætðə", ("was", "the"): "wʌzðə",
    ("of", "a"): "əvə", ("for", "a"): "fɚɹə", ("at", "a"): "æɾə", ("out", "of"): "ˌaʊɾəv", ("has", "been"): "hˈæzbiːn",
    ("have", "been"): "hɐvbɪn", ("had", "been"): "hɐdbɪn", ("did", "not"): "dɪdnˈɑːt", ("there", "are"): "ðɛɹˌɑːɹ",
    ("would", "have"): "wʊdhɐv", ("must", "have"): "mˈʌstɐv",
}  # fmt: skip


def phrase(words: Sequence[str], say: Callable[[int], str]) -> list[str]:
    """The transcriptions of the words of one clause.

    `say(i)` is the word's own transcription. A transcription that begins with "+" follows the one before without
    a gap.
    """
    keys = [word.lower() if word != "A" else "A" for word in words]
    said = [_alone(key, index == len(keys) - 1, say, index) for index, key in enumerate(keys)]
    for index in range(len(keys) - 1):
        said[index] = _linked(keys[index], said[index], said[index + 1])
    index = 0
    while index < len(keys) - 1:
        if (fused := FUSED.get((keys[index], keys[index + 1]))) and _fits(keys, said, index):
            said[index : index + 2] = _cut(fused, keys[index + 1], said[index + 2 : index + 3])
            index += 1
        index += 1
    return _nucleus(keys, said)


def _alone(key: str, last: bool, say: Callable[[int], str], index: int) -> str:
    if last and key in STRONG:
        return STRONG[key]
    return WEAK.get(key) or say(index)


def _linked(key: str, said: str, after: str) -> str:
    if not VOWEL.match(after):
        return said
    if key in BEFORE_VOWEL:
        return BEFORE_VOWEL[key]
    return said + "ɹ" if said.endswith(("ɚ", "ɜː")) else said


def _fits(keys: list[str], said: list[str], index: int) -> bool:
    """A pair is fused inside a clause, not where its second word ends it."""
    return index + 2 < len(keys)


def _cut(fused: str, second: str, after: list[str]) -> list[str]:
    if second == "the" and after and VOWEL.match(after[0]):
        fused = fused[:-1] + "ɪ"
    at = {"the": 2, "a": 1, "of": 2, "been": 3, "not": 4, "are": 4, "have": 3}[second]
    if fused.endswith(("biːn", "bɪn")):
        at = len(fused) - fused.rindex("b")
    if fused.endswith("ɐv") and not fused.endswith("hɐv"):
        at = 2
    return [fused[:-at], "+" + fused[-at:]]


def _nucleus(keys: list[str], said: list[str]) -> list[str]:
    """The last stress of a clause is a primary one."""
    for index in reversed(range(len(said))):
        if "ˈ" in said[index]:
            break
        if "ˌ" in said[index] and keys[index] not in NEVER_LAST_STRESSED:
            head, _, tail = said[index].rpartition("ˌ")
            said[index] = f"{head}ˈ{tail}"
            break
    return said
