"""Integrated loudness by ITU-R BS.1770-5: K-weighting, 400 ms blocks, two gates."""

from __future__ import annotations

import functools
import math

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples

HOP_SECONDS = 0.1
HOPS = 4  # in a block of 400 ms
ABSOLUTE_GATE = -70.0  # LUFS
RELATIVE_GATE = -10.0  # LU

TABLE_RATE = 48_000  # Hz; the standard's tables 1 and 2: numerator b0 b1 b2, denominator 1 a1 a2
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
SETTLING_SECONDS = 1.0  # the K filter's memory, far below -200 dB by then


def integrated_loudness(samples: Samples, rate: int) -> float:
    """Loudness in LUFS of samples [n] or [channels, n]; -inf when nothing is above the absolute gate of -70 LUFS."""
    meter = LoudnessMeter(rate)
    meter.feed(samples)
    return meter.loudness


class LoudnessMeter:
    """Loudness of sound at `rate` Hz that comes in pieces; the channels, left and right, weigh the same."""

    def __init__(self, rate: int) -> None:
        self._rate, self._hop = rate, round(HOP_SECONDS * rate)
        self._before: Samples | None = None  # the filter's memory
        self._rest = np.zeros(0)  # of the last hop, power of each sample
        self._hops: list[npt.NDArray[np.float64]] = []

    def feed(self, piece: Samples) -> None:
        """The next samples [n] or [channels, n]."""
        piece = np.atleast_2d(piece)
        settling = round(SETTLING_SECONDS * self._rate)
        known = piece if self._before is None else np.concatenate([self._before, piece], axis=1)
        self._before = known[:, -settling:]
        weighted = k_weighted(known, self._rate)[:, known.shape[1] - piece.shape[1] :]
        power = np.concatenate([self._rest, (weighted**2).sum(axis=0)])
        whole = len(power) // self._hop * self._hop
        self._hops.append(power[:whole].reshape(-1, self._hop).mean(axis=1))
        self._rest = power[whole:]

    @property
    def loudness(self) -> float:
        """LUFS of all so far; less than a block is judged as if silence followed."""
        hops = np.concatenate([np.zeros(0), *self._hops])
        if len(hops) < HOPS:
            last = self._rest.sum(keepdims=True) / self._hop
            hops = np.pad(np.concatenate([hops, last]), (0, HOPS))[:HOPS]
        sums = np.concatenate([[0.0], np.cumsum(hops)])
        power = (sums[HOPS:] - sums[:-HOPS]) / HOPS
        power = power[_loudness(power) > ABSOLUTE_GATE]
        if not len(power):
            return -math.inf
        power = power[_loudness(power) > _loudness(power.mean()) + RELATIVE_GATE]
        return float(_loudness(power.mean()))


def k_weighted(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """Samples [..., n] through the two K-weighting biquads.

    Done in the frequency domain, where numpy is fast and the standard's 48 kHz response holds at any rate,
    with room for the filter to die away.
    """
    count = samples.shape[-1]
    size = 1 << (count + round(SETTLING_SECONDS * rate) - 1).bit_length()
    spectrum = np.fft.rfft(samples.astype(np.float64), size) * _k_response(size, rate)
    weighted: npt.NDArray[np.float64] = np.fft.irfft(spectrum, size)
    return weighted[..., :count]


@functools.lru_cache(maxsize=4)
def _k_response(size: int, rate: int) -> npt.NDArray[np.complex128]:
    """The response of both biquads at the frequencies of a transform of `size`; it costs more than the transform."""
    hertz = np.minimum(np.arange(size // 2 + 1) * (rate / size), TABLE_RATE / 2)
    delay = np.exp(-2j * np.pi * hertz / TABLE_RATE)
    response: npt.NDArray[np.complex128] = np.ones_like(delay)
    for numerator, denominator in (SHELF, HIGH_PASS):
        response *= np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    return response


def _loudness(power: npt.NDArray[np.float64] | float) -> npt.NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        loudness: npt.NDArray[np.float64] = -0.691 + 10 * np.log10(power)
    return loudness
