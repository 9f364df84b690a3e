"""From a text to the utterances that the synthesizer speaks."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.synthesizer.phonemes import alphabet, to_ids
from server.text.characters import Cleaned, clean
from server.text.errors import TextError
from server.text.language import check_language
from server.text.lexicon import Lexicon
from server.text.phrases import phrase
from server.text.pronunciations import Pronunciations
from server.text.reading import Reader
from server.text.sentences import Piece, pieces
from server.text.tagger import Tagger
from server.text.tokens import Token

MODELS = Path(__file__).parents[2] / ".cache" / "models"
CONTRACTION = re.compile(r"(?i)(.+?)(n't|'(?:s|m|d|re|ve|ll))")
PAST_CUES = frozenset(("yesterday", "ago", "last", "earlier", "previously", "once", "already", "recently"))
VERB_CUES = frozenset(
    ("i", "you", "we", "they", "will", "would", "can", "could", "should", "must", "may", "might", "n't")
)
SOUNDED = re.compile("[^ˈˌː .,;:!?]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word as it is said, heard as `phonemes[first_phoneme:last_phoneme + 1]` of its utterance."""

    word: str
    first_phoneme: int
    last_phoneme: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is written, `request[start_char:end_char]`, and the one or more words that are said for it."""

    text: str
    start_char: int
    end_char: int
    spoken: tuple[Spoken, ...]

    @property
    def first_phoneme(self) -> int:
        """Where in the utterance's phonemes it begins."""
        return self.spoken[0].first_phoneme

    @property
    def last_phoneme(self) -> int:
        """Where it ends, inclusive."""
        return self.spoken[-1].last_phoneme


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is synthesized at once: its text, one character a phoneme or mark, its words, and the silence after it."""

    text: str
    phonemes: str
    words: tuple[Word, ...]
    pause_seconds: float


class Speaker:
    """The front end with the files of a folder; one serves many threads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.lexicon = Lexicon(folder)
        self.reader = Reader(self.lexicon.knows)

    @functools.cached_property
    def _tagger(self) -> Tagger:
        return Tagger(self._folder / "tagger.json.gz")

    def utterances(self, text: str, pronunciations: Mapping[str, str]) -> Iterator[Utterance]:
        check_language(text, self.lexicon.knows)
        wanted = Pronunciations(pronunciations, self.lexicon)
        source = clean(text)
        own: dict[Token, str] = {}

        def tokens() -> Iterator[Token]:
            for token, said in wanted.applied(self.reader.tokens(source.text), source.text):
                if said:
                    own[token] = said
                yield token

        spoken = False
        for piece in pieces(tokens(), source.text):
            if (utterance := self._utterance(piece, source, text, own)) is not None:
                spoken = True
                yield utterance
        if not spoken:
            raise TextError("nothing-to-say")

    def _utterance(self, piece: Piece, source: Cleaned, text: str, own: Mapping[Token, str]) -> Utterance | None:
        roles = self._roles(piece)
        parts: list[str] = []
        words: list[Word] = []
        length = 0
        for clause in _clauses(piece):
            said = self._clause([piece.tokens[index] for index in clause], [roles[index] for index in clause], own)
            for index, spoken in zip(clause, said, strict=True):
                token, mark = piece.tokens[index], piece.marks[index]
                heard: list[Spoken] = []
                for word, transcription in spoken if any(SOUNDED.search(said) for _, said in spoken) else ():
                    gap = "" if not length or transcription[0] in "+," else " "
                    transcription = transcription.replace("+", "")
                    first, length = length + len(gap), length + len(gap) + len(transcription)
                    parts.append(gap + transcription)
                    if SOUNDED.search(transcription):
                        heard.append(Spoken(word, first, length - 1))
                if heard:
                    start, end = source.starts[token.start], source.ends[token.stop - 1]
                    words.append(Word(text[start:end], start, end, tuple(heard)))
                if mark and length and parts[-1] not in (",", ";", ":"):
                    parts.append(mark)
                    length += 1
        if not words:
            return None
        start, end = words[0].start_char, words[-1].end_char
        return Utterance(text[start:end], "".join(parts), tuple(words), piece.pause)

    def _clause(
        self, tokens: list[Token], roles: list[list[str]], own: Mapping[Token, str]
    ) -> list[list[tuple[str, str]]]:
        """For each token its spoken words with their transcriptions; one that begins with "+" follows without a gap."""
        owners = [index for index, token in enumerate(tokens) for _ in token.words]
        words = [word for token in tokens for word in token.words]
        kinds = [role for kinds in roles for role in kinds]

        def say(at: int) -> str:
            token = tokens[owners[at]]
            return own[token] if token in own else "," if words[at] == "," else self.lexicon.say(words[at], kinds[at])

        keys = [f"/{word}" if tokens[owner] in own else word for word, owner in zip(words, owners, strict=True)]
        spoken: list[list[tuple[str, str]]] = [[] for _ in tokens]
        for owner, word, said in zip(owners, words, phrase(keys, say), strict=True):
            if said := "".join(c for c in said if c == "+" or c in alphabet()):
                spoken[owner].append((word, said))
        return spoken

    def _roles(self, piece: Piece) -> list[list[str]]:
        """The dictionary's class of each spoken word; the tagger runs only where one matters."""
        spoken = [word for token in piece.tokens for word in token.words]
        doubtful = [len(self.lexicon.entry(word.lower())) > 1 for word in spoken]
        if not any(doubtful):
            return [[""] * len(token.words) for token in piece.tokens]
        split: list[str] = []
        places: list[int] = []
        for token, mark in zip(piece.tokens, piece.marks, strict=True):
            for word in token.words:
                places.append(len(split))
                match = CONTRACTION.fullmatch(word)
                split += match.groups() if match else [word]
            split += [mark] if mark else []
        tags = self._tagger(split)
        kinds = [_role(split, tags, place) if doubt else "" for place, doubt in zip(places, doubtful, strict=True)]
        remaining = iter(kinds)
        return [[next(remaining) for _ in token.words] for token in piece.tokens]


