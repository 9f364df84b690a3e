"""What a text is made of once it is read: words to say and the marks between them."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from dataclasses import dataclass

LETTER = r"[^\W\d_²³¹½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]"
STARTERS = frozenset(
    "the a an he she it they we i you this that these those but and so in on at for if when while after before "
    "there his her their our my your its as with from to now then however what who why where how one no yes".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:stop]` is said as `words`, or is the mark `sign`: , ; : . ? ! … or a line's or paragraph's end.

    Words are written as people write them; a capital letter alone is its name. A word "," is a short pause.
    """

    start: int
    stop: int
    words: tuple[str, ...] = ()
    sign: str = ""
    ends: bool = False  # an abbreviation whose full stop may also end the sentence


def starts_sentence(after: str) -> bool:
    """Whether what follows an abbreviation's full stop is a new sentence: a capital on one of its usual first words."""
    word = re.match(r"[\"')\]]*\s+[\"'(]*([A-Z][a-z]*)\b|[\"')\]]*\s*$", after[:24])
    return bool(word and (word[1] is None or word[1].lower() in STARTERS))
