"""Tokens to sentences, and sentences to pieces that are short enough to speak at once."""

# ruff: noqa: SIM905 (a list of words reads best as text)

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from server.text.tokens import STARTERS, Token

LONGEST = 250  # characters of a piece, about 15 s of speech
FIRST_LONGEST = 120  # and of the first of all, if it has a clause to end at
SHORTEST = 30  # no piece is cut shorter
SENTENCE_PAUSE, LINE_PAUSE, PARAGRAPH_PAUSE, CLAUSE_PAUSE = 0.30, 0.45, 0.75, 0.08  # s, besides the model's own
STRENGTH = {",": 1, ":": 2, ";": 2, "…": 2, ".": 3, "!": 4, "?": 5}
JOINS = frozenset("and but or so because which who that when while where if although though as than with for".split())


@dataclass(frozen=True, slots=True)
class Piece:
    """What is spoken at once: tokens with words, each with the mark that follows it ("" for none); and the pause."""

    tokens: tuple[Token, ...]
    marks: tuple[str, ...]
    pause: float

    @property
    def length(self) -> int:
        """Characters, as written or, where that is more, as spoken."""
        return sum(_length(token) for token in self.tokens)


def _length(token: Token) -> int:
    return max(token.stop - token.start, sum(map(len, token.words)) + len(token.words)) + 1


def pieces(tokens: Iterable[Token], text: str) -> Iterator[Piece]:
    """The pieces of a text, lazily."""
    first = True
    for sentence in _sentences(tokens, text):
        for piece in _short(sentence, FIRST_LONGEST if first else LONGEST, soft=first):
            first = False
            yield piece


def _sentences(tokens: Iterable[Token], text: str) -> Iterator[Piece]:
    words: list[Token] = []
    marks: list[str] = []
    previous: Token | None = None
    for token in tokens:
        if token.words:
            if words and previous is not None and previous.ends:
                yield _sentence(words, marks, SENTENCE_PAUSE)
                words, marks = [], []
            words.append(token)
            marks.append("")
        elif words:
            if token.sign[0] == "\n":
                if not _wrapped(token, words, marks, text):
                    yield _sentence(words, marks, PARAGRAPH_PAUSE if token.sign == "\n\n" else LINE_PAUSE)
                    words, marks = [], []
            else:
                marks[-1] = max(marks[-1], token.sign, key=lambda sign: STRENGTH.get(sign, 0))
                if token.sign in ".!?…" and _ends(token, text):
                    pause = _pause_after(token.stop, text)
                    yield _sentence(words, marks, pause)
                    words, marks = [], []
        previous = token
    if words:
        yield _sentence(words, marks, SENTENCE_PAUSE)


def _ends(token: Token, text: str) -> bool:
    """Whether a full stop, question or exclamation mark ends its sentence: what follows is no small letter."""
    after = re.match(r"[\"')\]]*(\s+[\"'(\[]*|$)(\S?)", text[token.stop : token.stop + 24])
    return bool(after and not (after[2].islower() and token.sign != "."))


def _pause_after(stop: int, text: str) -> float:
    gap = re.match(r"[\"')\]\s]*", text[stop : stop + 64])
    lines = gap[0].count("\n") if gap else 0
    return PARAGRAPH_PAUSE if lines > 1 else LINE_PAUSE if lines else SENTENCE_PAUSE


def _wrapped(token: Token, words: list[Token], marks: list[str], text: str) -> bool:
    """Whether a line end is only where a paragraph was wrapped, not the end of a line of verse, a list or a title."""
    line = text[text.rfind("\n", 0, token.start) + 1 : token.start]
    after = text[token.stop : token.stop + 1]
    return token.sign == "\n" and (
        after.islower() or (len(line) > 55 and marks[-1] not in (".", "!", "?") and after.isalnum())
    )


def _sentence(words: list[Token], marks: list[str], pause: float) -> Piece:
    closed = [mark if mark not in (".", "!", "?", "…") else "," for mark in marks[:-1]]
    last = marks[-1] if marks[-1] in ("!", "?") else "."
    return Piece(tuple(words), (*closed, last), pause)


def _short(piece: Piece, longest: int, soft: bool) -> Iterator[Piece]:
    """The piece, cut at the strongest mark near its middle, else before a joining word, else anywhere."""
    if piece.length <= longest or len(piece.tokens) < 2:
        yield piece
        return
    at = _best_cut(piece, clause_only=soft and piece.length <= LONGEST)
    if at == 0:
        yield piece
        return
    head = Piece(piece.tokens[:at], (*piece.marks[: at - 1], piece.marks[at - 1] or ","), CLAUSE_PAUSE)
    yield from _short(head, longest, soft)
    yield from _short(Piece(piece.tokens[at:], piece.marks[at:], piece.pause), LONGEST, soft=False)


def _best_cut(piece: Piece, clause_only: bool) -> int:
    best, best_score, head, whole = 0, -1e9, 0, piece.length
    for at in range(1, len(piece.tokens)):
        head += _length(piece.tokens[at - 1])
        tail = whole - head
        mark, word = piece.marks[at - 1], piece.tokens[at].words[0].lower()
        if clause_only and (not mark or min(head, tail) < SHORTEST):
            continue
        strength = 120 * STRENGTH.get(mark, 0) + (40 if word in JOINS else 0) + (20 if word in STARTERS and mark else 0)
        score = strength - abs(head - tail) / 2 - (400 if min(head, tail) < SHORTEST else 0)
        if score > best_score:
            best, best_score = at, score
    return best