def _role(words: list[str], tags: list[str], at: int) -> str:
    """The dictionary's class for a tag, and what the tagger overlooks: "I object", "I read it yesterday"."""
    tag, before = tags[at], words[at - 1].lower() if at else ""
    if tag in ("VBD", "VBN") or (tag == "VBP" and any(word.lower() in PAST_CUES for word in words)):
        return "PAST"
    if tag[0] == "N" and before in VERB_CUES:
        return "VERB"
    return {"V": "VERB", "N": "NOUN", "J": "ADJ", "R": "ADV"}.get(tag[0], "")


def _clauses(piece: Piece) -> Iterator[list[int]]:
    clause: list[int] = []
    for index, mark in enumerate(piece.marks):
        clause.append(index)
        if mark:
            yield clause
            clause = []
    if clause:
        yield clause


@functools.cache
def _speaker(folder: Path) -> Speaker:
    return Speaker(folder)


def utterances(
    text: str, language: str = "en", pronunciations: Mapping[str, str] | None = None, folder: Path = MODELS
) -> Iterator[Utterance]:
    """The utterances of a text in order, made as they are asked for.

    `pronunciations` maps written words to "/IPA/" or a respelling; `folder` holds the products of `models.lexicon`.
    Raises TextError at the first `next`, before anything is spoken.
    """
    if language != "en":
        raise TextError("unsupported-language", "en", field="language")
    speaker = _speaker(folder)
    try:
        yield from speaker.utterances(text, pronunciations or {})
    finally:
        speaker.lexicon.forget()


def warm_up(folder: Path = MODELS) -> None:
    """Load what the first request would have to wait for."""
    for _ in utterances("Please record the zorbified Mr. Smith's 3rd present.", folder=folder):
        pass


def phoneme_ids(phonemes: Iterable[str]) -> list[int]:
    """The synthesizer's input for an utterance's phonemes; phoneme i stands at 2 i + 2. Raises KeyError."""
    ids: list[int] = to_ids("".join(phonemes)).tolist()
    return ids
