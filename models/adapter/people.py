"""Real people for the training: where their embeddings lie, and a test of voices made for those of the dev split."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import soundfile

from frontend.audio import Samples, resample
from frontend.prosody import NoVoiceError, measure
from frontend.speaker import NoSpeechError, embed
from models.adapter.train_voices import SEGMENTS, Booth
from models.contract import ENCODER_SAMPLE_RATE, SYNTHESIS_SAMPLE_RATE
from models.runner import NativeRunner

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]

SECONDS = 10  # of a recording, as much as the script asks for


@dataclass(frozen=True, slots=True)
class People:
    """`centre` [512] of the train people's embeddings; the dev people's embeddings [n, 512], median F0s [n] in Hz.

    `others` [n, 192] is what ERes2Net hears in the dev people's other recordings.
    """

    centre: Doubles
    references: Doubles
    hertz: Doubles
    others: Doubles
    booth: Booth
    listener: onnxruntime.InferenceSession

    def listen(self, vectors: Floats) -> tuple[float, float]:
        """How close voices g [n, 512] come to the dev people: mean cosine, and the share that is closest to its own."""
        heard = []
        for index, g in enumerate(vectors):
            samples = self.booth.say(g, index % SEGMENTS)
            heard.append(_listen(self.listener, resample(samples, SYNTHESIS_SAMPLE_RATE, ENCODER_SAMPLE_RATE)))
        cosines = np.array(heard) @ self.others.T
        return float(np.diag(cosines).mean()), float(np.mean(cosines.argmax(axis=1) == np.arange(len(cosines))))


def read_people(corpus: Path, models: Path, booth: Booth) -> People:
    """The people of `corpus`/train and /dev. Raises FileNotFoundError where there is none."""
    encoder = NativeRunner(models / "speaker_encoder.onnx", 2)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    listener = onnxruntime.InferenceSession(models / "eres2net.onnx", options, providers=["CPUExecutionProvider"])
    train = [_embedding(files[0], encoder) for files in _speakers(corpus / "train")]
    references, hertz, others = [], [], []
    for files in _speakers(corpus / "dev"):
        reference = next(file for file in files if file.name.startswith("reference_"))
        try:
            hertz.append(measure(_read(reference), ENCODER_SAMPLE_RATE).f0_median_hz)
        except NoVoiceError:
            continue
        references.append(_embedding(reference, encoder))
        own = np.mean([_listen(listener, _read(file)) for file in files if file != reference], axis=0)
        others.append(own / np.linalg.norm(own))
    centre = np.mean([one for one in train if one is not None], axis=0)
    return People(centre, np.array(references), np.array(hertz), np.array(others), booth, listener)


def _speakers(folder: Path) -> Iterator[list[Path]]:
    folders = sorted({path.parent for path in folder.rglob("*.flac")})
    if not folders:
        raise FileNotFoundError(f"{folder} holds no recordings")
    return (sorted(place.glob("*.flac")) for place in folders)


def _read(path: Path) -> Samples:
    samples: Samples = soundfile.read(path, dtype="float32")[0]
    return samples[: SECONDS * ENCODER_SAMPLE_RATE]


def _embedding(path: Path, encoder: NativeRunner) -> Floats | None:
    try:
        return asyncio.run(embed(_read(path), ENCODER_SAMPLE_RATE, encoder))
    except NoSpeechError:
        return None


def _listen(listener: onnxruntime.InferenceSession, samples: Samples) -> Floats:
    embedding: Floats = listener.run(["embedding"], {"waveform": samples[np.newaxis]})[0][0]
    return embedding
