"""The real recordings that ship with the tests; `data/README.md` says whose they are."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

DATA = Path(__file__).parent / "data"
RATE = 16_000  # Hz


@dataclass(frozen=True)
class Recording:
    """A sentence as somebody read it: float32 samples at RATE, and the words in capitals."""

    file: Path
    speaker: str
    transcript: str
    samples: npt.NDArray[np.float32]

    @property
    def seconds(self) -> float:
        """How long the reading takes."""
        return len(self.samples) / RATE


@functools.cache
def recordings() -> tuple[Recording, ...]:
    """Two sentences of a woman, then two of a man."""
    with open(DATA / "transcripts.tsv", encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return tuple(
        Recording(
            DATA / row["file"],
            row["speaker"],
            row["transcript"],
            soundfile.read(DATA / row["file"], dtype="float32")[0],
        )
        for row in rows
    )
