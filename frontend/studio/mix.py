"""The mix: clips placed on a timeline, the original sound ducked under them, loudness and true peak set.

All of it works piece by piece, so that an hour needs no more memory than ten seconds. Loudness is ITU-R BS.1770-5,
true peak its annex 2 (four times oversampled).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples
from frontend.loudness import LoudnessMeter

LOUDNESS_TARGETS = (-16.0, -14.0, -23.0)  # LUFS: podcasts and the web, loud platforms, EBU R 128 broadcast
TRUE_PEAK_CEILING = -1.0  # dBTP
CEILING_MARGIN_DB = 0.1  # the limiter aims a little lower, since oversampling sees peaks to within that
LOSSY_MARGIN_DB = 1.0  # and lower still before a lossy encoder, which moves peaks
OVERSAMPLING = 4
DUCK_DB = -15.0
DUCK_ATTACK_SECONDS = 0.25
DUCK_HOLD_SECONDS = 0.6  # pauses shorter than this stay ducked
LIMITER_LOOK_AHEAD_SECONDS = 0.005
LIMITER_PASSES = 3  # loudness lost to the limiter is given back so often
NEAR_ENOUGH_DB = 0.1  # which nobody hears
PIECE_SECONDS = 10
CONTEXT_SECONDS = 0.05  # what the limiter sees around a piece

Floats = npt.NDArray[np.float64]
Sound = Callable[[], AsyncIterator[Samples]]
"""Pieces [channels, n], from the start each time it is called."""
Original = Callable[[int, int], Awaitable[Samples]]
"""(first sample, count) -> [2, count], silence where there is nothing."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech from sample number `first` on; its samples [count] are made when they are heard."""

    first: int
    count: int
    samples: Callable[[], Samples]

    @property
    def end(self) -> int:
        """The first sample after it."""
        return self.first + self.count


@dataclass(frozen=True, slots=True)
class Mix:
    """Clips of narration at `rate` Hz over an original sound, which may be lowered.

    `gain_db` is for the narration, `original_gain_db` for the original, `depth_db` is added to that under speech.
    """

    clips: Sequence[Clip]
    rate: int
    seconds: float = 0.0  # it lasts at least so long
    original: Original | None = None
    gain_db: float = 0.0
    original_gain_db: float = 0.0
    depth_db: float = DUCK_DB

    @property
    def count(self) -> int:
        """Samples in all."""
        return max([round(self.seconds * self.rate), *(clip.end for clip in self.clips)])

    async def pieces(self) -> AsyncIterator[Samples]:
        """Ten seconds at a time: [1, n] for narration alone, [2, n] with an original."""
        spoken = [(clip.first / self.rate, clip.end / self.rate) for clip in self.clips]
        for first in range(0, self.count, PIECE_SECONDS * self.rate):
            count = min(PIECE_SECONDS * self.rate, self.count - first)
            piece = place(self.clips, first, count)[np.newaxis] * np.float32(10 ** (self.gain_db / 20))
            if self.original is not None:
                lowered = duck(spoken, first, count, self.rate, self.depth_db) * 10 ** (self.original_gain_db / 20)
                piece = piece + await self.original(first, count) * lowered.astype(np.float32)
            yield piece
            await asyncio.sleep(0)  # others have work to do as well


def place(clips: Iterable[Clip], first: int, count: int) -> Samples:
    """What sounds of the clips in `count` samples from `first` on: [count]."""
    track = np.zeros(count, np.float32)
    for clip in clips:
        begin, end = max(clip.first, first), min(clip.end, first + count)
        if begin < end:
            track[begin - first : end - first] += clip.samples()[begin - clip.first : end - clip.first]
    return track


def duck(spoken: Iterable[tuple[float, float]], first: int, count: int, rate: int, depth_db: float = DUCK_DB) -> Floats:
    """Gain [count] of the original sound, `depth_db` lower while somebody speaks; `spoken`: (start, end) in seconds."""
    hold, ramp = round(DUCK_HOLD_SECONDS / 2 * rate), max(1, round(DUCK_ATTACK_SECONDS * rate))
    gate = np.zeros(count + 2 * ramp)
    offset = first - ramp
    for start, end in spoken:
        gate[max(0, round(start * rate) - hold - offset) : max(0, round(end * rate) + hold - offset)] = 1.0
    gain: Floats = 10 ** (_moving_average(gate, ramp)[ramp : ramp + count] * depth_db / 20)
    return gain


async def loudness(sound: Sound, rate: int) -> float:
    """LUFS of all of it."""
    meter = LoudnessMeter(rate)
    async for piece in sound():
        meter.feed(piece)
    return meter.loudness


