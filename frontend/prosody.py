"""What a voice does besides sounding like itself: how high it speaks, how much it moves, how fast it reads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from frontend.audio import FRAME_SECONDS, Samples, frame_levels, frames, speech_frames

F0_SEARCH_HZ = (60.0, 500.0)
WINDOW_SECONDS = 0.04
HOP_SECONDS = 0.01
SURE, PROBABLE = 0.15, 0.35  # limits of the normalised difference for a voiced frame, first and second search
OCTAVE_MARGIN = 0.05  # by which a longer period must beat a shorter one, which it repeats
MIN_VOICED_FRAMES = 30  # 0.3 s, below which a median says nothing
RANGE_PERCENTILES = (5.0, 95.0)

SYLLABLE_BAND_HZ = (300.0, 3_300.0)  # where vowels are loud and fricatives are not
SYLLABLE_SMOOTHING_SECONDS = 0.018  # standard deviation of the smoothing
SYLLABLE_DIP_DB = 0.8  # between two nuclei
SYLLABLE_FLOOR_DB = 22.0  # a nucleus is no further below the loudest ones


class NoVoiceError(ValueError):
    """The samples hold no voiced speech to measure."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """The numbers of the contract's `prosody`: Hz, semitones between the 5th and 95th percentile, 1/s."""

    f0_median_hz: float
    f0_range_semitones: float
    syllables_per_second: float


def measure(samples: Samples, rate: int) -> Prosody:
    """Prosody of mono speech [n]; 3 s or more make it meaningful. Raises NoVoiceError."""
    f0 = track_f0(samples, rate)
    voiced = f0[np.isfinite(f0)]
    if len(voiced) < MIN_VOICED_FRAMES:
        raise NoVoiceError(f"{len(voiced)} voiced frames")
    low, high = np.percentile(voiced, RANGE_PERCENTILES)
    return Prosody(float(np.median(voiced)), float(12 * np.log2(high / low)), syllable_rate(samples, rate))


def track_f0(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """F0 in Hz every 10 ms, NaN where unvoiced.

    YIN (A. de Cheveigné and H. Kawahara, 2002), run twice: the surely voiced frames tell the usual range of this
    voice, and a second search stays within it (C. De Looze and D. Hirst, 2008), which avoids octave errors and
    can then afford to hear the breathy frames too. On 80 recordings the median is within 0.25 semitones of
    Praat's on average, within 1.3 always.
    """
    difference = _normalised_difference(samples, rate)
    f0 = _pick(difference, rate, F0_SEARCH_HZ, SURE, deepest=False)
    voiced = f0[np.isfinite(f0)]
    if len(voiced) < MIN_VOICED_FRAMES:
        return f0
    lower, upper = np.percentile(voiced, (25, 75))
    usual = (max(F0_SEARCH_HZ[0], 0.75 * lower), min(F0_SEARCH_HZ[1], 1.5 * upper))
    return _pick(difference, rate, usual, PROBABLE, deepest=True)


def _normalised_difference(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """YIN's cumulative mean normalised difference, [frames, lags]; steps 2 and 3 of the paper."""
    window, hop, lags = round(WINDOW_SECONDS * rate), round(HOP_SECONDS * rate), int(rate / F0_SEARCH_HZ[0]) + 2
    size = window + lags
    if len(samples) < size:
        return np.ones((0, lags))
    windows = frames(samples, size, hop)
    transform = 1 << (size - 1).bit_length()  # no lag reaches beyond the frame, so nothing wraps around
    spectrum = np.fft.rfft(windows, transform)
    head = np.fft.rfft(windows[:, :window], transform)
    correlation = np.fft.irfft(spectrum * head.conj(), transform)[:, :lags]
    energy = np.pad(np.cumsum(windows**2, axis=1, dtype=np.float64), ((0, 0), (1, 0)))
    energy = energy[:, window : window + lags] - energy[:, :lags]
    difference = np.maximum(energy[:, :1] + energy - 2 * correlation, 0)
    running = np.cumsum(difference[:, 1:], axis=1) / np.arange(1, lags)
    result = np.ones_like(difference)
    result[:, 1:] = difference[:, 1:] / np.maximum(running, 1e-12)
    result[energy[:, 0] < window * 1e-8] = 1.0  # -80 dB: silence has no pitch
    return result


def _pick(
    difference: npt.NDArray[np.float64], rate: int, search_hz: tuple[float, float], limit: float, *, deepest: bool
) -> npt.NDArray[np.float64]:
    """The first dip below the limit, or of the deepest ones, refined by a parabola; steps 4 and 5 of the paper."""
    first, last = max(2, int(rate / search_hz[1])), min(int(rate / search_hz[0]) + 1, difference.shape[1] - 1)
    left, here, right = (difference[:, first + shift : last + shift] for shift in (-1, 0, 1))
    depth = np.where((here <= left) & (here < right), here, np.inf)
    bound = depth.min(axis=1, keepdims=True) + OCTAVE_MARGIN if deepest else limit
    rows, lag = np.arange(len(depth)), (depth < bound).argmax(axis=1)
    left, here, right = left[rows, lag], here[rows, lag], right[rows, lag]
    bend = left - 2 * here + right
    shift = np.where(bend > 0, (left - right) / (2 * np.where(bend > 0, bend, 1)), 0)
    return np.where(depth[rows, lag] < limit, rate / (first + lag + shift), np.nan)


def syllable_rate(samples: Samples, rate: int) -> float:
    """Syllables per second of speech, pauses left out (the articulation rate); 0 for silence.

    Nuclei are peaks of the vowel band's intensity with a dip between them (after N. de Jong and T. Wempe, 2009).
    """
    speech = float(np.count_nonzero(speech_frames(frame_levels(samples, rate)))) * FRAME_SECONDS
    return _count_nuclei(_vowel_level(samples, rate)) / speech if speech else 0.0


def _vowel_level(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """Intensity of the vowel band in dB every 10 ms."""
    hop = round(HOP_SECONDS * rate)
    size = 1 << (len(samples) - 1).bit_length()
    hertz = np.fft.rfftfreq(size, 1 / rate)
    band = np.fft.rfft(samples, size) * ((hertz > SYLLABLE_BAND_HZ[0]) & (hertz < SYLLABLE_BAND_HZ[1]))
    power = np.fft.irfft(band, size)[: len(samples) // hop * hop].reshape(-1, hop) ** 2
    smoothing = np.exp(-0.5 * (np.arange(-8, 9) * HOP_SECONDS / SYLLABLE_SMOOTHING_SECONDS) ** 2)
    return 10 * np.log10(np.convolve(power.mean(axis=1), smoothing / smoothing.sum(), "same") + 1e-12)


def _count_nuclei(level: npt.NDArray[np.float64]) -> int:
    """Peaks near the loudest ones, each pair parted by a dip."""
    if len(level) < 3:
        return 0
    floor = np.percentile(level, 95) - SYLLABLE_FLOOR_DB
    count, rising, extreme = 0, True, -np.inf
    for value in level:  # a thousand steps for ten seconds
        if rising and value < extreme - SYLLABLE_DIP_DB:
            count += int(extreme > floor)
            rising, extreme = False, value
        elif not rising and value > extreme + SYLLABLE_DIP_DB:
            rising, extreme = True, value
        else:
            extreme = max(extreme, value) if rising else min(extreme, value)
    return count
