"""Abbreviations, initials and Roman numerals in their places."""

from __future__ import annotations

import re

from server.text.abbreviations import (
    AFTER_NUMBER,
    BEFORE_NAME,
    BEFORE_NUMBER,
    CALENDAR,
    CONFUSABLE,
    COUNTED,
    PLAIN_WORDS,
    REGNAL,
    WITH_STOP,
    WITHOUT_STOP,
)
from server.text.numerals import cardinal, ordinal, roman
from server.text.tokens import Token, starts_sentence

INITIALS = re.compile(r"(?:[A-Za-z]\.){2,}(?:[A-Z]\b)?|[A-Z]\.(?: ?[A-Z]\.)*(?= ?[A-Z][a-z'])")
ET_AL = re.compile(r"et al\b\.?")
VERB = re.compile(r" (?:[a-z]+ed|am|was|do|did|have|had|think|know|will|would|can|could)\b")
SHORTHAND = {"w/o": ("without",), "w/": ("with",), "b/c": ("because",), "c/o": ("care", "of"), "n/a": ("N", "A")}


def short_form(text: str, index: int, word: str, last: Token | None) -> Token | None:
    """What `word`, which stands at `index`, is short for, if it is."""
    if (token := _initials(text, index)) is not None:
        return token
    for short, full in SHORTHAND.items():
        stop = index + len(short)
        if text.startswith(short, index) and not text[stop : stop + 1].isalnum():
            return Token(index, stop, full)
    if (token := _abbreviation(text, index, word)) is not None:
        return token
    if words := _numeral(text, index, word, last):
        return Token(index, index + len(word), tuple(words))
    return None


def _initials(text: str, index: int) -> Token | None:
    match = INITIALS.match(text, index)
    if match is None:
        return None
    letters = re.findall(r"[A-Za-z]", match[0])
    form = match[0].rstrip(".").lower()
    if form in ("e.g", "i.e"):
        return Token(index, match.end(), tuple(WITH_STOP[form].split()))
    if letters == ["I"] and not re.search(r"[A-Z][a-z]+ $", text[max(index - 12, 0) : index]):
        return None  # "So did I. Then …"
    ends = match[0].endswith(".") and len(letters) > 1 and starts_sentence(text[match.end() : match.end() + 24])
    return Token(index, match.end(), tuple(letter.upper() for letter in letters), ends=ends)


def _abbreviation(text: str, index: int, word: str) -> Token | None:
    low, stop = word.lower(), index + len(word)
    stopped = text.startswith(".", stop)
    after = text[stop + stopped : stop + stopped + 24]
    if match := ET_AL.match(text, index):
        ends = starts_sentence(text[match.end() : match.end() + 24])
        return Token(index, match.end(), ("and", "others"), ends=ends)
    if low == "no" and stopped and re.match(r" ?\d", after):
        return Token(index, stop + 1, ("number",))
    if low in ("dr", "st") and (stopped or word == "Dr"):
        return _title_or_road(text, index, low, stop + stopped)
    if low in CALENDAR and stopped and word[0].isupper() and re.match(r" ?\d|,| [a-z(]", after):
        return Token(index, stop + 1, (CALENDAR[low],)) if low not in CONFUSABLE or after[:1] in " ," else None
    plain = word[0].isupper() or low in ("etc", "vs")
    if low not in WITH_STOP or not (stopped or (low in WITHOUT_STOP and plain)):
        return None
    number_before = bool(re.search(r"\d ?$", text[max(index - 3, 0) : index]))
    if (
        stopped
        and low in PLAIN_WORDS | BEFORE_NUMBER | BEFORE_NAME | AFTER_NUMBER
        and not _fits(word, low, number_before, after)
    ):
        return None
    said = "foot" if low == "ft" and not number_before else WITH_STOP[low]
    ends = stopped and low not in BEFORE_NAME and starts_sentence(after)
    return Token(index, stop + stopped, tuple(said.split()), ends=ends)


def _fits(word: str, low: str, number_before: bool, after: str) -> bool:
    """Whether a form that may also be a word at its sentence's end ("fig.") stands where it is short for something."""
    name_after = bool(re.match(r" ?[A-Z]", after))
    return (
        (low in BEFORE_NUMBER and bool(re.match(r" ?\d", after)))
        or (low in AFTER_NUMBER and number_before)
        or (low in BEFORE_NAME and word[0].isupper() and name_after)
        or (low in ("co", "ed", "est") and word[0].isupper() and not name_after)
        or (word == "v" and name_after)
    )


def _title_or_road(text: str, index: int, low: str, stop: int) -> Token:
    """ "Dr. King lives on King Dr.", "St. Paul's on Main St.": the title before a name, the road after one."""
    after = text[stop : stop + 24]
    name_before = bool(re.search(r"(?:[A-Z][a-z]+|\dth|\dst|\dnd|\drd) $", text[max(index - 16, 0) : index]))
    name_after = bool(re.match(r" [A-Z][a-z]", after))
    new_sentence = starts_sentence(after)
    title, road = (("doctor",), ("drive",)) if low == "dr" else (("saint",), ("street",))
    if name_before and (not name_after or new_sentence):
        return Token(index, stop, road, ends=text[stop - 1] == "." and new_sentence)
    if name_after or low == "dr":
        return Token(index, stop, title)
    return Token(index, stop, road, ends=text[stop - 1] == "." and new_sentence)


def _numeral(text: str, index: int, word: str, last: Token | None) -> list[str]:
    """ "Chapter IV", "Henry VIII", "World War II"."""
    value = roman(word) if word.isupper() else 0
    if not 0 < value <= 100 or last is None or not last.words or text[last.stop : index].strip(" "):
        return []
    before = text[last.start : last.stop]
    if before.lower() in COUNTED:
        return cardinal(value)
    if before in REGNAL and word == "I" and VERB.match(text, index + 1):
        return []  # "The John I knew"
    if before in REGNAL and (len(word) > 1 or word in "IVX"):
        return ["the", *ordinal(value)]
    return cardinal(value) if len(word) > 1 and before[:1].isupper() and value < 40 else []
