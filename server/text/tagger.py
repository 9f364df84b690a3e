"""Parts of speech, where a word's sound depends on them.

An averaged perceptron over Penn Treebank tags (M. Collins, 2002) with the weights and features of hibari-tts
(Apache-2.0), which were trained on spaCy's tags.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

START, END = ("-START2-", "-START-"), ("-END-", "-END2-")


class Tagger:
    """Tags sentences with the weights in `path`."""

    def __init__(self, path: Path) -> None:
        model: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
        self._certain: dict[str, str] = model["tagdict"]
        self._tags: list[str] = sorted(model["tags"], reverse=True)  # the later in the alphabet wins a draw
        self._vocabulary = frozenset(model["vocab"])
        self._weights: dict[str, dict[str, float]] = model["weights"]

    def __call__(self, words: list[str]) -> list[str]:
        """A Penn Treebank tag for each word, as "VBD"; contractions come in two words ("do", "n't")."""
        context = [*START, *(self._normal(word) for word in words), *END]
        tags = list(reversed(START))
        for index, word in enumerate(words):
            tag = self._certain.get(word)
            tags.append(tag or self._best(_features(index, word, context, tags[-1], tags[-2])))
        return tags[2:]

    def _normal(self, word: str) -> str:
        normal = "!HYPHEN" if "-" in word[1:] else "!DIGITS" if word[0].isdigit() else word.lower()
        return normal if normal in self._vocabulary else f"<{_shape(word)}>"

    def _best(self, features: Iterable[str]) -> str:
        scores: dict[str, float] = {}
        for feature in features:
            for tag, weight in self._weights.get(feature, {}).items():
                scores[tag] = scores.get(tag, 0.0) + weight
        return max(self._tags, key=lambda tag: scores.get(tag, 0.0)) if scores else "NN"


def _shape(word: str) -> str:
    if not word.isalpha():
        return "d" if word.isdigit() else "".join("d" if c.isdigit() else "x" if c.isalpha() else c for c in word[:4])
    if word.islower():
        return "x"
    if word.isupper():
        return "XX" if len(word) > 1 else "X1"
    return "Xx" if word[1:].islower() else "xX"


def _features(index: int, word: str, context: list[str], before: str, before_that: str) -> tuple[str, ...]:
    here = index + 2
    return (
        "b",
        "s3=" + word[-3:],
        "p1=" + word[0],
        "w=" + context[here],
        "sh=" + _shape(word),
        "i+" if index else "i0",
        "t-1=" + before,
        "t-2=" + before_that,
        "t-12=" + before + "," + before_that,
        "w-1=" + context[here - 1],
        "s3-1=" + context[here - 1][-3:],
        "w-2=" + context[here - 2],
        "w+1=" + context[here + 1],
        "s3+1=" + context[here + 1][-3:],
        "w+2=" + context[here + 2],
    )