def gain_to(target: float, loudness: float) -> float:
    """Decibels from a loudness to its target, both in LUFS; silence stays as it is."""
    return target - loudness if math.isfinite(loudness) else 0.0


async def master(
    sound: Sound, rate: int, target: float = LOUDNESS_TARGETS[0], *, lossy: bool = False
) -> AsyncIterator[Samples]:
    """The sound at `target` LUFS with its true peak below -1 dBTP, also after a lossy encoder. Silence stays silence.

    Limiting lowers loudness a little, so gain and limiter are tried until both hold; a sound whose peaks leave no way
    to the target ends below it rather than above the ceiling.
    """
    ceiling = 10 ** ((TRUE_PEAK_CEILING - CEILING_MARGIN_DB - LOSSY_MARGIN_DB * lossy) / 20)
    meter, peak = LoudnessMeter(rate), 0.0
    async for around, some in _in_context(sound(), rate):
        meter.feed(around[:, some])
        peak = max(peak, float(_peaks(around)[some].max(initial=0.0)))
    gain_db = gain_to(target, meter.loudness)

    async def limited() -> AsyncIterator[Samples]:
        gain = np.float32(10 ** (gain_db / 20))
        async for around, some in _in_context(sound(), rate):
            yield (limit(around * gain, rate, ceiling) if peak * gain > ceiling else around * gain)[:, some]

    for _ in range(LIMITER_PASSES):
        if peak * 10 ** (gain_db / 20) <= ceiling:
            break
        lost = target - await loudness(limited, rate)
        gain_db += lost
        if lost < NEAR_ENOUGH_DB:
            break
    async for piece in limited():
        yield piece


async def _in_context(pieces: AsyncIterator[Samples], rate: int) -> AsyncIterator[tuple[Samples, slice]]:
    """Each piece with what sounds just before and after it, and where in that it lies."""
    margin = round(CONTEXT_SECONDS * rate)
    before = piece = None
    async for following in pieces:
        if piece is not None:
            yield _joined(before, piece, following, margin)
        before, piece = piece, following
    if piece is not None:
        yield _joined(before, piece, None, margin)


def _joined(before: Samples | None, piece: Samples, after: Samples | None, margin: int) -> tuple[Samples, slice]:
    silence = np.zeros((len(piece), 0), np.float32)
    lead = (silence if before is None else before)[:, -margin:]
    return (
        np.concatenate([lead, piece, (silence if after is None else after)[:, :margin]], axis=1),
        slice(lead.shape[1], lead.shape[1] + piece.shape[1]),
    )


def true_peak_db(samples: Samples) -> float:
    """Highest peak between and at the samples [n] or [channels, n] in dBTP; -inf for silence."""
    peak = float(_peaks(np.atleast_2d(samples)).max(initial=0.0))
    return 20 * math.log10(peak) if peak > 0 else -math.inf


def limit(samples: Samples, rate: int, ceiling: float) -> Samples:
    """Look-ahead limiter: one smooth gain for all channels [channels, n] that keeps true peaks below `ceiling`."""
    peaks = _peaks(samples)
    if float(np.max(peaks, initial=0.0)) <= ceiling:
        return samples
    needed = np.minimum(1.0, ceiling / np.maximum(peaks, 1e-9))
    reach = max(1, round(LIMITER_LOOK_AHEAD_SECONDS * rate))
    held = -_moving_maximum(-needed, 2 * reach + 1)  # the lowest gain needed within reach on either side
    limited: Samples = (samples * np.minimum(_moving_average(held, reach), needed)).astype(np.float32)
    return limited


def _peaks(samples: Samples) -> Floats:
    """The highest level [n] of any channel at each sample and up to the next, by interpolation in the spectrum."""
    count = samples.shape[1]
    size = 1 << max(count - 1, 1).bit_length()
    highest = np.zeros(count)
    for channel in samples:
        fine = np.fft.irfft(np.fft.rfft(channel.astype(np.float64), size), OVERSAMPLING * size) * OVERSAMPLING
        level = np.abs(fine[: OVERSAMPLING * count]).reshape(-1, OVERSAMPLING).max(axis=1, initial=0.0)
        np.maximum(highest, level, out=highest)
    return highest


def _moving_average(values: Floats, width: int) -> Floats:
    """Centred mean over `width` samples, edges held."""
    padded = np.pad(values, (width // 2 + 1, width - width // 2 - 1), mode="edge")
    sums = np.cumsum(padded)
    return (sums[width:] - sums[:-width]) / width


def _moving_maximum(values: Floats, width: int) -> Floats:
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
