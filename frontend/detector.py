"""Is this audio marked? Both marks looked for, second by second, on the device that holds the file."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from frontend.marks.coded import CODED_PRESENT, find_coded, whitened
from frontend.marks.neural import find_neural
from frontend.marks.speed import find_speed
from frontend.speaker import Runner
from models.watermark.coded import Payload
from models.watermark.spectrum import (
    FRAMES_PER_SECOND,
    ComplexArray,
    FloatArray,
    analyse,
    frame_start,
    window_length,
)

Verdict = Literal["made-here", "damaged", "none"]

BATCH_SECONDS = 20  # analysed at once: what fits a browser's memory
NEURAL_PRESENT = 0.9  # of 731 real seconds 6 lie above 0.5, one above 0.8, none above 0.9; marked ones lie near 1
SHORTEST_SECONDS = 0.5
QUIET = 1e-4  # root mean square below which a second holds no sound to judge


class TooShortError(ValueError):
    """Less sound than either mark needs."""


@dataclass(frozen=True, slots=True)
class Second:
    """One second: `neural` is Perth's score, `coded` in standard deviations, `audible` whether there is sound."""

    neural: float
    coded: float
    audible: bool

    @property
    def marked(self) -> bool:
        """Whether either mark is there."""
        return self.neural > NEURAL_PRESENT or self.coded > CODED_PRESENT


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found: for each second, for the whole, and what the payload says (None: none that can be read)."""

    seconds: tuple[Second, ...]
    neural: float  # Perth's score over the audible whole
    coded: float  # the strongest stretch, in standard deviations
    payload: Payload | None
    speed: float = 1.0  # how many times faster the sound was played than it was made

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """From which second to which, exclusive, it is marked without a gap."""
        edges = np.flatnonzero(np.diff([False, *(second.marked for second in self.seconds), False]))
        return tuple((int(first), int(last)) for first, last in edges.reshape(-1, 2))

    @property
    def verdict(self) -> Verdict:
        """Made here: a payload was read. Damaged: a mark, or Perth's alone, which others use too. Else none."""
        if self.payload:
            return "made-here"
        return "damaged" if self.neural > NEURAL_PRESENT or self.coded > CODED_PRESENT else "none"


async def detect(samples: FloatArray, rate: int, decoder: Runner) -> Detection:
    """Look for both marks in mono float32 sound. Raises TooShortError below half a second.

    When no payload is read, the sound may have been played at another speed: then that one is looked for.
    """
    if len(samples) < SHORTEST_SECONDS * rate:
        raise TooShortError(f"{len(samples) / rate:.2f} s")
    samples = samples.astype(np.float32, copy=False)
    spectrum = _spectrum(samples, rate)
    found = await _detect(samples, rate, spectrum, decoder)
    if found.payload or not any(second.audible for second in found.seconds):
        return found
    speed = await find_speed(whitened(spectrum))
    if speed is None:
        return found
    # Sound played too fast is sound of a lower rate: nothing needs to be resampled to look at it as it was made.
    slower = await _detect(samples, rate / speed, _spectrum(samples, rate / speed), decoder)
    places = np.arange(len(found.seconds)) * len(slower.seconds) // len(found.seconds)
    return Detection(tuple(slower.seconds[i] for i in places), slower.neural, slower.coded, slower.payload, speed)


async def _detect(samples: FloatArray, rate: float, spectrum: ComplexArray, decoder: Runner) -> Detection:
    count = max(round(len(samples) / rate), 1)
    audible = _audible(samples, rate, count)
    neural, overall = await find_neural(spectrum, audible, decoder)
    coded = find_coded(spectrum, count)
    seconds = tuple(Second(float(n), float(c), bool(a)) for n, c, a in zip(neural, coded.seconds, audible, strict=True))
    return Detection(seconds, overall, coded.strongest, coded.payload)


def _spectrum(samples: FloatArray, rate: float) -> ComplexArray:
    """Frames centred on every 10 ms of the sound."""
    half = window_length(rate) // 2
    padded = np.pad(samples, (half, window_length(rate) + 1))
    frames = int(len(samples) * FRAMES_PER_SECOND // rate) + 1
    batch = BATCH_SECONDS * FRAMES_PER_SECOND
    parts = []
    for first in range(0, frames, batch):
        count = min(batch, frames - first)
        start, stop = frame_start(first, rate), frame_start(first + count - 1, rate) + window_length(rate)
        parts.append(analyse(padded[start:stop], rate, first, count, start))
    return np.concatenate(parts)


def _audible(samples: FloatArray, rate: float, count: int) -> npt.NDArray[np.bool_]:
    edges = (np.arange(count + 1) * rate).astype(int).clip(max=len(samples))
    edges[-1] = len(samples)
    power = [np.mean(samples[a:b].astype(np.float64) ** 2) for a, b in itertools.pairwise(edges)]
    return np.sqrt(np.array(power)) > QUIET
