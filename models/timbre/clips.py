"""Clips to train with: clones of the corpus's people, reading what others of them read."""

from __future__ import annotations

import csv
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.adapter.people import People
from models.adapter.train import clones
from models.synthesizer.synthesis import Synthesizer
from models.timbre.network import HOP
from server.synthesis import ADAPTER
from server.text import phoneme_ids, utterances

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

SEED = 20_261_123
COUNT = 2_800
LENGTH = 258 * HOP  # samples: 3.0 s; what is shorter is said again
WORDS = (9, 12)  # of a clip
KEPT = "timbre_clips.npz"


@dataclass(frozen=True, slots=True)
class Clips:
    """Of n clips: samples int16 [n, LENGTH], and the recording [n] from which the voice was cloned."""

    samples: npt.NDArray[np.int16]
    row: Integers

    def some(self, which: Integers) -> Floats:
        """Samples float32 [k, LENGTH] in [-1, 1]."""
        return (self.samples[which] / 32_767).astype(np.float32)


class _Booth:
    """One process's models."""

    def __init__(self, models: Path, people: People, vectors: Floats, texts: list[list[str]]) -> None:
        self._models, self._person, self._vectors, self._texts = models, people.person, vectors, texts
        self._persons = np.unique(people.person)
        self._synthesizer = Synthesizer(models, 1)

    def read(self, number: int) -> tuple[npt.NDArray[np.int16], int]:
        """The clip of this number, and its recording: person after person, one of their recordings by chance."""
        chance = np.random.default_rng([SEED, number])
        row = int(chance.choice(np.flatnonzero(self._person == self._persons[number % len(self._persons)])))
        g = self._vectors[row : row + 1]
        words = self._texts[chance.integers(len(self._texts))]
        start = int(chance.integers(len(words) - WORDS[1]))
        text = " ".join(words[start : start + int(chance.integers(WORDS[0], WORDS[1] + 1))])
        read = next(utterances(text.capitalize() + ".", "en", None, self._models))
        ids = np.array(phoneme_ids(read.phonemes), np.int64)
        (spoken,) = self._synthesizer.decode(self._synthesizer.encode(ids, g, chance).z, g)
        return (np.resize(spoken, LENGTH) * 32_767).astype(np.int16), row


_booth: _Booth


def _enter(models: Path, people: People, vectors: Floats, texts: list[list[str]]) -> None:
    global _booth
    _booth = _Booth(models, people, vectors, texts)


def _read(number: int) -> tuple[npt.NDArray[np.int16], int]:
    return _booth.read(number)


def read_clips(corpus: Path, models: Path, people: People, workers: int) -> Clips:
    """The same clips whoever works on them; kept in `models` for the next time."""
    kept = models / KEPT
    if kept.exists():
        with np.load(kept) as arrays:
            return Clips(*(arrays[field.name] for field in fields(Clips)))
    with open(corpus / "utterances.tsv", encoding="utf-8") as file:
        said = [
            row["transcript"].lower().split() for row in csv.DictReader(file, delimiter="\t") if row["split"] == "train"
        ]
    texts = [words for words in said if len(words) > WORDS[1]]
    vectors = clones(ADAPTER.read_bytes(), people)
    with ProcessPoolExecutor(workers, initializer=_enter, initargs=(models, people, vectors, texts)) as pool:
        samples, rows = zip(*pool.map(_read, range(COUNT), chunksize=50), strict=True)
    clips = Clips(np.array(samples), np.array(rows))
    np.savez(kept, samples=clips.samples, row=clips.row)
    return clips
