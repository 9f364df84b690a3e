"""At what speed was a marked sound played? Played faster, pitch and all, its coded mark repeats sooner than a second.

So the whitened sound resembles itself after that time, more or less clearly. Its best resemblances are tried, the
likeliest first, until the mark and its payload are there (after M. Kutter, 1998, who did so with pictures).
"""

from __future__ import annotations

import asyncio

import numpy as np
import numpy.typing as npt

from frontend.marks.coded import find
from models.watermark.coded import PERIOD
from models.watermark.spectrum import FloatArray

WIDEST = 0.08  # of a change that is looked for, up and down
SEARCHED = (30, 4)  # at most so many seconds, at most so many times in a file
TRIES_SECONDS = 1_200  # of sound compared with the mark in one search, whatever its length
FINE = 4  # lags to a sample, for after three periods a quarter of a sample is most of one
REPEATS = (1, 2, 3)  # periods after which the sound may resemble itself
LEAST_OVERLAP = PERIOD // 4  # samples
FOUND = 7.2  # standard deviations: with up to 800 tries a false alarm is no likelier than at 6.5 with one
FINER = np.arange(-6, 7) * 2e-5  # steps in which the speed is sharpened
SHORTEST_SECONDS = 1.0


async def find_speed(sound: FloatArray) -> float | None:
    """How many times faster whitened sound at 8 kHz was played than it was marked; None: not found.

    The name for 1.05 is "5 % faster". Looked for from 1 - WIDEST to 1 + WIDEST.
    """
    length, places = SEARCHED[0] * PERIOD, SEARCHED[1]
    starts = np.unique(np.linspace(0, max(len(sound) - length, 0), places).astype(int))
    for start in starts:
        piece = sound[start : start + length]
        if len(piece) < SHORTEST_SECONDS * PERIOD:
            continue
        for lag in _lags(piece):
            await asyncio.sleep(0)
            if _strength(piece, lag) > FOUND:
                return PERIOD / max(
                    (float(lag * (1 + step)) for step in FINER), key=lambda near: _strength(piece, near)
                )
    return None


def _lags(sound: FloatArray) -> npt.NDArray[np.float64]:
    """After how many samples the sound resembles itself, likeliest first."""
    count = len(sound)
    alike = np.fft.irfft(np.abs(np.fft.rfft(sound, 2 * count)) ** 2)[:count]
    alike /= np.sqrt(np.maximum(count - np.arange(count), 1))
    lags = np.arange(int(PERIOD / (1 + WIDEST)), PERIOD / (1 - WIDEST), 1 / FINE)
    lags = lags[: len(lags) // FINE * FINE]
    score = np.zeros(len(lags))
    for repeat in REPEATS:
        at = np.round(lags * repeat).astype(int)
        known = at < count - LEAST_OVERLAP
        score[known] += alike[at[known]]
    best = score.reshape(-1, FINE).argmax(axis=1) + np.arange(0, len(lags), FINE)  # in every sample's width
    tries = max(TRIES_SECONDS * PERIOD // count, 1)
    return np.asarray(lags[best[np.argsort(-score[best])[:tries]]])


def _strength(sound: FloatArray, lag: float) -> float:
    """The mark's strength, with its payload read, when a second lasts `lag` samples; 0 without a payload."""
    back = np.interp(np.arange(0, len(sound) - 1, lag / PERIOD), np.arange(len(sound)), sound).astype(np.float32)
    found = find(back, max(round(len(back) / PERIOD), 1))
    return found.strongest if found.payload else 0.0
