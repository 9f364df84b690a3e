"""Is this audio marked? Both marks looked for, second by second, on the device that holds the file.

Perth's decoder gives a score near 1 where its mark is and near 0 elsewhere. The coded mark is looked for by
correlation with its patterns after every bin is whitened to its phase; what a correlation means is told by
how far it stands above that of all other alignments, in standard deviations.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from frontend.speaker import Runner
from models.watermark.coded import (
    FIRST_BIN,
    KNOWN,
    LAST_BIN,
    LAYERS,
    PERIOD,
    RATE,
    SHIFT,
    Payload,
    PayloadError,
    layers,
)
from models.watermark.spectrum import (
    FRAMES_PER_SECOND,
    NEURAL_BINS,
    ComplexArray,
    FloatArray,
    analyse,
    frame_start,
    levels,
    window,
    window_length,
)

Verdict = Literal["made-here", "damaged", "none"]

BRANCHES = {"slow": 1.25, "normal": 1.0, "fast": 0.75}  # how far each branch of Perth's decoder stretches time
BATCH_SECONDS = 20  # what the decoder sees at once
NEURAL_PRESENT = 0.9  # of 731 real seconds 6 lie above 0.5, one above 0.8, none above 0.9; marked ones lie near 1
CODED_PRESENT = 6.5  # standard deviations; the highest of 16,000 alignments of unmarked sound stays below 5.5
SPANS = (1, 4, 16)  # seconds over which the coded mark is gathered; a longer span hears a fainter mark
SHORTEST_SECONDS = 0.5
QUIET = 1e-4  # root mean square below which a second holds no sound to judge
TELEPHONE_WINDOW = 512  # samples of 64 ms at RATE


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

    @property
    def verdict(self) -> Verdict:
        """Made here: a payload was read. Damaged: a mark, or Perth's alone, which others use too. Else none."""
        if self.payload:
            return "made-here"
        return "damaged" if self.neural > NEURAL_PRESENT or self.coded > CODED_PRESENT else "none"


async def detect(samples: FloatArray, rate: int, decoder: Runner) -> Detection:
    """Look for both marks in mono float32 sound. Raises TooShortError below half a second."""
    if len(samples) < SHORTEST_SECONDS * rate:
        raise TooShortError(f"{len(samples) / rate:.2f} s")
    spectrum = _spectrum(samples.astype(np.float32, copy=False), rate)
    count = max(round(len(samples) / rate), 1)
    audible = _audible(samples, rate, count)
    neural, overall = await _neural(spectrum, audible, decoder)
    coded, strongest, payload = find_coded(spectrum, count)
    seconds = tuple(Second(float(n), float(c), bool(a)) for n, c, a in zip(neural, coded, audible, strict=True))
    return Detection(seconds, overall, strongest, payload)


def _spectrum(samples: FloatArray, rate: int) -> ComplexArray:
    """Frames centred on every 10 ms of the sound, in batches that fit a browser's memory."""
    half = window_length(rate) // 2
    padded = np.pad(samples, (half, window_length(rate) + 1))
    frames = len(samples) * FRAMES_PER_SECOND // rate + 1
    batch = BATCH_SECONDS * FRAMES_PER_SECOND
    parts = []
    for first in range(0, frames, batch):
        count = min(batch, frames - first)
        start, stop = frame_start(first, rate), frame_start(first + count - 1, rate) + window_length(rate)
        parts.append(analyse(padded[start:stop], rate, first, count, start))
    return np.concatenate(parts)


def _audible(samples: FloatArray, rate: int, count: int) -> npt.NDArray[np.bool_]:
    edges = (np.arange(count + 1) * rate).clip(max=len(samples))
    edges[-1] = len(samples)
    power = [np.mean(samples[a:b].astype(np.float64) ** 2) for a, b in itertools.pairwise(edges)]
    return np.sqrt(np.array(power)) > QUIET


async def _neural(spectrum: ComplexArray, audible: npt.NDArray[np.bool_], decoder: Runner) -> tuple[FloatArray, float]:
    """Perth's score for each second [S], and over all that is audible."""
    count = len(audible)
    scores = np.zeros((count, len(BRANCHES), 2), np.float32)  # mean attention and presence of each branch
    for first in range(0, count, BATCH_SECONDS):
        last = min(first + BATCH_SECONDS, count)
        stop = last * FRAMES_PER_SECOND if last < count else len(spectrum)
        seen = levels(spectrum[first * FRAMES_PER_SECOND : stop, :NEURAL_BINS]).T
        feeds = {name: _stretched(seen, factor)[np.newaxis] for name, factor in BRANCHES.items()}
        outputs = await decoder.run(feeds)
        for branch, name in enumerate(BRANCHES):
            frames = outputs[f"{name}_scores"][0]
            edges = np.linspace(0, frames.shape[1], last - first + 1).astype(int)
            for second, (a, b) in enumerate(itertools.pairwise(edges), first):
                scores[second, branch] = frames[:, a:b].mean(axis=1)
    whole = _attended(scores[audible].mean(axis=0)) if audible.any() else np.float32(0)
    return np.where(audible, _attended(scores), 0).astype(np.float32), float(whole)


