"""Words that someone wants said their own way: IPA between slashes, or a respelling such as "nuh-VAH-duh"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from models.synthesizer.phonemes import alphabet
from server.text.errors import TextError
from server.text.lexicon import Lexicon
from server.text.tokens import Token

# What people write where the synthesizer's notation has something else.
IPA = {
    "'": "ˈ",
    ",": "ˌ",
    ":": "ː",
    "g": "ɡ",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "͡": "",
    "͜": "",
    ".": "",
    "-": "",
    "‿": "",
    "ɫ": "l",
    "r": "ɹ",
}
SOUNDS = frozenset("aeiouæɐɑɒɔəɚɛɜɪʊʌᵻpbtdkɡfvθðszʃʒhmnŋlɹwjɾʔxç̩̃ːˈˌ ")
SYLLABLES = {
    "ah": "ɑː", "aw": "ɔː", "ay": "eɪ", "ee": "iː", "eh": "ɛ", "er": "ɚ", "ew": "uː", "eye": "aɪ", "ih": "ɪ",
    "oh": "oʊ", "oo": "uː", "ow": "aʊ", "oy": "ɔɪ", "uh": "ʌ", "ur": "ɜː", "y": "aɪ", "igh": "aɪ", "ai": "eɪ",
    "air": "ɛɹ", "ar": "ɑːɹ", "or": "ɔːɹ", "eer": "ɪɹ", "ire": "aɪɚ", "a": "æ", "e": "ɛ", "i": "ɪ", "o": "ɑː", "u": "ʌ",
}  # fmt: skip
CONSONANTS = {
    "ch": "tʃ", "sh": "ʃ", "zh": "ʒ", "th": "θ", "dh": "ð", "ng": "ŋ", "kh": "k", "ck": "k", "ph": "f", "wh": "w",
    "j": "dʒ", "g": "ɡ", "c": "k", "q": "k", "r": "ɹ", "y": "j", "x": "ks",
}  # fmt: skip
VOWELS = "|".join(sorted(SYLLABLES, key=len, reverse=True))
SYLLABLE = re.compile(rf"((?:(?!{VOWELS}|y$)[a-z]|y(?=[aeiou]))*)({VOWELS})([a-z]*)")
CONSONANT = re.compile("|".join(sorted(CONSONANTS, key=len, reverse=True)) + "|[a-z]")


class Pronunciations:
    """`wanted` maps written words, or several in a row, to "/IPA/" or a respelling. Raises TextError."""

    def __init__(self, wanted: Mapping[str, str], lexicon: Lexicon) -> None:
        self._said = {" ".join(key.split()): transcribe(value, lexicon, key) for key, value in wanted.items()}
        self._folded = {key.casefold(): said for key, said in self._said.items() if not key.isupper()}
        self._longest = max((key.count(" ") + 1 for key in self._said), default=0)

    def applied(self, tokens: Iterator[Token], text: str) -> Iterator[tuple[Token, str]]:
        """The tokens, each with its transcription where one is wanted; several words that have one are joined."""
        waiting: list[Token] = []
        for token in tokens:
            waiting.append(token)
            while len(waiting) > self._longest:
                yield self._take(waiting, text)
        while waiting:
            yield self._take(waiting, text)

    def _take(self, waiting: list[Token], text: str) -> tuple[Token, str]:
        for count in range(min(self._longest, len(waiting)), 0, -1):
            first, last = waiting[0], waiting[count - 1]
            written = " ".join(text[first.start : last.stop].split()).replace("’", "'")
            if all(token.words for token in waiting[:count]) and (said := self._find(written)):
                del waiting[:count]
                return Token(first.start, last.stop, (written,)), said
        return waiting.pop(0), ""

    def _find(self, written: str) -> str:
        if said := self._said.get(written) or self._folded.get(written.casefold()):
            return said
        if written.endswith("'s") and (said := self._find(written[:-2])):
            return said + ("ᵻz" if said[-1] in "szʃʒ" else "s" if said[-1] in "ptkfθ" else "z")
        return ""


def transcribe(value: str, lexicon: Lexicon, word: str = "") -> str:
    """From "/IPA/" or a respelling. Raises TextError("wrong-pronunciation"); `limit` is the first odd sign."""
    value = unicodedata.normalize("NFC", value).strip()
    field = f"pronunciations.{word}" if word else "pronunciations"
    if len(value) > 1 and value[0] == value[-1] == "/":
        return _ipa(value[1:-1], field)
    syllables = re.split(r"[-\s·]+", value)
    if not value or not all(re.fullmatch(r"[A-Za-z']+", syllable) for syllable in syllables):
        odd = next((c for c in value if not (c.isascii() and (c.isalpha() or c in "-' "))), value)
        raise TextError("wrong-pronunciation", odd, field=field)
    if len(syllables) == 1:
        return lexicon.say(value.lower())
    return _respelt(syllables)


def _ipa(value: str, field: str) -> str:
    said = "".join(IPA.get(c, c) for c in unicodedata.normalize("NFD", value)).strip()
    for character in said:
        if character not in SOUNDS or character not in alphabet():
            raise TextError("wrong-pronunciation", character, field=field)
    if not re.search("[^ˈˌː ]", said):
        raise TextError("wrong-pronunciation", value, field=field)
    return said


def _respelt(syllables: list[str]) -> str:
    """Syllable by syllable; capitals are stressed, the first syllable is where none is."""
    stressed = next((i for i, syllable in enumerate(syllables) if syllable.isupper()), 0)
    said = ""
    for index, syllable in enumerate(syllables):
        onset, vowel, coda = _parts(syllable.lower().replace("'", ""))
        if vowel == "ʌ" and index != stressed:
            vowel = "ə"
        said += onset + ("ˈ" if index == stressed and vowel else "") + vowel + coda
    return said


def _parts(syllable: str) -> tuple[str, str, str]:
    match = SYLLABLE.fullmatch(syllable)
    if match is None:
        return _consonants(syllable), "", ""
    return _consonants(match[1]), SYLLABLES[match[2]], _consonants(match[3].removesuffix("e") or match[3][:-1])


def _consonants(letters: str) -> str:
    return "".join(CONSONANTS.get(sound, sound) for sound in CONSONANT.findall(re.sub(r"(.)\1", r"\1", letters)))
