"""The short-time spectrum in which both marks live, at any sampling rate.

Perth was trained at 32 kHz with windows of 2048 samples every 320. What its network sees is bins of 15.6 Hz,
windows of 64 ms and 100 frames a second, and those exist at every rate: so the speech is never resampled,
and what a mark leaves alone passes bit by bit.
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
ComplexArray = npt.NDArray[np.complex64]

WINDOW_SECONDS = 2048 / 32_000
FRAMES_PER_SECOND = 100
NEURAL_RATE = 32_000
NEURAL_WINDOW = 2048
NEURAL_BINS = 128  # 0 to 2 kHz
BINS = 224  # 0 to 3.5 kHz: all that either mark touches

MIN_MAGNITUDE = 1e-9
FLOOR_DB = -180.0  # 20 log10(MIN_MAGNITUDE)
RANGE_DB = 195.0  # Perth scales [FLOOR_DB, +15 dB] to [0, 1]


def window_length(sample_rate: float) -> int:
    """Samples in one window of 64 ms."""
    return round(sample_rate * WINDOW_SECONDS)


def frame_start(index: int, sample_rate: float) -> int:
    """First sample of frame `index`; frames are 10 ms apart, to the nearest sample."""
    return int(index * sample_rate // FRAMES_PER_SECOND)


@functools.cache
def window(length: int) -> FloatArray:
    """Periodic Hann."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)


def analyse(samples: FloatArray, sample_rate: float, first: int, count: int, origin: int = 0) -> ComplexArray:
    """Complex spectrum [count, BINS] of the frames `first`, `first`+1, …; sample `origin` is samples[0].

    Only the bins that a mark may touch, 0 to 3.5 kHz. Scaled as a window of 2048
    samples would be, whatever the rate: Perth's levels are absolute.
    """
    length = window_length(sample_rate)
    starts = np.array([frame_start(first + i, sample_rate) - origin for i in range(count)])
    frames = samples[starts[:, None] + np.arange(length)] * window(length)
    return (np.fft.rfft(frames, axis=1)[:, :BINS] * (NEURAL_WINDOW / length)).astype(np.complex64)


def levels(spectrum: ComplexArray) -> FloatArray:
    """Perth's view of a spectrum: magnitudes in dB, scaled so that -180 dB is 0 and +15 dB is 1."""
    magnitude = np.maximum(np.abs(spectrum), MIN_MAGNITUDE)
    return ((20 * np.log10(magnitude) - FLOOR_DB) / RANGE_DB).astype(np.float32)