def _attended(scores: FloatArray) -> FloatArray:
    """Presence of the branches [..., 3, 2] weighted by their attention, held to [0, 1]."""
    weights = np.exp(scores[..., 0] - scores[..., 0].max(axis=-1, keepdims=True))
    presence = (weights * scores[..., 1]).sum(axis=-1) / weights.sum(axis=-1)
    return np.asarray(presence.clip(0, 1), np.float32)


def _stretched(frames: FloatArray, factor: float) -> FloatArray:
    """Linear interpolation of [bins, T] to int(T * factor) frames, ends kept (align_corners)."""
    position = np.linspace(0, frames.shape[1] - 1, int(frames.shape[1] * factor))
    before = np.minimum(position.astype(int), frames.shape[1] - 2)
    weight = (position - before).astype(np.float32)
    return np.asarray(frames[:, before] * (1 - weight) + frames[:, before + 1] * weight, np.float32)


def find_coded(spectrum: ComplexArray, count: int) -> tuple[FloatArray, float, Payload | None]:
    """The coded mark in each of `count` seconds, where it stands out most, and the payload read there."""
    found = _correlations(whitened(spectrum))
    found = np.pad(found, ((0, max(count - len(found), 0)), (0, 0), (0, 0)))[:count]
    coded = np.zeros(count, np.float32)
    strongest, payload = 0.0, None
    for span in dict.fromkeys(min(span, count) for span in SPANS):
        step = max(span // 2, 1)
        for first in dict.fromkeys((*range(0, count - span + 1, step), count - span)):
            peak, alignment, sign = _peak(found[first : first + span].sum(axis=0))
            coded[first : first + span] = np.maximum(
                coded[first : first + span], _here(found[first : first + span], alignment, sign, peak)
            )
            if peak > CODED_PRESENT and (peak > strongest or payload is None):
                payload = _read(sign * found[first : first + span].sum(axis=0), alignment) or payload
            strongest = max(strongest, peak)
    return coded, strongest, payload


def whitened(spectrum: ComplexArray) -> FloatArray:
    """Sound at RATE of which every bin in the coded mark's band has the same magnitude."""
    band = np.zeros((len(spectrum), TELEPHONE_WINDOW // 2 + 1), np.complex64)
    values = spectrum[:, FIRST_BIN:LAST_BIN]
    band[:, FIRST_BIN:LAST_BIN] = values / np.maximum(np.abs(values), 1e-6)
    frames = np.fft.irfft(band, TELEPHONE_WINDOW, axis=1) * window(TELEPHONE_WINDOW)
    hop = RATE // FRAMES_PER_SECOND
    out = np.zeros(len(frames) * hop + TELEPHONE_WINDOW, np.float32)
    for i, frame in enumerate(frames):
        out[i * hop : i * hop + TELEPHONE_WINDOW] += frame
    return out[TELEPHONE_WINDOW // 2 : TELEPHONE_WINDOW // 2 + len(frames) * hop]


def _correlations(sound: FloatArray) -> FloatArray:
    """Correlation of every second with every layer at every alignment [seconds, LAYERS, PERIOD]."""
    blocks = -(-len(sound) // PERIOD)
    seconds = np.pad(sound, (0, blocks * PERIOD - len(sound))).reshape(blocks, 1, PERIOD)
    spectra = np.fft.rfft(seconds, axis=2)
    return np.concatenate(
        [np.fft.irfft(block * layers().conj(), PERIOD, axis=1).astype(np.float32)[np.newaxis] for block in spectra]
    )


def _peak(found: FloatArray) -> tuple[float, int, int]:
    """Of the alignments [LAYERS, PERIOD]: the best one's height in standard deviations, itself, and its polarity.

    Looked for with the first layer alone, and with all three turned as a known payload turns them.
    """
    best = (0.0, 0, 1)
    for candidate in (found[0], *(_joined(found, payload) for payload in KNOWN)):
        deviation = float(candidate.std())
        if deviation > 0:
            at = int(np.abs(candidate).argmax())
            best = max(best, (abs(float(candidate[at])) / deviation, at, 1 if candidate[at] > 0 else -1))
    return best


def _joined(found: FloatArray, payload: Payload) -> FloatArray:
    byte, checksum = payload.encode()
    return np.asarray(found[0] + np.roll(found[1], -SHIFT * byte) + np.roll(found[2], -SHIFT * checksum))


def _here(found: FloatArray, alignment: int, sign: int, peak: float) -> FloatArray:
    """How much each second [S] supports the alignment that the whole stretch, with that peak, was found at."""
    if peak <= CODED_PRESENT:
        return np.full(len(found), peak, np.float32)
    joined = np.stack([_joined(second, KNOWN[0]) for second in found])
    deviation = joined.std(axis=1)
    alone = sign * joined[:, alignment] / np.where(deviation > 0, deviation, 1)
    # Within a stretch that is certain, three standard deviations at its one alignment say as much as its peak.
    return np.where(alone > 3, peak, alone.clip(min=0)).astype(np.float32)


def _read(found: FloatArray, alignment: int) -> Payload | None:
    """The payload from the turns of layers 2 and 3, each the highest of 256; None when the checksum does not fit."""
    turns = (alignment + SHIFT * np.arange(256)) % PERIOD
    byte, checksum = (int(found[layer][turns].argmax()) for layer in range(1, LAYERS))
    try:
        return Payload.decode(byte, checksum)
    except PayloadError:
        return None
