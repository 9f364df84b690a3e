"""Thousands of voices to learn from: where each lies among the synthesizer's own, and what is heard of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from itertools import repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample
from frontend.prosody import track_f0
from frontend.speaker import embed
from models.adapter.judge import Judge
from models.adapter.voices import sentences
from models.contract import ENCODER_SAMPLE_RATE, SYNTHESIS_SAMPLE_RATE
from models.runner import NativeRunner
from models.synthesizer.synthesis import SAMPLES_PER_FRAME, Prior, Synthesizer

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

SEED = 20_261_122
SEGMENTS = 120  # pieces of sentences, the same for all voices, so that their effect can be told from the voice's
FRAMES = 172  # of each piece: 2 s
PIECE = 2 * SYNTHESIS_SAMPLE_RATE  # samples that a piece is padded to: whole cycles of the resampler
SCALES = (0.75, 1.15)  # of a mixture, against a voice of the table
MIN_VOICED_FRAMES = 15
TOGETHER = 10  # voices: the resampler's filter is designed once for all of them
BATCH = 40


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
        return mixture(first, second, chance)

    def of_vectors(self, vectors: Floats) -> Doubles:
        """c [n, 512] of g [n, 512]."""
        centred = vectors.astype(np.float64) - self.mean
        coordinates: Doubles = centred @ np.linalg.pinv(self.axes)
        return coordinates

    def vectors(self, coordinates: Doubles) -> Floats:
        """g [n, 512] of c [n, 512]."""
        return (self.mean + coordinates @ self.axes).astype(np.float32)


def mixture(first: Doubles, second: Doubles, chance: np.random.Generator) -> Doubles:
    """A voice between two, nearer or further out than they are."""
    angle = chance.uniform(0, np.pi / 2)
    mixed: Doubles = chance.uniform(*SCALES) * (np.cos(angle) * first + np.sin(angle) * second)
    return mixed


@dataclass(frozen=True, slots=True)
class Heard:
    """Of n voices: coordinates [n, 512], unit embeddings by the app's encoder [n, 512] and by ERes2Net [n, 192].

    `pitch` [n] is 12 log2 of the median F0 in Hz, or NaN; `segment` [n] is the piece that was said.
    """

    coordinates: Doubles
    embedding: Doubles
    listener: Doubles
    pitch: Doubles
    segment: npt.NDArray[np.int64]

    def rows(self, which: npt.NDArray[np.int64]) -> Heard:
        """Some of the voices."""
        return Heard(*(getattr(self, field.name)[which] for field in fields(self)))

    def __add__(self, more: Heard) -> Heard:
        return Heard(*(np.concatenate([getattr(one, field.name) for one in (self, more)]) for field in fields(self)))


class Booth:
    """One process's models and the segments."""

    def __init__(self, models: Path, table: Coordinates) -> None:
        self._table = table
        self._synthesizer = Synthesizer(models, 1)
        self._encoder = NativeRunner(models / "speaker_encoder.onnx", 1)
        self._listener = Judge(models / "eres2net.onnx", 1)
        self._segments = [self._segment(index) for index in range(SEGMENTS)]

    def _segment(self, index: int) -> Prior:
        chance = np.random.default_rng([SEED, index, 0])
        texts, voices = sentences(), self._table.voices
        whole = None
        while whole is None or whole.noise.shape[2] < FRAMES:  # some voices are too quick for the shortest sentence
            pace = self._table.vectors(voices[chance.integers(len(voices))][np.newaxis])
            whole = self._synthesizer.prior(texts[index % len(texts)], pace, chance)
        start = int(chance.integers(whole.noise.shape[2] - FRAMES + 1))
        mean, log_std, noise = (part[:, :, start : start + FRAMES] for part in (whole.mean, whole.log_std, whole.noise))
        return Prior(mean, log_std, noise, whole.noise_scale, whole.durations)

    def hear(self, coordinates: Doubles, segments: npt.NDArray[np.int64]) -> Heard:
        """What is heard of the voices c [n, 512], each saying its segment."""
        spoken = [self._say(g, segment) for g, segment in zip(self._table.vectors(coordinates), segments, strict=True)]
        joined = np.concatenate([np.pad(samples, (0, PIECE - len(samples))) for samples in spoken])
        pieces = resample(joined, SYNTHESIS_SAMPLE_RATE, ENCODER_SAMPLE_RATE).reshape(len(spoken), -1)
        pieces = pieces[:, : round(FRAMES * SAMPLES_PER_FRAME * ENCODER_SAMPLE_RATE / SYNTHESIS_SAMPLE_RATE)]
        return Heard(
            coordinates,
            np.array([asyncio.run(embed(piece, ENCODER_SAMPLE_RATE, self._encoder)) for piece in pieces], np.float64),
            np.array([self._listener.embed(piece) for piece in pieces], np.float64),
            np.array([_pitch(samples) for samples in spoken]),
            segments,
        )

    def _say(self, g: Floats, segment: int) -> Samples:
        pieces = self._synthesizer.stream(self._segments[segment], g[np.newaxis], repeat(FRAMES))
        return np.concatenate(list(pieces))


