"""Words in a row: weak and strong forms, linking and phrase stress, as in the synthesizer's training data."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

VOWEL = re.compile("[ˈˌ]?[aeiouæɐɑɒɔəɚɛɜɪʊʌᵻ]")

# How these sound before anything that is stressed; the dictionary has most other function words in this form.
WEAK = {
    "a": "ɐ", "an": "ɐn", "the": "ðə", "to": "tə", "i": "aɪ", "has": "hɐz", "than": "ðɐn", "of": "ʌv", "and": "ænd",
    "i'm": "aɪm", "i've": "aɪv", "i'll": "aɪl", "i'd": "aɪd", "can": "kæn", "had": "hæd", "does": "dʌz", "did": "dɪd",
    "into": "ˌɪntʊ",
}  # fmt: skip
BEFORE_VOWEL = {"the": "ðɪ", "to": "tʊ", "it": "ɪɾ", "at": "æɾ"}
# And at the end of a clause.
STRONG = {
    "a": "ˈeɪ", "i": "ˈaɪ", "is": "ˈɪz", "be": "bˈiː", "have": "hˈæv", "has": "hˈæz", "had": "hˈæd",
    "do": "dˈuː", "does": "dˈʌz", "did": "dˈɪd", "will": "wˈɪl", "can": "kˈæn", "would": "wˈʊd", "could": "kˈʊd",
    "should": "ʃˈʊd", "out": "ˈaʊt", "off": "ˈɔf", "on": "ˈɔn", "up": "ˈʌp", "in": "ˈɪn", "this": "ðˈɪs",
    "that": "ðˈæt",
    "there": "ðˈɛɹ", "not": "nˈɑːt", "went": "wˈɛnt", "got": "ɡˈɑːt", "get": "ɡˈɛt", "to": "tˈuː", "through": "θɹˈuː",
}  # fmt: skip
NEVER_LAST_STRESSED = frozenset("me him them us her".split())  # stay secondary even where nothing follows
# Pairs that are said as one word.
FUSED = {
    tuple(pair.split()): tuple(said.split())
    for pair, said in {
        "of the": "ʌv ðə", "in the": "ɪn ðə", "on the": "ɔn ðə", "from the": "fɹʌm ðə", "with the": "wɪð ðə",
        "for the": "fɚ ðə", "that the": "ðæt ðə", "was the": "wʌz ðə", "of a": "əv ə", "for a": "fɚɹ ə", "at a": "æɾ ə",
        "for an": "fɚɹ ən", "of an": "əv ən", "not a": "nˌɑːɾ ə", "was a": "wʌz ɐ", "out of": "ˌaʊɾ əv",
        "has been": "hˈæz biːn", "have been": "hɐv bɪn", "had been": "hɐd bɪn", "to be": "tə bi", "at once": "ɐt wˈʌns",
        "did not": "dɪd nˌɑːt", "do not": "duː nˌɑːt", "does not": "dʌz nˌɑːt", "has not": "həz nɑːt",
        "have not": "hɐv nˌɑːt", "there are": "ðɛɹ ˌɑːɹ", "there was": "ðɛɹ wˌʌz", "would have": "wʊd hɐv",
        "must have": "mˈʌst ɐv", "should have": "ʃˌʊd əv", "had to": "hæd tə", "i am": "aɪ ɐm", "no one": "nˈoʊ wˈʌn",
        "in which": "ɪn wˌɪtʃ", "that it": "ðˌɐɾ ɪt",
    }.items()
}  # fmt: skip


def phrase(words: Sequence[str], say: Callable[[int], str]) -> list[str]:
    """The transcriptions of the words of one clause.

    `say(i)` is the word's own transcription. A transcription that begins with "+" follows the one before without
    a gap.
    """
    keys = [word.lower() if word != "A" else "A" for word in words]
    said = [_alone(key, index == len(keys) - 1, say, index) for index, key in enumerate(keys)]
    for index in range(len(keys) - 1):
        if keys[index + 1] not in PAUSED or keys[index] in BEFORE_VOWEL:
            said[index] = _linked(keys[index], said[index], said[index + 1])
    index = 0
    while index < len(keys) - 2:  # the last word of a clause stands by itself
        if fused := FUSED.get((keys[index], keys[index + 1])):
            first, second = fused
            vowel = keys[index + 1] == "the" and VOWEL.match(said[index + 2])
            said[index : index + 2] = [first, "+" + (second[:-1] + "ɪ" if vowel else second)]
            index += 1
        index += 1
    return _nucleus(keys, said)


ASKING = {"what": "wʌt", "when": "wɛn"}  # inside a clause, not at its start
PAUSED = frozenset("and if as but because although though".split())  # no link leads into these


def _alone(key: str, last: bool, say: Callable[[int], str], index: int) -> str:
    if last and key in STRONG:
        return STRONG[key]
    if index and not last and key in ASKING:
        return ASKING[key]
    return WEAK.get(key) or say(index)


def _linked(key: str, said: str, after: str) -> str:
    if not VOWEL.match(after):
        return said
    if key in BEFORE_VOWEL:
        return BEFORE_VOWEL[key]
    return said + "ɹ" if said.endswith(("ɚ", "ɜː")) else said


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
