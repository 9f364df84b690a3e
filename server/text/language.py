"""What can't be spoken is refused before anything is heard: other scripts, other languages, nothing at all.

A sentence is foreign when its words are: common words of another language, signs that English lacks, and small
words that no English dictionary has, against the common words of English. Names and loan words alone never make
it so, and a text is refused only when a good part of it is foreign.
"""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from server.text.characters import Cleaned, clean
from server.text.errors import TextError

SHORT = 3  # words, up to which every one must be foreign
FOREIGN_SHARE = 0.25  # of the words, from which on a text is refused
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
GREEK_SYMBOL = 2  # a run of Greek letters up to so long is a symbol (α, μs), not a word

ENGLISH = frozenset(
    "the of and to in is it that you was for on are with as his they be at this have from or had by but what were we "
    "when your can said there use an each which she do how their if will up other about out many then them these so "
    "some her would make like him into has look two more go see no way could my than been call who its now find down "
    "day did get come made may part i'm don't it's i a he not all just over after also because very where why even "
    "hello hi yes please thank thanks good morning me our us should must any only here again".split()
)
ROWS = [
    row.split("\t")
    for row in (Path(__file__).parent / "languages.tsv").read_text("utf-8").splitlines()
    if not row.startswith("#")
]
COMMON = {language: frozenset(words.split()) for language, words, _ in ROWS}
SIGNS = {language: letters for language, _, letters in ROWS}


def check_language(text: str, known: Callable[[str], bool]) -> None:
    """Raises TextError("nothing-to-say" | "unsupported-script" | "unsupported-language"); names what was found.

    `known` says whether a lower-case word is English.
    """
    cleaned = clean(text)
    if not any(c.isalnum() for c in cleaned.text):
        raise TextError("nothing-to-say")
    _check_script(cleaned)
    foreign = total = 0
    first: tuple[int, int] | None = None
    for start, stop, words in _sentences(cleaned.text):
        total += len(words)
        if foreign_language(words, known) is not None:
            foreign += len(words)
            first = first or (start, stop)
    if first is not None and foreign >= FOREIGN_SHARE * total:
        raise TextError("unsupported-language", "en", cleaned.starts[first[0]], cleaned.ends[first[1] - 1])


def _check_script(cleaned: Cleaned) -> None:
    run = 0
    for index, character in enumerate(cleaned.text):
        if character < "\u0250" or not character.isalpha():
            run = 0
            continue
        script = unicodedata.name(character, "UNKNOWN").split()[0]
        run = run + 1 if script == "GREEK" else 0
        if script not in ("LATIN", "GREEK") or run > GREEK_SYMBOL:
            raise TextError("unsupported-script", script.title(), cleaned.starts[index], cleaned.ends[index])


def _sentences(text: str) -> Iterator[tuple[int, int, list[str]]]:
    for match in SENTENCE.finditer(text):
        if words := [word[0] for word in WORD.finditer(match[0])]:
            yield match.start(), match.end(), words


def foreign_language(words: list[str], known: Callable[[str], bool]) -> str | None:
    """The code of the language that a sentence is in, "und" for one that is not known, None for English or in doubt."""
    shouted = all(word.isupper() for word in words)
    # A capital inside a sentence makes a name of "La" and "Van".
    small = [word.lower() if shouted or not at or word[0].islower() else "" for at, word in enumerate(words)]
    strange = [_is_strange(word, shouted, known) for word in words]
    english = sum(word in ENGLISH for word in small)
    best, best_score, best_found = "und", 0.0, 0
    for language, common in COMMON.items():
        signs = SIGNS[language]
        found = sum(word in common and word not in ENGLISH for word in small)
        signed = sum(any(c in signs for c in word) for word in words if word[0].islower())
        odd = sum(odd and word not in common for word, odd in zip(small, strange, strict=True))
        score = found + signed + 0.7 * odd
        if score >= 2:  # words that both languages have count for neither
            score += sum(word in common and word in ENGLISH for word in small)
        if score > best_score:
            best, best_score, best_found = language, score, found
    if len(words) <= SHORT:
        common = COMMON.get(best, frozenset())
        all_foreign = all(word in common or odd for word, odd in zip(small, strange, strict=True))
        return best if all_foreign and best_found else None
    if best_score >= 2 and best_score > english + 0.2 * len(words):
        return best if best_found else "und"
    return None


def _is_strange(word: str, shouted: bool, known: Callable[[str], bool]) -> bool:
    """Whether a word is in no English dictionary, nor its stem; a capital letter makes it a name."""
    low = word.lower()
    if len(low) < 3 or not (shouted or word.islower()) or known(low):
        return False
    return not any(
        low.endswith(end) and known(low[: -len(end)]) for end in ("s", "'s", "ed", "d", "ing", "ly", "er", "r")
    )
