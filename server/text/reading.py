"""Plain text to what a person would say: words, spelt letters and the marks between them."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from server.text import figures
from server.text.abbreviations import (
    AFTER_NUMBER,
    BEFORE_NAME,
    BEFORE_NUMBER,
    CALENDAR,
    COUNTED,
    PLAIN_WORDS,
    REGNAL,
    SPELT,
    WITH_STOP,
    WITHOUT_STOP,
)
from server.text.numerals import cardinal, decimal, ordinal, roman

Known = Callable[[str], bool]

LETTER = r"[^\W\d_²³¹½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]"
WORD = re.compile(rf"{LETTER}+(?:'{LETTER}+)*")
URL = re.compile(r"(?i:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)'\]]")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
DOMAIN = re.compile(
    r"(?:[\w-]+\.)+(?:com|org|net|edu|gov|io|co|uk|de|fr|info|us|ca|au|tv|me|ai|app|dev|eu)\b(?:/[\w./-]*\w)?"
)
HANDLE = re.compile(rf"([#@])(\w*{LETTER}\w*)")
FILE = re.compile(
    rf"{LETTER}[\w-]*(?:[._]{LETTER}?[\w-]+)*\.(?:py|js|txt|md|pdf|csv|json|html|png|jpg|mp3|mp4|wav|zip|exe)\b"
)
INITIALS = re.compile(r"(?:[A-Za-z]\.){2,}(?:[A-Z]\b)?|[A-Z]\.(?: ?[A-Z]\.)*(?= ?[A-Z][a-z'])")
MIX = re.compile(rf"(?=\w*\d)(?=\w*{LETTER})\w+(?:-\d+\b)?|{LETTER}+-\d+\b")
EMOTICON = re.compile(r"(?<!\w)(?:[:;=]['^-]?[)(DPp/|3]+|<3|\^_\^|[xX]D\b)(?!\w)")
ELISION = re.compile(r"'(?:tis|twas|em|til|cause|bout|round|n)\b'?", re.IGNORECASE)
OPENING = frozenset("([{")
CLOSING = frozenset(")]}")
MARKS = {",": ",", ";": ";", ":": ":", ".": ".", "?": "?", "!": "!", "—": ",", "–": ",", "…": "…", "|": ","}
SYMBOLS = {
    "&": "and", "%": "percent", "+": "plus", "=": "equals", "@": "at", "×": "times", "÷": "divided by", "<": "less than",
    ">": "greater than", "≤": "at most", "≥": "at least", "≈": "approximately", "≠": "does not equal", "±": "plus or minus",
    "€": "euros", "£": "pounds", "$": "dollars", "¥": "yen", "₹": "rupees", "¢": "cents", "°": "degrees", "√": "square root of",
    "∞": "infinity", "→": "to", "§": "section", "¶": "paragraph", "−": "minus", "²": "squared", "³": "cubed",
}  # fmt: skip
GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψω",
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon "
        "phi chi psi omega".split(),
        strict=True,
    )
) | {"µ": "micro"}
ELISIONS = {"'tis": ["it", "is"], "'twas": ["it", "was"], "'til": ["until"], "'cause": ["because"], "'n'": ["and"]} | {
    "'bout": ["about"], "'round": ["around"], "'em": ["them"], "'n": ["and"],
}  # fmt: skip
SHORTHAND = {"w/o": ["without"], "w/": ["with"], "b/c": ["because"], "c/o": ["care", "of"], "n/a": ["N", "A"]}
STARTERS = frozenset(
    "the a an he she it they we i you this that these those but and so in on at for if when while after before "
    "there his her their our my your its as with from to now then however what who why where how one no yes".split()
)


@dataclass(frozen=True, slots=True)
class Token:
    """`text[start:stop]` is said as `words`, or is the mark `sign`: , ; : . ? ! … or a line's or paragraph's end.

    Words are written as people write them; a capital letter alone is its name, but for "I" and "A" before a word.
    """

    start: int
    stop: int
    words: tuple[str, ...] = ()
    sign: str = ""
    ends: bool = False  # an abbreviation whose full stop may also end the sentence


class Reader:
    """Reads plain text; `known` says whether a lower-case word is in the dictionary."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def tokens(self, text: str) -> Iterator[Token]:
        """The tokens of a text, in order; what has no sound is left out."""
        shouting = _shouting(text)
        index = 0
        last: Token | None = None
        while index < len(text):
            if text[index] == " ":
                index += 1
                continue
            token = self._next(text, index, last, shouting)
            if token.words or token.sign:
                yield token
                last = token
            index = token.stop

    def _next(self, text: str, index: int, last: Token | None, shouting: bool) -> Token:
        character = text[index]
        if character == "\n":
            stop = index + len(text[index:]) - len(text[index:].lstrip(" \n"))
            return Token(index, stop, sign="\n\n" if text.count("\n", index, stop) > 1 else "\n")
        if (token := _structured(text, index, self)) is not None:
            return token
        if character.isdigit() or character in figures.STARTS or character.isalpha():
            if (token := _figure(text, index)) is not None:
                return token
        if match := MIX.match(text, index):
            return Token(index, match.end(), tuple(self._mixed(match[0])))
        if match := ELISION.match(text, index):
            words = ELISIONS.get(match[0].lower()) or ELISIONS[match[0].lower().rstrip("'")]
            return Token(index, match.end() if match[0].lower() in ELISIONS else match.end() - 1, tuple(words))
        if character.isalpha():
            return self._word(text, index, last, shouting)
        return _mark(text, index, last)

    def _word(self, text: str, index: int, last: Token | None, shouting: bool) -> Token:
        if match := INITIALS.match(text, index):
            if (token := self._initials(text, match)) is not None:
                return token
        for short, words in SHORTHAND.items():
            if text.startswith(short, index) and not text[index + len(short) : index + len(short) + 1].isalnum():
                return Token(index, index + len(short), tuple(words))
        match = WORD.match(text, index)
        if match is None:
            return Token(index, index + 1)
        word, stop = match[0], match.end()
        if text.startswith("'", stop) and word[-1] in "sS" and text[stop + 1 : stop + 2] in (" ", ""):
            pass  # a plural possessive's apostrophe is silent
        if (token := _abbreviation(text, index, word, stop)) is not None:
            return token
        if (words := _numeral(text, word, stop, last)) is not None:
            return Token(index, stop, tuple(words))
        return Token(index, stop, tuple(self.spoken(word, shouting, at_start=_opens(last))))

    def _initials(self, text: str, match: re.Match[str]) -> Token | None:
        letters = re.findall(r"[A-Za-z]", match[0])
        form = match[0].rstrip(".").lower()
        dotted = match[0].replace(" ", "").lower().rstrip(".")
        if form in ("e.g", "i.e"):
            return Token(match.start(), match.end(), tuple(WITH_STOP[form].split()))
        if len(letters) == 1 and match[0][0] == "I" and not re.search(r"[A-Z][a-z]+ $", text[: match.start()][-12:]):
            return None  # "So did I. Then …"
        if dotted == "ph.d":
            letters = ["P", "h", "D"]
        after = text[match.end() : match.end() + 16]
        ends = bool(match[0].endswith(".") and len(letters) > 1 and _starts_sentence(after))
        return Token(match.start(), match.end(), tuple(letter.upper() for letter in letters), ends=ends)

    def spoken(self, word: str, shouting: bool = False, at_start: bool = False) -> list[str]:
        """The words that a written word stands for: itself, its letters, or its parts in camel case."""
        if word in GREEK or word.lower() in GREEK:
            return [GREEK[word.lower()]]
        if len(word) == 1:
            return ["a"] if word == "a" or (word == "A" and at_start) else [word.upper()]
        stem, ending = re.fullmatch(r"(.+?)((?:'[sS])?)", word, re.DOTALL).groups()  # type: ignore[union-attr]
        if re.fullmatch(r"[A-Z]{2,}s", stem) and not self._known(stem.lower()):
            stem, ending = stem[:-1], "'s"
        if stem.isupper() and len(stem) > 1:
            return self._capitals(stem, ending, shouting)
        if (
            not self._known(word.lower())
            and (parts := re.findall(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])", word))
            and len(parts) > 1
        ):
            if "".join(parts) == word and not re.match(r"(Mc|Mac|O'|D'|De|La|Le|Di|Van|Fitz)[A-Z]", word):
                return [said for part in parts for said in self.spoken(part)]
        return [word]

    def _capitals(self, stem: str, ending: str, shouting: bool) -> list[str]:
        spell = not self._known(stem) and (
            not self._known(stem.lower())
            if len(stem) > 3 or shouting
            else stem in SPELT or not self._known(stem.lower())
        )
        if spell and len(stem) > 4 and re.search("[AEIOUY]", stem) and not re.search("[^AEIOUY]{4}", stem):
            spell = False  # long and pronounceable
        if not spell:
            return [stem + ending.lower()]
        *head, tail = stem
        return [*head, tail + ending.lower()]

    def _mixed(self, text: str) -> list[str]:
        """ "MP3", "B2B", "COVID-19", "A380": letters and figures said in turn."""
        words: list[str] = []
        for part in re.findall(rf"{LETTER}+|\d+", text):
            if part.isdigit():
                words += _code(part, bool(words))
            elif len(part) > 3 or (self._known(part.lower()) and not part.isupper() and len(part) > 1):
                words += self.spoken(part)
            else:
                words += [letter.upper() for letter in part]
        return words


