"""Integrated loudness of mono samples by ITU-R BS.1770-5: K-weighting, 400 ms blocks, two gates."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples

BLOCK_SECONDS = 0.4
HOP_SECONDS = 0.1
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU

TABLE_RATE = 48_000  # Hz; the standard's tables 1 and 2: numerator b0 b1 b2, denominator 1 a1 a2
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
SETTLING_SECONDS = 1.0  # the K filter's memory, far below -200 dB by then


def integrated_loudness(samples: Samples, rate: int) -> float:
    """Loudness in LUFS of samples [n]; -inf when nothing is above the absolute gate of -70 LUFS."""
    block, hop = round(BLOCK_SECONDS * rate), round(HOP_SECONDS * rate)
    weighted = k_weighted(samples, rate)
    if len(weighted) < block:
        weighted = np.pad(weighted, (0, block - len(weighted)))
    energy = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - block + 1, hop)
    power = (energy[starts + block] - energy[starts]) / block
    power = power[_loudness(power) > ABSOLUTE_GATE]
    if not len(power):
        return -math.inf
    power = power[_loudness(power) > _loudness(power.mean()) + RELATIVE_GATE]
    return float(_loudness(power.mean()))


def k_weighted(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """Samples [n] through the two K-weighting biquads.

    Done in the frequency domain, where numpy is fast and the standard's 48 kHz response holds at any rate,
    with room for the filter to die away.
    """
    size = 1 << (len(samples) + round(SETTLING_SECONDS * rate) - 1).bit_length()
    hertz = np.minimum(np.arange(size // 2 + 1) * (rate / size), TABLE_RATE / 2)
    delay = np.exp(-2j * np.pi * hertz / TABLE_RATE)
    response = np.ones_like(delay)
    for numerator, denominator in (SHELF, HIGH_PASS):
        response *= np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    weighted: npt.NDArray[np.float64] = np.fft.irfft(np.fft.rfft(samples.astype(np.float64), size) * response, size)
    return weighted[: len(samples)]


def _loudness(power: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        loudness: npt.NDArray[np.float64] = -0.691 + 10 * np.log10(power)
    return loudness
