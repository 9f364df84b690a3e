"""The transforms of `models.watermark.spectrum` as products with matrices: half the time of FFTs.

The windows have 1411 samples at 22.05 kHz, 17 times 83, and of their spectrum only the lowest 224 bins are wanted.
The browser, whose numpy has no BLAS, keeps the FFT.
"""

from __future__ import annotations

import functools

import numpy as np

from models.watermark.spectrum import (
    BINS,
    FRAMES_PER_SECOND,
    NEURAL_WINDOW,
    ComplexArray,
    FloatArray,
    frame_start,
    window,
    window_length,
)


def analyse(samples: FloatArray, sample_rate: int, first: int, count: int, origin: int) -> ComplexArray:
    """As `models.watermark.spectrum.analyse`: the spectrum [count, BINS] of the frames `first`, `first` + 1, …"""
    length = window_length(sample_rate)
    starts = [frame_start(first + i, sample_rate) - origin for i in range(count)]
    frames = np.lib.stride_tricks.sliding_window_view(samples, length)[starts]
    product = frames @ _analysis(length)
    spectrum = np.empty((count, BINS), np.complex64)
    spectrum.real, spectrum.imag = product[:, :BINS], product[:, BINS:]
    return spectrum


def resynthesise(spectrum: ComplexArray, sample_rate: int, first: int) -> FloatArray:
    """Overlap-add of frames `first`, …: samples from frame_start(first) to the end of the last window."""
    length = window_length(sample_rate)
    origin = frame_start(first, sample_rate)
    frames = np.concatenate([spectrum.real, spectrum.imag], axis=1) @ _synthesis(sample_rate)
    out = np.zeros(frame_start(first + len(frames) - 1, sample_rate) - origin + length, np.float32)
    for i, frame in enumerate(frames):
        start = frame_start(first + i, sample_rate) - origin
        out[start : start + length] += frame
    return out


@functools.cache
def _analysis(length: int) -> FloatArray:
    """Windowed samples to real, then imaginary parts [length, 2 BINS]; scaled as windows of 2048 samples would be."""
    turns = np.outer(np.arange(length), np.arange(BINS)) % length * (2 * np.pi / length)
    scale = window(length)[:, None] * (NEURAL_WINDOW / length)
    return np.asarray(np.concatenate([np.cos(turns), -np.sin(turns)], axis=1) * scale, np.float32)


@functools.cache
def _synthesis(sample_rate: int) -> FloatArray:
    """The other way [2 BINS, length], windowed again, such that overlapping frames add up to what they were."""
    length = window_length(sample_rate)
    turns = np.outer(np.arange(BINS), np.arange(length)) % length * (2 * np.pi / length)
    weights = np.where(np.arange(BINS) == 0, 1, 2)[:, None] / length  # each bin but the first stands for two
    # Hann squared, overlapped 6.4 times, sums to a constant: its mean, 3/8, times the overlap.
    scale = window(length) * (length / NEURAL_WINDOW) / (0.375 * length * FRAMES_PER_SECOND / sample_rate)
    return np.asarray(np.concatenate([np.cos(turns) * weights, -np.sin(turns) * weights]) * scale, np.float32)
