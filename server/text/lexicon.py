"""How a single word is said: from the dictionary, by its parts, or by the network that guesses."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import functools
import mmap
import re
from pathlib import Path

from server.text.pronouncer import Pronouncer

VOICELESS = "ptkfθ"
SIBILANT = "szʃʒ"
LETTER_NAMES = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "ˈeɪ bˈiː sˈiː dˈiː ˈiː ˈɛf dʒˈiː ˈeɪtʃ ˈaɪ dʒˈeɪ kˈeɪ ˈɛl ˈɛm ˈɛn ˈoʊ pˈiː kjˈuː ˈɑːɹ ˈɛs tˈiː jˈuː vˈiː "
        "dˈʌbəljˌuː ˈɛks wˈaɪ zˈiː".split(),
        strict=True,
    )
)
PREFIXES = {"un": "ʌn", "re": "ɹiː", "non": "nˌɑːn", "mis": "mɪs", "pre": "pɹiː", "anti": "ˌæntaɪ", "over": "ˌoʊvɚ"} | {
    "under": "ˌʌndɚ", "super": "sˌuːpɚ", "micro": "mˌaɪkɹoʊ", "multi": "mˌʌltaɪ", "inter": "ˌɪntɚ", "cyber": "sˌaɪbɚ",
}  # fmt: skip
SUFFIXES = {"ly": "li", "ness": "nəs", "less": "ləs", "like": "laɪk", "ful": "fəl", "ship": "ʃɪp", "ish": "ɪʃ"} | {
    "able": "əbəl", "er": "ɚ", "ers": "ɚz", "ism": "ˌɪzəm", "ist": "ɪst", "wise": "waɪz", "hood": "hʊd",
}  # fmt: skip
SHORTEST_PART = 3


class Lexicon:
    """The dictionary in `folder` (memory-mapped, sorted) and the network beside it (loaded when first needed).

    It remembers the words that it was asked for until it is told to `forget` them: what people write is not kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with (folder / "lexicon.tsv").open("rb") as file:
            self._rows = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self.entry = functools.lru_cache(maxsize=8192)(self._entry)
        self.say = functools.lru_cache(maxsize=8192)(self._say)

    def forget(self) -> None:
        """Remember no word. Whoever is still at work looks up again what it needs."""
        self.entry.cache_clear()
        self.say.cache_clear()

    @functools.cached_property
    def _pronouncer(self) -> Pronouncer:
        return Pronouncer(self._folder)

    def knows(self, word: str) -> bool:
        """Whether the dictionary has the word, in this case of letters."""
        return bool(self.entry(word))

    def _entry(self, word: str) -> dict[str, str]:
        """Transcriptions by part of speech, "" for any; empty for an unknown word."""
        key = word.encode("utf-8", "replace") + b"\t"
        low, high = 0, len(self._rows)
        while low < high:
            start = self._rows.rfind(b"\n", 0, (low + high) // 2) + 1
            stop = self._rows.find(b"\n", start)
            if self._rows[start : start + len(key)] == key:
                default, *classes = self._rows[start + len(key) : stop].decode("utf-8").split("\t")
                return {"": default} | dict(reading.split("=", 1) for reading in classes)
            if self._rows[start:stop] < key:
                low = stop + 1
            else:
                high = start
        return {}

    def _say(self, word: str, role: str = "") -> str:
        """The transcription of a word as written, "" when it has no letter. `role` is a class of the dictionary."""
        if len(word) == 1 and word.isupper():
            return LETTER_NAMES.get(word) or self._pronouncer(word.lower())
        if word[:1] in LETTER_NAMES and word[1:] == "'s":
            return _s(LETTER_NAMES[word[0]])
        for form in dict.fromkeys((word, word.lower())):
            if entry := self.entry(form):
                return entry.get(role) or (entry.get("VERB") if role == "PAST" else None) or entry[""]
        low = word.lower().strip("'")
        return self._derived(low) or self._pronouncer(low)

    def _known(self, word: str) -> str:
        return self.entry(word).get("", "")

    def _derived(self, word: str) -> str:
        """An inflection, derivation or compound of what the dictionary has, else ""."""
        for ending, add in (("'s", _s), ("s", _s), ("ed", _ed), ("ing", _ing), ("in'", _ing)):
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_PART:
                for stem in _stems(word[: -len(ending)], ending):
                    if said := self._known(stem) or ("" if "'" not in ending else self._say(stem)):
                        return add(said)
        for suffix, sound in SUFFIXES.items():
            stem = word[: -len(suffix)]
            if word.endswith(suffix) and len(stem) >= SHORTEST_PART and (said := self._stem(stem, suffix)):
                return said + sound
        for prefix, sound in PREFIXES.items():
            stem = word[len(prefix) :]
            if word.startswith(prefix) and len(stem) > SHORTEST_PART and (said := self._known(stem)):
                return sound + said
        return self._compound(word)

    def _stem(self, stem: str, suffix: str) -> str:
        if suffix in ("er", "ers", "able", "ism", "ist", "ish"):
            return next((said for form in _stems(stem, "ed") if (said := self._known(form))), "")
        return self._known(stem) or (self._known(stem[:-1] + "y") if stem.endswith("i") else "")

    def _compound(self, word: str) -> str:
        """ "smartphone": the split whose shorter part is longest; the second part's stress is secondary."""
        splits = sorted(range(SHORTEST_PART, len(word) - SHORTEST_PART + 1), key=lambda at: -min(at, len(word) - at))
        for at in splits if word.isalpha() and len(word) > 2 * SHORTEST_PART else ():
            head, tail = self._known(word[:at]), self._known(word[at:])
            if head and tail and "ˈ" in head and "ˈ" in tail:
                return head + tail.replace("ˌ", "").replace("ˈ", "ˌ")
        return ""


def _stems(stem: str, ending: str) -> list[str]:
    forms = [stem]
    if ending in ("ed", "ing", "in'"):
        forms = [stem + "e", stem] if not re.search(r"([b-df-hj-np-tv-z])\1$", stem) else [stem, stem[:-1], stem + "e"]
    if stem.endswith("i") and ending in ("ed", "s", "es"):
        forms.append(stem[:-1] + "y")
    if ending == "s" and stem.endswith("ie"):
        forms.append(stem[:-2] + "y")
    if ending == "s" and stem.endswith("e") and stem[-2:-1] in ("s", "x", "z", "h"):
        forms.append(stem[:-1])
    return forms


def _s(said: str) -> str:
    if said[-1] in SIBILANT:
        return said + "ᵻz"
    return said + ("s" if said[-1] in VOICELESS else "z")


def _ed(said: str) -> str:
    if said[-1] == "t" and said[-2:-1] in tuple("ɪʊiːɑɔɛæʌəɹɚ"):
        return said[:-1] + "ɾᵻd"
    if said[-1] in "td":
        return said + "ᵻd"
    return said + ("t" if said[-1] in VOICELESS + "sʃ" else "d")


def _ing(said: str) -> str:
    if said[-1] == "t" and said[-2:-1] in tuple("ɪʊiːɑɔɛæʌəɹɚ"):
        return said[:-1] + "ɾɪŋ"
    return said + ("ɹɪŋ" if said[-1] == "ɚ" or said.endswith("ɜː") else "ɪŋ")
