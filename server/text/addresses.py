"""Words that are not prose: web and mail addresses, file names, handles, and names that mix letters and figures."""

from __future__ import annotations

import re
from collections.abc import Callable

from server.text.numerals import cardinal, decimal
from server.text.tokens import LETTER, Token

# Every repetition is bounded, so that no text makes a search slow.
URL = re.compile(r"(?i:https?://|www\.)[^\s<>\"]{0,500}[^\s<>\".,;:!?)'\]]")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
DOMAIN = re.compile(
    r"(?:[\w-]{1,63}\.){1,6}(?:com|org|net|edu|gov|io|co|uk|de|fr|info|us|ca|au|tv|me|ai|app|dev|eu)\b(?:/[\w./-]*\w)?"
)
FILE = re.compile(
    rf"{LETTER}[\w-]{{0,63}}(?:\.[\w-]{{1,32}}){{0,4}}\.(?:py|js|txt|md|pdf|csv|json|html|png|jpg|mp3|mp4|wav|zip|exe)\b"
)
HANDLE = re.compile(rf"([#@])(\w{{0,64}}{LETTER}\w{{0,64}})")
AMPERSAND = re.compile(r"[A-Z]{1,3}&[A-Z]{1,3}\b")
EMOTICON = re.compile(r"(?<!\w)(?:[:;=]['^-]?[)(DPp/|3]+|<3|\^_\^|[xX]D\b)(?!\w)")
MIX = re.compile(rf"(?=\w{{0,40}}\d)(?=\w{{0,40}}{LETTER})\w{{1,40}}(?:-\d{{1,6}}\b)?|{LETTER}{{1,40}}-\d{{1,6}}\b")
SIGNS = {".": "dot", "/": "slash", "@": "at", "-": "dash", "_": "underscore", ":": "colon", "?": "question mark"} | {
    "=": "equals", "&": "and", "#": "hash", "+": "plus", "%": "percent", "~": "tilde",
}  # fmt: skip
HOSTS = frozenset(("com", "org", "net", "edu", "gov"))

Spoken = Callable[[str], list[str]]  # the words of one written word
Known = Callable[[str], bool]


def address(text: str, index: int, known: Known) -> Token | None:
    """The address, name or emoticon that begins at `index`, if one does; an emoticon is silent."""
    if match := EMOTICON.match(text, index):
        return Token(index, match.end())
    if match := AMPERSAND.match(text, index):
        return Token(index, match.end(), tuple("and" if c == "&" else c for c in match[0]))
    for pattern in (URL, EMAIL, FILE, DOMAIN):
        if match := pattern.match(text, index):
            return Token(index, match.end(), tuple(_address(match[0], known)))
    if (match := HANDLE.match(text, index)) and (index == 0 or not text[index - 1].isalnum()):
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", match[2])
        if name := [word for part in parts for word in _piece(part, known)]:
            return Token(index, match.end(), ("hashtag" if match[1] == "#" else "at", *name))
        return Token(index, index + 1)
    return None


def mixed(text: str, index: int, known: Known, spoken: Spoken) -> Token | None:
    """ "MP3", "B2B", "COVID-19", "A380": letters and figures said in turn."""
    match = MIX.match(text, index)
    if match is None:
        return None
    words: list[str] = []
    for part in re.findall(rf"{LETTER}+|\d+", match[0]):
        if part.isdigit():
            words += _code(part, bool(words))
        elif len(part) > 3 or (len(part) > 1 and not part.isupper() and known(part.lower())):
            words += spoken(part)
        else:
            words += [letter.upper() for letter in part]
    return Token(index, match.end(), tuple(words))


def _address(text: str, known: Known) -> list[str]:
    text = re.sub(r"^https?://(www\.)?|^www\.", "", text).rstrip("/")
    words: list[str] = []
    for part in re.findall(rf"{LETTER}+|\d+|[^\w\s]|_", text):
        words += _piece(part, known) if part.isalnum() else SIGNS.get(part, "").split()
    return words


def _piece(part: str, known: Known) -> list[str]:
    if part.isdigit():
        return _code(part, inside=True)
    spelt = len(part) <= 3 and part.lower() not in HOSTS and not known(part.lower())
    return [letter.upper() for letter in part] if spelt or len(part) == 1 else [part]


def _code(text: str, inside: bool) -> list[str]:
    """Figures in a name: 380 is "three eighty", 101 "one oh one", 2024 "twenty twenty four"."""
    if text[0] == "0" or len(text) > 4 or (not inside and len(text) < 3):
        return decimal(text)
    head, tail = text[:-2], text[-2:]
    if not head or tail == "00":
        return cardinal(int(text))
    return [*cardinal(int(head)), *(["oh", *cardinal(int(tail))] if tail[0] == "0" else cardinal(int(tail)))]
