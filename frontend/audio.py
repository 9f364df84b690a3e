"""Mono samples as the encoder needs them: resampled, trimmed, and measured for clipping and noise.

Everywhere in `frontend`, samples are float32 [n] in [-1, 1] with their rate in Hz beside them.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Number = TypeVar("Number", np.float32, np.float64)
Floats = npt.NDArray[np.float64]

ZERO_CROSSINGS = 48  # of the resampling filter, each side
KAISER_BETA = 10.0  # stop band below -100 dB, transition 13 % of the lower Nyquist frequency
CUTOFF = 0.94  # half-amplitude point over that frequency, so that the stop band begins there

BLOCKS_AT_ONCE = 1 << 16  # of the resampler; their windows must stay addressable with 32 bits

FRAME_SECONDS = 0.02
SPEECH_PERCENTILE = 95
SPEECH_FLOOR_DB = 30.0  # a frame this far below the loud ones is silence
NOISE_MARGIN_DB = 4.0  # as is one this close to the quietest ones
STEADY_DB = 12.0  # less between quiet and loud is one steady sound
TRIM_PADDING_SECONDS = 0.1

CLIP_LEVEL = 0.999
CLIP_RUN = 3  # samples in a row; a lone peak at full scale is no clipping


def resample(samples: Samples, rate: int, target_rate: int) -> Samples:
    """Band-limited resampling by a polyphase windowed sinc (J. O. Smith, "Digital Audio Resampling").

    samples [n] at `rate` → [ceil(n · target_rate / rate)] at `target_rate`, without delay.
    Raises ValueError for a rate that is not positive.
    """
    if rate <= 0 or target_rate <= 0:
        raise ValueError(f"sample rates must be positive: {rate}, {target_rate}")
    common = math.gcd(rate, target_rate)
    up, down = target_rate // common, rate // common
    if up == down or not len(samples):
        return samples.astype(np.float32)
    count = -(-len(samples) * up // down)
    blocks = -(-count // up)  # each block turns `down` samples into `up`
    half = math.ceil(ZERO_CROSSINGS * max(1.0, down / up))
    taps = np.arange(-half, half + 1, dtype=np.float64)
    padded = np.pad(samples.astype(np.float64), (half, half + (blocks + 1) * down))
    result = np.empty((blocks, up))
    for phase in range(up):
        whole, remainder = divmod(phase * down, up)
        kernel = _kernel(taps - remainder / up, up, down)
        for first in range(0, blocks, BLOCKS_AT_ONCE):
            some = slice(first, min(first + BLOCKS_AT_ONCE, blocks))
            reach = padded[whole + some.start * down : whole + (some.stop - 1) * down + len(taps)]
            result[some, phase] = frames(reach, len(taps), down) @ kernel
    return result.ravel()[:count].astype(np.float32)


def frames(samples: npt.NDArray[Number], size: int, hop: int) -> npt.NDArray[Number]:
    """A read-only view of samples [n] as all whole frames of `size`, one every `hop`: [count, size].

    As numpy's sliding windows, but those between the hops are never counted: on a 32-bit machine, such as the
    browser's, they would be more than it can address.
    """
    count = max(0, (len(samples) - size) // hop + 1)
    step = samples.strides[0]
    return np.lib.stride_tricks.as_strided(samples, (count, size), (hop * step, step), writeable=False)


def _kernel(offsets: Floats, up: int, down: int) -> Floats:
    """The low-pass at `offsets` input samples from its centre, unity gain at 0 Hz."""
    cutoff = CUTOFF * min(1.0, up / down)
    width = ZERO_CROSSINGS * max(1.0, down / up)
    window = np.i0(KAISER_BETA * np.sqrt(np.clip(1 - (offsets / width) ** 2, 0, 1)))
    kernel = np.sinc(cutoff * offsets) * window * (np.abs(offsets) <= width)
    return np.asarray(kernel / kernel.sum())


def frame_levels(samples: Samples, rate: int) -> Floats:
    """Mean-square level of each 20 ms frame in dB relative to full scale; -120 dB stands for digital silence."""
    size = round(FRAME_SECONDS * rate)
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    return np.asarray(10 * np.log10(np.maximum(np.mean(frames**2, axis=1), 1e-12)))


def speech_frames(levels: Floats) -> npt.NDArray[np.bool_]:
    """Which frames are loud enough to be speech, by level alone: near the loudest and clear of the quietest."""
    if not len(levels):
        return np.zeros(0, dtype=np.bool_)
    loud, quiet = np.percentile(levels, (SPEECH_PERCENTILE, 5))
    if loud - quiet < STEADY_DB:  # one steady level: all of it, unless it is silence
        return np.full(len(levels), loud > -60)
    return np.asarray(levels > max(loud - SPEECH_FLOOR_DB, min(quiet + NOISE_MARGIN_DB, loud - NOISE_MARGIN_DB)))


def trim_silence(samples: Samples, rate: int) -> Samples:
    """Without the silence before and after the speech, 0.1 s kept on either side; empty if all is silence."""
    speech = np.flatnonzero(speech_frames(frame_levels(samples, rate)))
    if not len(speech):
        return samples[:0]
    size, padding = round(FRAME_SECONDS * rate), round(TRIM_PADDING_SECONDS * rate)
    return samples[max(0, speech[0] * size - padding) : (speech[-1] + 1) * size + padding]


def speech_seconds(samples: Samples, rate: int) -> float:
    """Seconds of frames that hold speech, pauses left out."""
    return float(np.count_nonzero(speech_frames(frame_levels(samples, rate)))) * FRAME_SECONDS


def clipped_share(samples: Samples) -> float:
    """Share of samples, 0 to 1, in runs of at least three at full scale."""
    if len(samples) < CLIP_RUN:
        return 0.0
    full = np.abs(samples) >= CLIP_LEVEL
    starts = np.lib.stride_tricks.sliding_window_view(full, CLIP_RUN).all(axis=1)
    clipped = np.convolve(starts, np.ones(CLIP_RUN)) > 0
    return float(np.mean(clipped))


def signal_to_noise_db(samples: Samples, rate: int) -> float:
    """Power of the speech over that of the background in its pauses, in dB, capped at 60.

    The background is the quietest tenth of the 20 ms frames, as in minimum statistics (R. Martin, 2001).
    """
    levels = frame_levels(samples, rate)
    speech = speech_frames(levels)
    if not speech.any():
        return 0.0
    power = 10 ** (levels / 10)
    noise = float(np.mean(np.sort(power)[: max(1, len(power) // 10)]))
    return float(min(10 * math.log10(max(float(np.mean(power[speech])) / noise - 1, 1e-6)), 60.0))
