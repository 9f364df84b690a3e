"""Whatever Unicode comes in, plain text comes out, and every character of it knows where it came from."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SAME = {
    **dict.fromkeys("‘’‛ʼ′＇´`ʻˈ", "'"),
    **dict.fromkeys("“”„‟«»″＂❝❞‹›「」『』", '"'),
    **dict.fromkeys("‐‑⁃﹣－", "-"),
    **dict.fromkeys("‒–", "–"),
    **dict.fromkeys("—―⸺⸻", "—"),
    **dict.fromkeys("。｡", "."),
    **dict.fromkeys("،、，", ","),
    "؟": "?",
    "؛": ";",
    "‽": "?",
    "⁄": "/",
    "∕": "/",
    "•": "•",
    "℠": " ",
    "™": " ",
    "®": " ",
    "©": " copyright ",
}
KEPT = frozenset("½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞²³¹…°µ€£¥₹¢")  # NFKC would tear these apart or rename them
LINE_ENDS = frozenset("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Plain text; character i stands for `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def clean(text: str) -> Cleaned:
    """Compose accents, unify quotes, dashes, widths and line ends, drop what is invisible. Never fails."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    index = 0
    while index < len(text):
        stop = index + 1
        while stop < len(text) and unicodedata.combining(text[stop]) and stop - index < 8:
            stop += 1
        if text[index : index + 2] == "\r\n":
            stop = index + 2
        for character in _plain(text[index:stop]):
            characters.append(character)
            starts.append(index)
            ends.append(stop)
        index = stop
    return Cleaned("".join(characters), tuple(starts), tuple(ends))


def _plain(cluster: str) -> str:
    first = cluster[0]
    if first in LINE_ENDS:
        return "\n"
    if first in SAME:
        return SAME[first]
    if first in KEPT or (first.isascii() and first.isprintable() and len(cluster) == 1):
        return first
    category = unicodedata.category(first)
    if category == "Zs" or first == "\t":
        return " "
    if category in ("Cf", "Mn", "Me", "Lm", "Sk"):  # invisible, a mark without its letter, or a modifier
        return ""
    if category[0] == "C" or category == "Mc":
        return " " if category == "Cc" else ""
    composed = unicodedata.normalize("NFKC", cluster)
    letters = [c for c in composed if not unicodedata.combining(c)]  # marks that compose with nothing are dropped
    return "".join(SAME.get(c, c) for c in letters if c not in LINE_ENDS) or " "
