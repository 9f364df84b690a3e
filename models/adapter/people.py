"""Real people for the training: what the app's encoder and a second one (ERes2Net) hear in their recordings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from frontend.audio import Samples
from frontend.prosody import NoVoiceError, measure
from frontend.speaker import NoSpeechError, embed
from models.adapter.judge import Judge
from models.contract import ENCODER_SAMPLE_RATE
from models.runner import NativeRunner

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

SECONDS = 10  # of a recording, as much as the script asks for
LISTENER_SECONDS = 6  # ERes2Net is slow
KEPT = "adapter_people.npz"


@dataclass(frozen=True, slots=True)
class People:
    """Of n recordings: whose each is [n], unit embeddings [n, 512] and [n, 192] (ERes2Net), median F0 in Hz [n]."""

    person: Integers
    embedding: Doubles
    listener: Doubles
    hertz: Doubles


def read_people(folder: Path, models: Path) -> People:
    """The people below `folder`, a folder of recordings each; kept in `models` for the next time.

    Recordings without a voice are left out. Raises FileNotFoundError where there is none at all.
    """
    kept = models / KEPT
    if kept.exists():
        with np.load(kept) as arrays:
            return People(*(arrays[field.name] for field in fields(People)))
    encoder = NativeRunner(models / "speaker_encoder.onnx", 1)
    listener = Judge(models / "eres2net.onnx", 1)
    rows = []
    for person, files in enumerate(_speakers(folder)):
        print(f"\rlistening to person {person + 1}", end="", flush=True)
        for file in files:
            samples = _read(file)
            try:
                hertz = measure(samples, ENCODER_SAMPLE_RATE).f0_median_hz
                embedding = asyncio.run(embed(samples, ENCODER_SAMPLE_RATE, encoder))
            except (NoSpeechError, NoVoiceError):
                continue
            rows.append((person, embedding, listener.embed(samples[: LISTENER_SECONDS * ENCODER_SAMPLE_RATE]), hertz))
    print()
    person_of, embeddings, heard, hertz_of = (list(column) for column in zip(*rows, strict=True))
    people = People(
        np.array(person_of), np.array(embeddings, np.float64), np.array(heard, np.float64), np.array(hertz_of)
    )
    np.savez(kept, **{field.name: getattr(people, field.name) for field in fields(people)})
    return people


@dataclass(frozen=True, slots=True)
class Moments:
    """Of people's embeddings, the app's and ERes2Net's side by side.

    `centre` [704] is the people's mean. `embedding` [n, 512] of each recording and `listener` [n, 192], the mean of its
    person, are about it.
    """

    centre: Doubles
    embedding: Doubles
    listener: Doubles


def moments(people: People) -> Moments:
    """Each person counts once in the means, however many their recordings."""
    both, size = np.hstack([people.embedding, people.listener]), people.embedding.shape[1]
    persons, whose = np.unique(people.person, return_inverse=True)
    means = np.array([both[whose == person].mean(axis=0) for person in range(len(persons))])
    centre = means.mean(axis=0)
    return Moments(centre, people.embedding - centre[:size], means[whose, size:] - centre[size:])


def _speakers(folder: Path) -> Iterator[list[Path]]:
    folders = sorted({path.parent for path in folder.rglob("*.flac")})
    if not folders:
        raise FileNotFoundError(f"{folder} holds no recordings")
    return (sorted(place.glob("*.flac")) for place in folders)


def _read(path: Path) -> Samples:
    samples: Samples = soundfile.read(path, dtype="float32")[0]
    return samples[: SECONDS * ENCODER_SAMPLE_RATE]
