"""The mix: clips placed on a timeline, the original sound ducked under them, loudness and true peak set.

Loudness is ITU-R BS.1770-5, true peak its annex 2 (four times oversampled).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample
from frontend.loudness import integrated_loudness

LOUDNESS_TARGETS = (-16.0, -14.0, -23.0)  # LUFS: podcasts and the web, loud platforms, EBU R 128 broadcast
TRUE_PEAK_CEILING = -1.0  # dBTP
CEILING_MARGIN_DB = 0.1  # the limiter aims a little lower, since oversampling sees peaks to within that
OVERSAMPLING = 4
DUCK_DB = -15.0
DUCK_ATTACK_SECONDS = 0.25
DUCK_HOLD_SECONDS = 0.6  # pauses shorter than this stay ducked
LIMITER_LOOK_AHEAD_SECONDS = 0.005


def place(clips: Iterable[tuple[float, Samples]], rate: int, seconds: float = 0.0) -> Samples:
    """One track from (start in seconds, samples), at least `seconds` long."""
    placed = [(round(start * rate), samples) for start, samples in clips]
    length = max([round(seconds * rate), *(start + len(samples) for start, samples in placed)])
    track = np.zeros(length, np.float32)
    for start, samples in placed:
        track[start : start + len(samples)] += samples
    return track


def duck(original: Samples, spoken: Iterable[tuple[float, float]], rate: int, depth_db: float = DUCK_DB) -> Samples:
    """The original sound, `depth_db` lower while somebody speaks; `spoken` holds (start, end) in seconds."""
    gate = np.zeros(len(original), np.float64)
    hold, ramp = round(DUCK_HOLD_SECONDS / 2 * rate), max(1, round(DUCK_ATTACK_SECONDS * rate))
    for start, end in spoken:
        gate[max(0, round(start * rate) - hold) : round(end * rate) + hold] = 1.0
    smooth = _moving_average(gate, ramp)
    return (original * 10 ** (smooth * depth_db / 20)).astype(np.float32)


def master(track: Samples, rate: int, target: float = LOUDNESS_TARGETS[0]) -> Samples:
    """The track at `target` LUFS with its true peak below -1 dBTP. Silence stays silence.

    Limiting lowers loudness a little, so gain and limiter are applied until both hold; a track whose peaks
    leave no way to the target ends below it rather than above the ceiling.
    """
    loudness = integrated_loudness(track, rate)
    if not math.isfinite(loudness):
        return track
    gain = target - loudness
    mastered = track
    for _ in range(4):
        mastered = limit((track * 10 ** (gain / 20)).astype(np.float32), rate)
        gain += target - integrated_loudness(mastered, rate)
    return mastered


def true_peak_db(samples: Samples, rate: int) -> float:
    """Highest peak between and at the samples in dBTP; -inf for silence."""
    peak = float(np.max(np.abs(resample(samples, rate, OVERSAMPLING * rate)), initial=0.0))
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def limit(samples: Samples, rate: int) -> Samples:
    """Look-ahead limiter: the gain that keeps each true peak below the ceiling, smoothed so that it can't click."""
    ceiling = 10 ** ((TRUE_PEAK_CEILING - CEILING_MARGIN_DB) / 20)
    fine = np.abs(resample(samples, rate, OVERSAMPLING * rate))
    peaks = np.max(fine[: len(samples) * OVERSAMPLING].reshape(-1, OVERSAMPLING), axis=1, initial=0.0)
    if float(np.max(peaks, initial=0.0)) <= ceiling:
        return samples
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    reach = max(1, round(LIMITER_LOOK_AHEAD_SECONDS * rate))
    held = -_moving_maximum(-needed, 2 * reach + 1)  # the lowest gain needed within reach on either side
    limited: Samples = (samples * np.minimum(_moving_average(held, reach), needed)).astype(np.float32)
    return limited


def _moving_average(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """Centred mean over `width` samples, edges held."""
    padded = np.pad(values, (width // 2 + 1, width - width // 2 - 1), mode="edge")
    sums = np.cumsum(padded)
    return (sums[width:] - sums[:-width]) / width


def _moving_maximum(values: npt.NDArray[np.float64], width: int) -> npt.NDArray[np.float64]:
    """Centred maximum over an odd `width` by van Herk's two passes over blocks (1992)."""
    half = width // 2
    length = -(-(len(values) + 2 * half) // width) * width
    padded = np.full(length, -np.inf)
    padded[half : half + len(values)] = values
    blocks = padded.reshape(-1, width)
    forward = np.maximum.accumulate(blocks, axis=1).ravel()
    backward = np.maximum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    count = len(values)
    return np.maximum(backward[:count], forward[width - 1 : width - 1 + count])
