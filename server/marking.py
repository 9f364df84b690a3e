"""Every second of speech is marked here, between synthesis and encoding, and nowhere else.

Two marks share one short-time spectrum (`models.watermark`): Perth's neural mark changes magnitudes below
2 kHz, the coded mark adds its payload up to 3.4 kHz. Only the difference is synthesised and added, so the
speech itself is neither resampled nor rebuilt, and its loudness stays.

A frame is marked when Perth has seen the 150 ms after it: output lags input by `Marker.delay` (0.21 s of
audio, which the synthesizer makes in a few hundredths of a second).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.runner import session
from models.watermark.coded import FIRST_BIN, LAST_BIN, Payload, residual
from models.watermark.spectrum import (
    BINS,
    NEURAL_BINS,
    RANGE_DB,
    ComplexArray,
    FloatArray,
    frame_start,
    levels,
    window_length,
)
from server.transform import analyse, resynthesise

ENCODER = "watermark_encoder.onnx"
LOOKAHEAD = 15  # frames that Perth's convolutions see ahead
STATE_SHAPE = (5, 1, 256, 6)
LOWEST_RATE = 8_000  # Hz; the coded mark reaches up to 3.4 kHz


class MarkingModel:
    """Perth's encoder, loaded once and shared by every stream; `run` may be called from any thread."""

    def __init__(self, models: Path, threads: int = 1) -> None:
        self._session = session(models / ENCODER, threads)

    def run(self, frames: FloatArray, state: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Levels [T, 128] and what was seen before -> change of level [T, 128] of 15 frames ago, next state."""
        change, state = self._session.run(None, {"frames": frames.T[None], "state": state})
        return change[0].T, state


class Marker:
    """Marks one stream of mono speech. Deterministic; chunks of any size give the same samples.

    `process` returns what is ready, `flush` the rest: together exactly as many samples as went in.
    """

    def __init__(self, model: MarkingModel, sample_rate: int, payload: Payload | None = None) -> None:
        if sample_rate < LOWEST_RATE:
            raise ValueError(f"{sample_rate} Hz is too low for the mark; {LOWEST_RATE} Hz at least")
        self.sample_rate = sample_rate
        self.payload = payload or Payload()
        self._model = model
        self._half = window_length(sample_rate) // 2
        self._state = np.zeros(STATE_SHAPE, np.float32)
        self._waiting: ComplexArray = np.zeros((0, BINS), np.complex64)  # frames that Perth has yet to answer
        self._frame = 0  # the next to analyse
        # Frame 0 is centred on the first sample, hence half a window of silence before it. Both buffers
        # count from there: `_speech` starts at the next frame's first sample, `_change` at the next to leave.
        self._speech: FloatArray = np.zeros(self._half, np.float32)
        self._change: FloatArray = np.zeros(0, np.float32)
        self._left: FloatArray = np.zeros(self._half, np.float32)  # speech that has not left yet
        self._emitted = 0
        self._received = 0

    @property
    def delay(self) -> int:
        """Samples by which the output lags the input at most."""
        return frame_start(LOOKAHEAD + 1, self.sample_rate) + 2 * self._half + 1

    def process(self, samples: FloatArray) -> FloatArray:
        """Take float32 mono samples, return the marked ones that are ready (possibly none)."""
        self._received += len(samples)
        return self._advance(samples.astype(np.float32, copy=False))

    def flush(self) -> FloatArray:
        """The end of the stream: all that is still held. The marker is used up."""
        missing = self._received - max(self._emitted - self._half, 0)
        return self._advance(np.zeros(self.delay, np.float32))[:missing]

    def _advance(self, samples: FloatArray) -> FloatArray:
        self._speech = np.concatenate([self._speech, samples])
        self._left = np.concatenate([self._left, samples])
        origin = frame_start(self._frame, self.sample_rate)
        count = 0
        while self._end(self._frame + count) <= origin + len(self._speech):
            count += 1
        if count == 0:
            return np.zeros(0, np.float32)
        spectrum = analyse(self._speech, self.sample_rate, self._frame, count, origin)
        self._frame += count
        self._speech = self._speech[frame_start(self._frame, self.sample_rate) - origin :]
        return self._mark(spectrum)

    def _end(self, frame: int) -> int:
        return frame_start(frame, self.sample_rate) + window_length(self.sample_rate)

    def _mark(self, spectrum: ComplexArray) -> FloatArray:
        first = self._frame - len(spectrum) - LOOKAHEAD  # the frame of the first answer
        change, self._state = self._model.run(levels(spectrum[:, :NEURAL_BINS]), self._state)
        known = np.concatenate([self._waiting, spectrum])
        answered = max(len(known) - LOOKAHEAD, 0)
        self._waiting = known[answered:]
        if answered == 0:
            return np.zeros(0, np.float32)
        speech, change = known[:answered], change[len(change) - answered :]
        first = max(first, 0)
        marked = speech.copy()
        marked[:, :NEURAL_BINS] *= np.exp(change * np.float32(RANGE_DB / 20 * np.log(10)))
        marked[:, FIRST_BIN:LAST_BIN] += residual(marked, first, self.payload)
        return self._emit(resynthesise(marked - speech, self.sample_rate, first), first + answered)

    def _emit(self, change: FloatArray, frame: int) -> FloatArray:
        """Add the change and let go of what no later frame reaches."""
        change[: len(self._change)] += self._change
        ready = frame_start(frame, self.sample_rate) - self._emitted
        out = self._left[:ready] + change[:ready]
        self._left, self._change = self._left[ready:], change[ready:]
        self._emitted += ready
        return out[max(self._half - (self._emitted - ready), 0) :]  # without the silence before the first sample


def mark(model: MarkingModel, samples: npt.NDArray[np.float32], sample_rate: int) -> FloatArray:
    """Mark a whole utterance, float32 mono, any length."""
    marker = Marker(model, sample_rate)
    return np.concatenate([marker.process(samples), marker.flush()])
