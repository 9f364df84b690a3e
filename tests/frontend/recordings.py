"""The recordings of tests/data, as the pure core gets them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from frontend.audio import Samples

FOLDER = Path(__file__).parents[1] / "data"
WOMAN = ("2961-961-0010.flac", "2961-961-0016.flac")
MAN = ("5639-40744-0013.flac", "5639-40744-0020.flac")


def read(name: str) -> tuple[Samples, int]:
    """Samples and rate of one recording."""
    samples, rate = soundfile.read(FOLDER / name, dtype="float32")
    return np.asarray(samples, np.float32), rate
