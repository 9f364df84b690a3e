"""Thousands of voices to learn from: where each lies among the synthesizer's own, and what is heard of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples
from frontend.prosody import track_f0
from frontend.speaker import embed
from models.adapter.voices import sentences
from models.contract import SYNTHESIS_SAMPLE_RATE
from models.runner import NativeRunner
from models.synthesizer.synthesis import Prior, Synthesizer

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

SEED = 20_261_122
SEGMENTS = 24  # pieces of sentences, the same for all voices, so that their effect can be told from the voice's
FRAMES = 172  # of each piece: 2 s
SCALES = (0.75, 1.15)  # of a mixture, against a voice of the table
MIN_VOICED_FRAMES = 15
KEPT = "adapter_training_voices.npz"
BATCH = 50


@dataclass(frozen=True, slots=True)
class Coordinates:
    """The table's principal axes, each as long as the voices spread along it: g = mean + c @ axes."""

    mean: Doubles
    axes: Doubles
    voices: Doubles  # c of the table's own voices [904, 512]

    @classmethod
    def of(cls, table: Floats) -> Coordinates:
        """From the table [904, 512]; the voices' coordinates have unit variance."""
        centred = table.astype(np.float64) - table.mean(axis=0, dtype=np.float64)
        left, spread, axes = np.linalg.svd(centred, full_matrices=False)
        size = np.sqrt(len(table))
        return cls(table.mean(axis=0, dtype=np.float64), axes * spread[:, np.newaxis] / size, left * size)

    def draw(self, row: int) -> Doubles:
        """The voice of a row [512]: first the table's own, one by one, then mixtures of two, nearer and further out."""
        if row < len(self.voices):
            own: Doubles = self.voices[row]
            return own
        chance = np.random.default_rng([SEED, row])
        first, second = self.voices[chance.integers(len(self.voices), size=2)]
        angle = chance.uniform(0, np.pi / 2)
        mixture: Doubles = chance.uniform(*SCALES) * (np.cos(angle) * first + np.sin(angle) * second)
        return mixture


@dataclass(frozen=True, slots=True)
class Heard:
    """Of n voices: coordinates and unit embeddings [n, 512], pitch in 12 log2 Hz or NaN [n], the segment said [n]."""

    coordinates: Doubles
    embedding: Doubles
    pitch: Doubles
    segment: npt.NDArray[np.int64]

    def rows(self, which: npt.NDArray[np.int64]) -> Heard:
        """Some of the voices."""
        return Heard(*(getattr(self, field.name)[which] for field in fields(self)))


class Booth:
    """One process's models and the segments."""

    def __init__(self, models: Path, table: Coordinates) -> None:
        self._synthesizer = Synthesizer(models, 1)
        self._encoder = NativeRunner(models / "speaker_encoder.onnx", 1)
        self._segments = [self._segment(index, table) for index in range(SEGMENTS)]

    def _segment(self, index: int, table: Coordinates) -> Prior:
        chance = np.random.default_rng([SEED, index, 0])
        texts = sentences()
        pace = table.mean + table.voices[chance.integers(len(table.voices))] @ table.axes
        whole = self._synthesizer.prior(texts[index % len(texts)], pace[np.newaxis].astype(np.float32), chance)
        start = int(chance.integers(whole.noise.shape[2] - FRAMES + 1))
        mean, log_std, noise = (part[:, :, start : start + FRAMES] for part in (whole.mean, whole.log_std, whole.noise))
        return Prior(mean, log_std, noise, whole.noise_scale, whole.durations)

    def say(self, g: Floats, segment: int) -> Samples:
        """Two seconds at the synthesizer's rate in the voice g [512]."""
        return np.concatenate(list(self._synthesizer.stream(self._segments[segment], g[np.newaxis], repeat(FRAMES))))

    def hear(self, samples: Samples) -> tuple[Floats, float]:
        """Unit embedding [512] and pitch, as the app measures them."""
        f0 = track_f0(samples, SYNTHESIS_SAMPLE_RATE)
        voiced = f0[np.isfinite(f0)]
        pitch = 12 * np.log2(np.median(voiced)) if len(voiced) >= MIN_VOICED_FRAMES else np.nan
        return asyncio.run(embed(samples, SYNTHESIS_SAMPLE_RATE, self._encoder)), float(pitch)


_booth: Booth
_table: Coordinates


def _enter(models: Path, table: Coordinates) -> None:
    global _booth, _table
    _booth, _table = Booth(models, table), table


def _row(row: int) -> tuple[Doubles, Floats, float, int]:
    c, segment = _table.draw(row), int(np.random.default_rng([SEED, row, 1]).integers(SEGMENTS))
    g = (_table.mean + c @ _table.axes).astype(np.float32)
    return c, *_booth.hear(_booth.say(g, segment)), segment


def hear_voices(models: Path, table: Coordinates, count: int, workers: int) -> Heard:
    """What is heard of `count` voices, the same whoever works on them; kept in `models` as it grows."""
    path = models / KEPT
    columns: list[list[npt.ArrayLike]] = [[], [], [], []]
    if path.exists():
        with np.load(path) as kept:
            columns = [list(kept[field.name][:count]) for field in fields(Heard)]
    with ProcessPoolExecutor(workers, initializer=_enter, initargs=(models, table)) as pool:
        for start in range(len(columns[0]), count, BATCH):
            _append(columns, pool.map(_row, range(start, min(start + BATCH, count)), chunksize=5))
            _keep(path, columns)
            print(f"heard {len(columns[0])} of {count} voices", flush=True)
    return _heard(columns)


def _append(columns: list[list[npt.ArrayLike]], rows: Iterable[tuple[npt.ArrayLike, ...]]) -> None:
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            column.append(value)


def _keep(path: Path, columns: list[list[npt.ArrayLike]]) -> None:
    temporary = path.with_suffix(".part.npz")
    coordinates, embedding, pitch, segment = map(np.array, columns)
    np.savez(temporary, coordinates=coordinates, embedding=embedding, pitch=pitch, segment=segment)
    os.replace(temporary, path)


def _heard(columns: list[list[npt.ArrayLike]]) -> Heard:
    coordinates, embedding, pitch, segment = columns
    return Heard(
        np.array(coordinates, np.float64),
        np.array(embedding, np.float64),
        np.array(pitch, np.float64),
        np.array(segment, np.int64),
    )