def _shouting(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _opens(last: Token | None) -> bool:
    return last is None or last.sign in (".", "?", "!", "\n", "\n\n", ":", "…") or last.ends


def _starts_sentence(after: str) -> bool:
    word = re.match(r"[\"')\]]*\s+[\"'(]*([A-Z][a-z]*)\b|[\"')\]]*\s*$", after)
    return bool(word and (word[1] is None or word[1].lower() in STARTERS))


def _figure(text: str, index: int) -> Token | None:
    if index and (text[index - 1].isalnum() or text[index - 1] == "_"):
        return None
    for pattern, reading in figures.PATTERNS:
        if (match := pattern.match(text, index)) and (words := reading(match)):
            ends = match[0].endswith(".") and _starts_sentence(text[match.end() : match.end() + 16])
            return Token(index, match.end(), tuple(words), ends=ends)
    return None


def _structured(text: str, index: int, reader: Reader) -> Token | None:
    """Addresses, handles, file names and emoticons."""
    if match := EMOTICON.match(text, index):
        return Token(index, match.end())
    for pattern in (URL, EMAIL, FILE, DOMAIN):
        if match := pattern.match(text, index):
            return Token(index, match.end(), tuple(_address(match[0], reader)))
    if (match := HANDLE.match(text, index)) and (index == 0 or not text[index - 1].isalnum()):
        name = [w for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", match[2]) for w in _piece(part, reader)]
        return Token(index, match.end(), ("hashtag" if match[1] == "#" else "at", *name)) if name else None
    return None


ADDRESS_SIGNS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", ":": "colon"} | {
    "?": "question mark", "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent", "~": "tilde",
}  # fmt: skip


def _address(text: str, reader: Reader) -> list[str]:
    text = re.sub(r"^https?://(www\.)?|^www\.", "", text).rstrip("/")
    words: list[str] = []
    for part in re.findall(rf"{LETTER}+|\d+|[^\w\s]|_", text):
        words += ADDRESS_SIGNS.get(part, "").split() if not part.isalnum() else _piece(part, reader)
    return words


def _piece(part: str, reader: Reader) -> list[str]:
    if part.isdigit():
        return _code(part, inside=True)
    if (
        len(part) <= 3
        and part.lower() not in ("com", "org", "net", "edu", "gov", "www")
        and not reader._known(part.lower())
    ):
        return [letter.upper() for letter in part]
    return ["w" if part == "www" else part] if len(part) > 1 else [part.upper()]


def _code(text: str, inside: bool) -> list[str]:
    """Figures in a name: 380 is "three eighty", 101 "one oh one", 2024 "twenty twenty four"."""
    if text[0] == "0" or len(text) > 4 or not inside and len(text) < 3:
        return decimal(text)
    if len(text) <= 2:
        return cardinal(int(text))
    head, tail = text[:-2], text[-2:]
    if tail == "00":
        return cardinal(int(text))
    return [*cardinal(int(head)), *(["oh", *cardinal(int(tail))] if tail[0] == "0" else cardinal(int(tail)))]


def _abbreviation(text: str, index: int, word: str, stop: int) -> Token | None:
    low = word.lower()
    stopped = text.startswith(".", stop)
    after = text[stop + stopped : stop + stopped + 24]
    if low == "et" and (match := re.match(r"et al\.?", text[index:])):
        return Token(
            index, index + match.end(), ("and", "others"), ends=_starts_sentence(text[index + match.end() :][:16])
        )
    if low == "no" and stopped and re.match(r" ?\d", after):
        return Token(index, stop + 1, ("number",))
    if low in ("dr", "st") and (stopped or low == "dr" and word == "Dr"):
        return _doctor_or_drive(text, index, low, stop, stopped, after)
    if (
        low in CALENDAR
        and stopped
        and word[0].isupper()
        and (low not in ("sun", "sat", "mar", "wed") or after[:1] in " ,")
    ):
        if re.match(r" ?\d|,| [a-z(]", after):
            return Token(index, stop + 1, (CALENDAR[low],))
    if low not in WITH_STOP or not (stopped or low in WITHOUT_STOP and (word[0].isupper() or low in ("etc", "vs"))):
        return None
    number_after = bool(re.match(r" ?\d", after))
    number_before = bool(re.search(r"\d ?$", text[max(index - 3, 0) : index]))
    name_after = bool(re.match(r" ?[A-Z]", after))
    if stopped and low in PLAIN_WORDS | BEFORE_NUMBER | BEFORE_NAME | AFTER_NUMBER:
        fits = (low in BEFORE_NUMBER and number_after) or (low in AFTER_NUMBER and number_before)
        fits = fits or (low in BEFORE_NAME and word[0].isupper() and name_after)
        fits = fits or (low in ("co", "ed", "est") and word[0].isupper() and not name_after)
        fits = fits or (low == "v" and word == "v" and name_after)
        if not fits:
            return None
    said = "foot" if low == "ft" and not number_before else WITH_STOP[low]
    return Token(
        index, stop + stopped, tuple(said.split()), ends=stopped and _starts_sentence(after) and low not in BEFORE_NAME
    )


def _doctor_or_drive(text: str, index: int, low: str, stop: int, stopped: bool, after: str) -> Token | None:
    """ "Dr. King lives on King Dr.", "St. Paul's on Main St.": the title before a name, the road after one."""
    name_before = bool(re.search(r"(?:[A-Z][a-z]+|\dth|\dst|\dnd|\drd) $", text[max(index - 16, 0) : index]))
    name_after = bool(re.match(r" [A-Z][a-z]", after))
    title, road = (("doctor",), ("drive",)) if low == "dr" else (("saint",), ("street",))
    if name_before and (not name_after or _starts_sentence(after)):
        return Token(index, stop + stopped, road, ends=stopped and _starts_sentence(after))
    if name_after or low == "dr":
        return Token(index, stop + stopped, title)
    return Token(index, stop + stopped, road, ends=stopped and _starts_sentence(after))


def _numeral(text: str, word: str, stop: int, last: Token | None) -> list[str] | None:
    """ "Chapter IV", "Henry VIII", "World War II"."""
    value = roman(word) if word.isupper() else 0
    if not value or value > 100 or last is None or not last.words or text[last.stop : stop - len(word)].strip():
        return None
    before = text[last.start : last.stop]
    if before.lower() in COUNTED:
        return cardinal(value)
    if before in REGNAL and (len(word) > 1 or word in "IVX") and not (word == "I" and _verb_follows(text, stop)):
        return ["the", *ordinal(value)]
    return (
        cardinal(value)
        if len(word) > 1 and before[:1].isupper() and value < 40 and word not in ("CD", "DC", "MD", "DIM")
        else None
    )


def _verb_follows(text: str, stop: int) -> bool:
    return bool(re.match(r" (?:am|was|have|had|will|would|can|could|do|did|think|know|want|[a-z]+ed)\b", text[stop:]))


def _mark(text: str, index: int, last: Token | None) -> Token:
    character = text[index]
    if character in ".!?…":
        match = re.compile(r"[.!?…]+").match(text, index)
        run = match[0] if match else character
        sign = "?" if "?" in run else "!" if "!" in run else "…" if run.strip(".") or len(run) > 1 else "."
        inside = (
            run == "." and index + 1 < len(text) and text[index + 1].isalnum() and index and text[index - 1].isalnum()
        )
        return Token(index, index + len(run), ("dot",) if inside else (), "" if inside else sign)
    if character == "-":
        match = re.compile(r"-+").match(text, index)
        stop = match.end() if match else index + 1
        alone = text[index - 1 : index] in ("", " ", "\n") and text[stop : stop + 1] in ("", " ", "\n")
        return Token(
            index, stop, sign="," if stop - index > 1 or (alone and last is not None and not last.sign) else ""
        )
    if character in OPENING or character in CLOSING:
        return Token(index, index + 1, sign="," if last is not None and not last.sign else "")
    if character in MARKS:
        return Token(index, index + 1, sign=MARKS[character])
    if character == "/":
        letters = index and text[index - 1].isalpha() and text[index + 1 : index + 2].isalpha()
        and_or = letters and text[max(index - 3, 0) : index + 3].lower() == "and/or"
        return Token(index, index + 1, () if and_or or not letters else ("slash",))
    if character in SYMBOLS and (character not in "<>" or re.search(r"\w ?$", text[:index][-2:])):
        return Token(index, index + 1, tuple(SYMBOLS[character].split()))
    return Token(index, index + 1)
