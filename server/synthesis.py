"""Text to samples: sentence by sentence, and within a sentence piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

import models
from models.contract import SYNTHESIS_SAMPLE_RATE, SpeechRequest
from models.synthesizer.synthesis import SAMPLES_PER_FRAME, Synthesizer
from server.level import GAIN, limit
from server.text import phoneme_ids, utterances, warm_up
from server.voice import Voices

Floats = npt.NDArray[np.float32]

ADAPTER = Path(models.__file__).parent / "adapter" / "adapter.onnx"

# The first sound shall come soon, each later piece before the one before has been heard, and then in
# pieces large enough that the frames decoded twice at their joins cost little.
FIRST_FRAMES = (42, 96)  # 0.5 s, of which the marker holds back 0.2 s; 1.1 s
LATER_FRAMES = 384  # 4.5 s
FADE = np.linspace(0, 1, SYNTHESIS_SAMPLE_RATE // 200, endpoint=False, dtype=np.float32)  # 5 ms


class Narrator:
    """Speaks requests with the models of a folder. Blocking; one serves many threads."""

    def __init__(self, folder: Path, adapter: Path = ADAPTER) -> None:
        self._synthesizer = Synthesizer(folder, threads=1)
        self._voices = Voices(adapter, self._synthesizer)
        self._folder = folder
        warm_up(folder)

    def narrate(self, wanted: SpeechRequest) -> Iterator[Floats]:
        """Mono samples at SYNTHESIS_SAMPLE_RATE, each piece made when it is asked for.

        The same request gives the same samples, whatever else is being spoken. What `server.text` and
        `server.voice` raise comes before the first samples.
        """
        voice = self._voices.of(wanted.voice)
        for index, utterance in enumerate(utterances(wanted.input, wanted.language, folder=self._folder)):
            noise = np.random.default_rng([wanted.seed, index])
            frames = chain(FIRST_FRAMES if index == 0 else (), repeat(LATER_FRAMES))
            prior = self._synthesizer.prior(
                np.array(phoneme_ids(utterance.phonemes)), voice.g, noise, stretch=voice.stretch / wanted.speed
            )
            pieces = self._synthesizer.stream(prior, voice.g, frames)
            for piece in _faded(pieces, prior.noise.shape[2] * SAMPLES_PER_FRAME):
                yield limit(GAIN * piece)
            yield np.zeros(round(utterance.pause_seconds / wanted.speed * SYNTHESIS_SAMPLE_RATE), np.float32)


def _faded(pieces: Iterator[Floats], samples: int) -> Iterator[Floats]:
    """The pieces of a sentence of so many samples, without a click where it begins and ends."""
    done = 0
    for piece in pieces:
        faded = piece.copy()
        if done == 0:
            faded[: len(FADE)] *= FADE
        done += len(piece)
        if done == samples:
            faded[-len(FADE) :] *= FADE[::-1]
        yield faded