def _pitch(samples: Samples) -> float:
    f0 = track_f0(samples, SYNTHESIS_SAMPLE_RATE)
    voiced = f0[np.isfinite(f0)]
    return float(12 * np.log2(np.median(voiced))) if len(voiced) >= MIN_VOICED_FRAMES else float("nan")


_booth: Booth


def _enter(models: Path, table: Coordinates) -> None:
    global _booth
    _booth = Booth(models, table)


def _hear(voices: tuple[Doubles, npt.NDArray[np.int64]]) -> Heard:
    return _booth.hear(*voices)


class Studio:
    """Hears voices in several processes, the same whoever works on them; keeps what was heard beside the models."""

    def __init__(self, models: Path, table: Coordinates, workers: int) -> None:
        self._models = models
        self._pool = ProcessPoolExecutor(workers, initializer=_enter, initargs=(models, table))

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def hear(self, name: str, coordinates: Doubles) -> Heard:
        """What is heard of the voices c [n, 512]; `name` tells what is kept of them from what is kept of others."""
        path = self._models / f"adapter_{name}.npz"
        segments = np.random.default_rng([SEED, 1]).integers(SEGMENTS, size=len(coordinates))
        heard = _kept(path, coordinates)
        done = len(heard.segment) if heard else 0
        while done < len(coordinates):
            some = range(done, min(done + BATCH, len(coordinates)))
            for more in self._pool.map(_hear, _parts(coordinates, segments, some)):
                heard = heard + more if heard else more
            assert heard
            done = len(heard.segment)
            _keep(path, heard)
            print(f"{name}: heard {done} of {len(coordinates)} voices", flush=True)
        assert heard
        return heard


def _parts(
    coordinates: Doubles, segments: npt.NDArray[np.int64], rows: range
) -> Iterator[tuple[Doubles, npt.NDArray[np.int64]]]:
    for first in range(rows.start, rows.stop, TOGETHER):
        some = slice(first, min(first + TOGETHER, rows.stop))
        yield coordinates[some], segments[some]


def _kept(path: Path, coordinates: Doubles) -> Heard | None:
    """What an interrupted run heard of the first of these voices."""
    if not path.exists():
        return None
    with np.load(path) as kept:
        heard = Heard(*(kept[field.name] for field in fields(Heard)))
    count = min(len(heard.segment), len(coordinates))
    same = np.allclose(heard.coordinates[:count], coordinates[:count], atol=1e-6)
    return heard.rows(np.arange(count)) if same else None


def _keep(path: Path, heard: Heard) -> None:
    temporary = path.with_suffix(".part.npz")
    np.savez(temporary, **{field.name: getattr(heard, field.name) for field in fields(Heard)})
    os.replace(temporary, path)
