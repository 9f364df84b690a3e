"""Three dictionaries become one.

- gruut-lang-en, espeak/lexicon.db (MIT): transcriptions as the synthesizer saw them in training, made by rule.
  Faithful for common words, wrong for many names, and smeared by the neighbours that each word had when it
  was transcribed ("ken" ends in ŋ).
- gruut-lang-en, lexicon.db (MIT): the CMU pronouncing dictionary, written by people, in broad phonemes.
- hibari-tts, lexicon_us_gold (Apache-2.0): Misaki's curated dictionary; more words, and parts of speech.

A transcription of the first is kept where the others agree with it in consonants and in the stressed vowel;
elsewhere the words of people win, spelt out by `surface`.
"""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from models.lexicon.surface import Phone, read_misaki, read_spaced, surface

CORRECTIONS = Path(__file__).parent / "corrections.tsv"
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*'?")
CLASSES = {"VB": "VERB", "VBD": "PAST", "NN": "NOUN", "JJ": "ADJ", "RB": "ADV"}  # of gruut's roles
MISAKI_CLASSES = {"VERB": "VERB", "VBD": "PAST", "VBN": "PAST", "NOUN": "NOUN", "ADJ": "ADJ", "ADV": "ADV"}

VOWEL = "iuɑɔoɜæɐaɛɪʊʌəɚᵻe"
SINGLE = str.maketrans({"ɾ": "t", "ʔ": "t", "ŋ": "n", "z": "s", "ʒ": "ʃ", "ð": "θ", "j": "", "w": "", "h": "", "ˌ": ""})
CONFUSABLE = (("ˈæɹ", "ˈɛɹ"), ("ˈʊɹ", "ˈɑɹ"), ("ˈuɹ", "ˈɑɹ"), ("ˈʌɹ", "ˈəɹ"), ("ˈʊ", "ˈu"), ("ˈʌ", "ˈə"), ("ˈɐ", "ˈə"))


def lexicon(trained: bytes, cmu: bytes, gold: bytes) -> bytes:
    """The merged dictionary, UTF-8, sorted by code point, a line a word: `word TAB transcription [TAB CLASS=…]…`.

    Upper-case words are acronyms that are read as words. A class (VERB, PAST, NOUN, ADJ, ADV) names the reading
    of a word that is said differently as that part of speech.
    """
    heard = {word: forms for word, forms in _gruut(trained) if WORD.fullmatch(word)}
    broad: dict[str, list[tuple[str, list[Phone]]]] = {}
    for word, forms in _gruut(cmu):
        for role, text in forms:
            _add(broad, word, CLASSES.get(role.removeprefix("gruut:"), ""), read_spaced, text)
    acronyms: dict[str, str] = {}
    for word, entry in json.loads(gzip.decompress(gold)).items():
        if word.isupper() and len(word) > 2 and isinstance(entry, str):
            acronyms[word] = surface(word.lower(), read_misaki(entry))
        for tag, text in (entry if isinstance(entry, dict) else {"DEFAULT": entry}).items():
            if text and (tag == "DEFAULT" or tag in MISAKI_CLASSES):
                _add(broad, word.lower(), MISAKI_CLASSES.get(tag, ""), read_misaki, text)
    lines = {word: _entry(word, heard.get(word, []), broad.get(word, [])) for word in heard.keys() | broad.keys()}
    lines |= acronyms
    lines |= corrections()
    rows = sorted(f"{word}\t{entry}\n".encode() for word, entry in lines.items() if entry)
    return b"".join(rows)


def corrections() -> dict[str, str]:
    """The entries that people checked by ear; they win over every dictionary."""
    rows = CORRECTIONS.read_text("utf-8").splitlines()
    return dict(row.split("\t", 1) for row in rows if row and not row.startswith("#"))


def _gruut(database: bytes) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    with tempfile.NamedTemporaryFile(suffix=".db") as file:
        file.write(database)
        file.flush()
        connection = sqlite3.connect(f"file:{file.name}?mode=ro", uri=True)
        try:
            query = "SELECT word, role, phonemes FROM word_phonemes ORDER BY word, pron_order, id"
            forms: list[tuple[str, str]] = []
            current = None
            for word, role, phonemes in connection.execute(query):
                if word != current and forms and current is not None:
                    yield current, forms
                    forms = []
                current = word
                forms.append((role, unicodedata.normalize("NFD", phonemes)))
            if current is not None:
                yield current, forms
        finally:
            connection.close()


