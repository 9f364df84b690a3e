"""Plain text to what a person would say: words, spelt letters and the marks between them."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Iterator

from server.text import figures
from server.text.abbreviations import SPELT
from server.text.addresses import Known, address, mixed
from server.text.shortforms import short_form
from server.text.tokens import LETTER, Token, starts_sentence

WORD = re.compile(rf"{LETTER}{{1,40}}(?:'{LETTER}{{1,40}}){{0,3}}")
MOST_WORDS = 24  # of one token, so that a mile of figures can be cut
ELISION = re.compile(r"'(?:tis|twas|em|til|cause|bout|round|n)\b'?", re.IGNORECASE)
CAMEL = re.compile(r"[A-Z]?[a-z']+|[A-Z]+(?![a-z])")
SURNAME = re.compile(r"(?:Mc|Mac|O'|D'|De|La|Le|Di|Van|Fitz)[A-Z]")
BRACKETS = frozenset("()[]{}")
MARKS = {",": ",", ";": ";", ":": ":", "—": ",", "–": ",", "|": ","}
SYMBOLS = {
    "&": "and", "%": "percent", "+": "plus", "=": "equals", "@": "at", "×": "times", "÷": "divided by",
    "<": "less than", ">": "greater than", "≤": "at most", "≥": "at least", "≈": "approximately",
    "≠": "does not equal", "−": "minus", "±": "plus or minus", "€": "euros", "£": "pounds", "$": "dollars",
    "¥": "yen", "₹": "rupees", "¢": "cents", "°": "degrees", "√": "square root of", "∞": "infinity", "→": "to",
    "§": "section", "¶": "paragraph", "²": "squared", "³": "cubed",
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
            index = token.stop
            if token.words or token.sign:
                last = token
                yield from _cut(token)

    def _next(self, text: str, index: int, last: Token | None, shouting: bool) -> Token:
        character = text[index]
        if character == "\n":
            gap = re.compile(r"[ \n]*").match(text, index)
            stop = gap.end() if gap else index + 1
            return Token(index, stop, sign="\n\n" if text.count("\n", index, stop) > 1 else "\n")
        return (
            address(text, index, self._known)
            or _figure(text, index)
            or mixed(text, index, self._known, self.spoken)
            or _elision(text, index)
            or (self._word(text, index, last, shouting) if character.isalpha() else _mark(text, index, last))
        )

    def _word(self, text: str, index: int, last: Token | None, shouting: bool) -> Token:
        match = WORD.match(text, index)
        if match is None:
            return Token(index, index + 1)
        if (token := short_form(text, index, match[0], last)) is not None:
            return token
        return Token(index, match.end(), tuple(self.spoken(match[0], shouting, at_start=_opens(last))))

    def spoken(self, word: str, shouting: bool = False, at_start: bool = False) -> list[str]:
        """The words that a written word stands for: itself, its letters, or its parts in camel case."""
        if word.lower() in GREEK:
            return [GREEK[word.lower()]]
        if len(word) == 1:
            return ["a"] if word == "a" or (word == "A" and at_start) else [word.upper()]
        stem, ending = (word[:-2], "'s") if word[-2:] in ("'s", "'S") and len(word) > 2 else (word, "")
        if re.fullmatch("[A-Z]{2,}s", stem) and not self._known(stem.lower()):
            stem, ending = stem[:-1], "'s"
        if stem.isupper() and len(stem) > 1:
            return self._capitals(stem, ending, shouting)
        parts = CAMEL.findall(word)
        if len(parts) > 1 and "".join(parts) == word and not self._known(word.lower()) and not SURNAME.match(word):
            return [said for part in parts for said in self.spoken(part)]
        return [word]

    def _capitals(self, stem: str, ending: str, shouting: bool) -> list[str]:
        """An acronym by its letters, but for those that are words, and words that are only shouted."""
        usual = self._known(stem.lower())
        long_word = len(stem) > 4 and re.search("[AEIOUY]", stem) and not re.search("[^AEIOUY]{4}", stem)
        shouted = usual and (shouting or len(stem) > 3 or stem not in SPELT)
        if self._known(stem) or shouted or long_word:
            return [stem + ending]
        return [*stem[:-1], stem[-1:] + ending]


def _cut(token: Token) -> Iterator[Token]:
    """A token with very many words as several, each with its share of the text."""
    parts = min(-(-len(token.words) // MOST_WORDS), token.stop - token.start)
    if parts <= 1:
        yield token
        return
    size = -(-len(token.words) // parts)
    places = [token.start + (token.stop - token.start) * part // parts for part in range(parts + 1)]
    for part in range(parts):
        if words := token.words[part * size : (part + 1) * size]:
            yield Token(places[part], places[part + 1], words, ends=token.ends and part == parts - 1)


def _shouting(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 8 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _opens(last: Token | None) -> bool:
    return last is None or last.sign in (".", "?", "!", "\n", "\n\n", ":", "…") or last.ends


def _figure(text: str, index: int) -> Token | None:
    character = text[index]
    if not (character.isalnum() or character in figures.STARTS) or (
        index and (text[index - 1].isalnum() or text[index - 1] == "_")
    ):
        return None
    for pattern, reading in figures.PATTERNS:
        if (match := pattern.match(text, index)) and (words := reading(match)):
            ends = match[0].endswith(".") and starts_sentence(text[match.end() : match.end() + 24])
            return Token(index, match.end(), tuple(words), ends=ends)
    return None


def _elision(text: str, index: int) -> Token | None:
    match = ELISION.match(text, index)
    if match is None:
        return None
    form = match[0].lower()
    short = form if form in ELISIONS else form.rstrip("'")
    return Token(index, index + len(short), tuple(ELISIONS[short]))


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
    if character in BRACKETS:
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
