"""A quiet room around a clean recording: what a browser would have captured at 48 kHz.

Deterministic for a generator; the room is a simple one: a direct path and an exponentially decaying tail
(J. Polack, 1988), and noise that falls with frequency as a fan's or a street's does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample

BROWSER_RATE = 48_000  # Hz
DECAY_SECONDS = 0.35  # until the tail is 60 dB down
DIRECT_TO_TAIL_DB = 9.0
TAIL_BEGINS_SECONDS = 0.004
SIGNAL_TO_NOISE_DB = 27.0
NOISE_SLOPE = 0.5  # amplitude over frequency to minus this: 3 dB less an octave
LOWEST_HZ = 60.0
LEVEL = 0.3  # of the loudest sample


def in_a_room(samples: Samples, rate: int, chance: np.random.Generator) -> Samples:
    """The recording [n] at `rate` as captured at BROWSER_RATE."""
    dry = resample(samples, rate, BROWSER_RATE).astype(np.float64)
    seconds = np.arange(round(DECAY_SECONDS * BROWSER_RATE)) / BROWSER_RATE
    tail = chance.standard_normal(len(seconds)) * 10 ** (-3 * seconds / DECAY_SECONDS)
    tail[: round(TAIL_BEGINS_SECONDS * BROWSER_RATE)] = 0
    tail *= 10 ** (-DIRECT_TO_TAIL_DB / 20) / np.linalg.norm(tail)
    tail[0] = 1
    size = 1 << (len(dry) + len(tail)).bit_length()
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(tail, size), size)[: len(dry)]
    hertz = np.maximum(np.fft.rfftfreq(len(wet), 1 / BROWSER_RATE), LOWEST_HZ)
    noise = np.fft.irfft(np.fft.rfft(chance.standard_normal(len(wet))) * hertz**-NOISE_SLOPE, len(wet))
    noise *= np.std(wet) / np.std(noise) * 10 ** (-SIGNAL_TO_NOISE_DB / 20)
    captured = wet + noise
    scaled: npt.NDArray[np.float64] = captured * LEVEL / np.max(np.abs(captured))
    return scaled.astype(np.float32)