def _add(broad: dict[str, list[tuple[str, list[Phone]]]], word: str, role: str, read: object, text: str) -> None:
    if WORD.fullmatch(word) and callable(read):
        try:
            broad.setdefault(word, []).append((role, read(text)))
        except KeyError:  # a foreign sound that neither alphabet has
            return


def _entry(word: str, heard: list[tuple[str, str]], broad: list[tuple[str, list[Phone]]]) -> str:
    """One line's right-hand side, or "" for a word without a usable transcription."""
    trained = [text.replace(" ", "") for _, text in heard]
    if not broad:
        return _mended(trained[0], []) if trained else ""
    forms = [(role, surface(word, phones)) for role, phones in broad]
    usable = [(role, text) for role, text in forms if text]
    skeletons = {skeleton(text) for _, text in usable}
    if trained and not any(role for role, _ in usable):
        mended = _mended(trained[0], [text for _, text in usable])
        return mended if skeleton(mended) in skeletons else usable[0][1]
    readings: dict[str, str] = {}
    for role, text in usable:
        same = (_mended(form, [text]) for form in trained)
        readings.setdefault(role, next((form for form in same if _same_reading(form, text)), text))
    return _classed(readings)


def _classed(readings: dict[str, str]) -> str:
    default = readings.get("") or readings.get("NOUN") or next(iter(readings.values()))
    classes = [f"{role}={text}" for role, text in sorted(readings.items()) if role and text != default]
    return "\t".join([default, *classes])


def _mended(text: str, forms: Sequence[str]) -> str:
    """A trained transcription without what its neighbour in the transcribed list did to its end."""
    text = re.sub(r"(?<=[ɚː])ɹ$", "", text) if text.endswith(("ɚɹ", "ɜːɹ")) else text
    text = re.sub("ɪ(?=ɾiz?$)", "ᵻ", re.sub("ɾ$", "t", text))
    endings = {form[-1] for form in forms}
    if text[-1] == "ŋ" and "n" in endings and "ŋ" not in endings:
        return text[:-1] + "n"
    if text[-1] == "ɚ" and "ə" in endings and "ɚ" not in endings:
        return text[:-1] + "ə"
    return text


def _same_reading(one: str, other: str) -> bool:
    """As `skeleton`, but telling the verb "use" from the noun."""
    return skeleton(one) == skeleton(other) and re.findall("[szθð]", one) == re.findall("[szθð]", other)


def skeleton(text: str) -> str:
    """What two transcriptions of one word must share: the consonants, and where and which the stressed vowel is.

    Voicing of s, flaps, glides, unstressed vowels, and vowels that General American merges (before ɹ, cot and
    caught) do not count.
    """
    if "ˈ" not in text:
        text = text.replace("ˌ", "ˈ", 1) if "ˌ" in text else re.sub(f"([{VOWEL}])", r"ˈ\1", text, count=1)
    text = text.replace("ː", "").replace("\u0329", "")
    for pair, letter in (("tʃ", "ʃ"), ("dʒ", "J"), ("eɪ", "A"), ("aɪ", "I"), ("aʊ", "W"), ("oʊ", "O"), ("ɔɪ", "Y")):
        text = text.replace(pair, letter)
    text = text.translate(SINGLE).replace("ɜ", "əɹ").replace("ɚ", "əɹ").replace("o", "ɑ").replace("ɔ", "ɑ")
    text = re.sub("ɹ+(ə?ɹ)*", "ɹ", text)
    text = re.sub("ˈ[iɪ]ə?(?=ɹ)", "ˈɪ", text)
    for vowel, merged in CONFUSABLE:
        text = text.replace(vowel, merged)
    text = re.sub(f"(?<!ˈ)[{VOWEL}]", "", text)
    return re.sub(r"([^ˈ])\1", r"\1", text)


def unchanged(content: bytes) -> bytes:
    """A file that is used as published."""
    return content
