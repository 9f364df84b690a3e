"""The 904 voices of the synthesizer as the app would hear them: synthesized, then measured like a recording."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples
from frontend.prosody import measure
from frontend.speaker import embed
from models.contract import SYNTHESIS_SAMPLE_RATE
from models.runner import NativeRunner
from models.synthesizer.phonemes import to_ids
from models.synthesizer.synthesis import Synthesizer

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voices:
    """What was heard of each row: its voice in the table, embedding [n, 512], prosody [n, 3], true vector [n, 512]."""

    voice: npt.NDArray[np.int64]
    embedding: Floats
    prosody: Floats
    g: Floats

    def of(self, voices: npt.NDArray[np.int64]) -> Voices:
        """The rows of these voices only."""
        rows = np.isin(self.voice, voices)
        return Voices(self.voice[rows], self.embedding[rows], self.prosody[rows], self.g[rows])


def sentences() -> list[npt.NDArray[np.int64]]:
    """Phoneme ids of the sentences that the voices read."""
    with open(Path(__file__).parent / "sentences.tsv", encoding="utf-8") as file:
        return [to_ids(row["ipa"]) for row in csv.DictReader(file, delimiter="\t")]


class Listener:
    """Lets a speaker vector read aloud and measures what is heard, exactly as the app does with a recording."""

    def __init__(self, models: Path, threads: int) -> None:
        self._synthesizer = Synthesizer(models, threads)
        self._encoder = NativeRunner(models / "speaker_encoder.onnx", threads)
        self._sentences = sentences()

    def record(self, g: Floats, chance: np.random.Generator) -> Samples:
        """A recording at 22 050 Hz of g [512] reading a sentence drawn by `chance`."""
        sentence = self._sentences[chance.integers(len(self._sentences))]
        z = self._synthesizer.encode(sentence, g[np.newaxis], chance).z
        (recording,) = self._synthesizer.decode(z, g[np.newaxis])
        return recording

    def hear(self, recording: Samples) -> tuple[Floats, Floats]:
        """Embedding [512] and prosody [3] of a recording at 22 050 Hz."""
        embedding = asyncio.run(embed(recording, SYNTHESIS_SAMPLE_RATE, self._encoder))
        return embedding, np.array(astuple(measure(recording, SYNTHESIS_SAMPLE_RATE)), np.float32)
