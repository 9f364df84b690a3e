"""Text to samples: sentence by sentence, and within a sentence piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt

import models
from models.contract import SYNTHESIS_SAMPLE_RATE, ContractError
from models.requests import Line, SpeechRequest
from models.synthesizer.synthesis import SAMPLES_PER_FRAME, Synthesizer
from models.timbre.filter import Timbre
from server.level import GAIN, limit
from server.text import TextError, Utterance, phoneme_ids, utterances, warm_up
from server.timings import Sentence, timed
from server.voice import UnusableVoiceError, Voice, Voices

Floats = npt.NDArray[np.float32]

ADAPTER = Path(models.__file__).parent / "adapter" / "adapter.onnx"
TIMBRE = Path(models.__file__).parent / "timbre" / "timbre.onnx"

# The first sound shall come soon, each later piece before the one before has been heard, and then in
# pieces large enough that the frames decoded twice at their joins cost little.
FIRST_FRAMES = (49, 96)  # 0.6 s, of which the timbre filter holds back 0.1 s and the marker 0.2 s; 1.1 s
LATER_FRAMES = 384  # 4.5 s
FADE = np.linspace(0, 1, SYNTHESIS_SAMPLE_RATE // 200, endpoint=False, dtype=np.float32)  # 5 ms


class Narrator:
    """Speaks requests with the models of a folder. Blocking; one serves many threads.

    Without a `timbre` filter, voices stay as the synthesizer speaks them.
    """

    def __init__(self, folder: Path, adapter: Path = ADAPTER, timbre: Path | None = TIMBRE) -> None:
        self._synthesizer = Synthesizer(folder, threads=1)
        self._timbre = Timbre(timbre) if timbre else None
        self._voices = Voices(adapter, self._synthesizer)
        self._folder = folder
        warm_up(folder)

    def narrate(self, wanted: SpeechRequest) -> Iterator[Floats | Sentence]:
        """Mono samples at SYNTHESIS_SAMPLE_RATE, each piece made when it is asked for; before its sound, each sentence.

        The same request gives the same samples, whatever else is being spoken. Raises ContractError before the
        first samples for any line that can't be spoken, with the path to what is wrong.
        """
        voices: dict[int, Voice] = {}
        for line in wanted.lines:
            if id(line.voice) not in voices:
                voices[id(line.voice)] = self._voice(line)
        texts = [self._utterances(line, wanted.language) for line in wanted.lines]
        frames = chain(FIRST_FRAMES, repeat(LATER_FRAMES))
        done = 0  # samples
        for number, (line, text) in enumerate(zip(wanted.lines, texts, strict=True)):
            voice = voices[id(line.voice)]
            before = _silence(line.pause_before)
            yield before
            done += len(before)
            for index, utterance in enumerate(text):
                noise = np.random.default_rng([line.seed, index])
                ids = np.array(phoneme_ids(utterance.phonemes))
                prior = self._synthesizer.prior(ids, voice.g, noise, stretch=voice.stretch / line.speed)
                yield timed(utterance, prior.durations, number, done)
                samples = prior.noise.shape[2] * SAMPLES_PER_FRAME
                after = _silence(utterance.pause_seconds / line.speed)
                pieces = self._synthesizer.stream(prior, voice.g, frames)
                if self._timbre:
                    pieces = self._timbre.stream(pieces, samples, line.voice.embedding)
                for piece in _faded(pieces, samples, after):
                    yield limit(GAIN * piece)
                done += samples + len(after)
            pause = _silence(line.pause_after)
            yield pause
            done += len(pause)

    def _voice(self, line: Line) -> Voice:
        try:
            return self._voices.of(line.voice)
        except UnusableVoiceError:
            raise ContractError("unusable-voice", f"{line.path}voice") from None

    def _utterances(self, line: Line, language: str) -> Iterator[Utterance]:
        """What a line says, the first utterance made at once: a text that is refused is refused with it."""
        found = utterances(line.input, language, line.pronunciations, self._folder)
        try:
            return chain([next(found)], found)
        except TextError as error:
            raise ContractError(error.kind, line.path + error.field, error.limit) from None


def _silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * SYNTHESIS_SAMPLE_RATE), np.float32)


def _faded(pieces: Iterator[Floats], samples: int, after: Floats) -> Iterator[Floats]:
    """The pieces of a sentence of so many samples, without a click where it begins and ends, and what comes after it.

    The silence comes with the last piece: by itself it would cost the marker as much as half a second of speech.
    """
    done = 0
    for piece in pieces:
        faded = piece.copy()
        if done == 0:
            faded[: len(FADE)] *= FADE
        done += len(piece)
        if done == samples:
            faded[-len(FADE) :] *= FADE[::-1]
            faded = np.concatenate([faded, after])
        yield faded
