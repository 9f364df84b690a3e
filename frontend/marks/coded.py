"""The coded mark: correlation of whitened sound with its patterns, at every alignment.

Every bin is whitened to its phase, so that loud bins count no more than others: the mark is as strong in all,
relative to the speech. What a correlation means is told by how far it stands above that of all other alignments,
in standard deviations. Where noise covers the speech the mark is gone with it; a second look leaves such bins out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.watermark.coded import (
    FIRST_BIN,
    KNOWN,
    LAST_BIN,
    PERIOD,
    RATE,
    SHIFT,
    Payload,
    PayloadError,
    crc8,
    layers,
)
from models.watermark.spectrum import FRAMES_PER_SECOND, ComplexArray, FloatArray, window

CODED_PRESENT = 6.5  # standard deviations; the highest of 16,000 alignments of unmarked sound stays below 5.7
PAYLOAD_PRESENT = 4.5  # standard deviations; of 256 code words in noise, the highest stays below 4 in 99 of 100
SPANS = (1, 4, 16)  # seconds over which the coded mark is gathered; a longer span hears a fainter mark
TELEPHONE_WINDOW = 512  # samples of 64 ms at RATE
QUIETEST = 10  # per cent of a bin's frames that hold nothing but noise
NOISE_OF_QUIETEST = 1.5  # the mean power of noise, of that of its quietest frames
SMOOTHING = 5  # bins


@dataclass(frozen=True, slots=True)
class Found:
    """The coded mark: in each second [S] and where it is strongest, in standard deviations, and what it says."""

    seconds: FloatArray
    strongest: float
    payload: Payload | None


def find_coded(spectrum: ComplexArray, count: int) -> Found:
    """The mark in each of `count` seconds; looked for a second time, without what noise covers, unless found."""
    found = find(whitened(spectrum), count)
    if found.payload and (found.seconds > CODED_PRESENT).all():
        return found
    again = find(whitened(spectrum, _clarity(spectrum)), count)
    payload, strongest = found.payload or again.payload, max(found.strongest, again.strongest)
    return Found(np.maximum(found.seconds, again.seconds), strongest, payload)


def find(sound: FloatArray, count: int) -> Found:
    """The mark in whitened sound at RATE."""
    found = _correlations(sound)
    found = np.pad(found, ((0, max(count - len(found), 0)), (0, 0), (0, 0)))[:count]
    coded = np.zeros(count, np.float32)
    strongest, payload = 0.0, None
    for span in dict.fromkeys(min(span, count) for span in SPANS):
        step = max(span // 2, 1)
        for first in dict.fromkeys((*range(0, count - span + 1, step), count - span)):
            whole = found[first : first + span].sum(axis=0)
            peak, alignment, sign = _peak(whole)
            coded[first : first + span] = np.maximum(
                coded[first : first + span], _here(found[first : first + span], alignment, sign, peak)
            )
            if peak > CODED_PRESENT and (peak > strongest or payload is None):
                payload = _read(sign * whole, alignment) or payload
            strongest = max(strongest, peak)
    return Found(coded, strongest, payload)


def whitened(spectrum: ComplexArray, weight: FloatArray | None = None) -> FloatArray:
    """Sound at RATE of which every bin in the mark's band has the same magnitude, or that of `weight` [T, bins]."""
    band = np.zeros((len(spectrum), TELEPHONE_WINDOW // 2 + 1), np.complex64)
    values = spectrum[:, FIRST_BIN:LAST_BIN]
    band[:, FIRST_BIN:LAST_BIN] = values / np.maximum(np.abs(values), 1e-6)
    if weight is not None:
        band[:, FIRST_BIN:LAST_BIN] *= weight
    frames = np.fft.irfft(band, TELEPHONE_WINDOW, axis=1) * window(TELEPHONE_WINDOW)
    hop = RATE // FRAMES_PER_SECOND
    out = np.zeros(len(frames) * hop + TELEPHONE_WINDOW, np.float32)
    for i, frame in enumerate(frames):
        out[i * hop : i * hop + TELEPHONE_WINDOW] += frame
    return out[TELEPHONE_WINDOW // 2 : TELEPHONE_WINDOW // 2 + len(frames) * hop]


def _clarity(spectrum: ComplexArray) -> FloatArray:
    """The share of each bin's magnitude [T, bins] that is above the steady noise (a Wiener gain)."""
    side = SMOOTHING // 2
    power = np.pad(np.abs(spectrum[:, FIRST_BIN:LAST_BIN]) ** 2, ((0, 0), (side, side)), mode="edge")
    power = np.lib.stride_tricks.sliding_window_view(power, SMOOTHING, axis=1).mean(axis=2)
    noise = NOISE_OF_QUIETEST * np.percentile(power, QUIETEST, axis=0)
    return np.asarray(np.sqrt((1 - noise / np.maximum(power, 1e-20)).clip(min=0)), np.float32)


def _correlations(sound: FloatArray) -> FloatArray:
    """Correlation of every second with every layer at every alignment [seconds, layers, PERIOD]."""
    blocks = -(-len(sound) // PERIOD)
    seconds = np.pad(sound, (0, blocks * PERIOD - len(sound))).reshape(blocks, 1, PERIOD)
    spectra = np.fft.rfft(seconds, axis=2)
    return np.concatenate(
        [np.fft.irfft(block * layers().conj(), PERIOD, axis=1).astype(np.float32)[np.newaxis] for block in spectra]
    )


def _peak(found: FloatArray) -> tuple[float, int, int]:
    """Of the alignments [layers, PERIOD]: the best one's height in standard deviations, itself, and its polarity.

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
    """The payload at an alignment of [layers, PERIOD]: the byte that, with its checksum, is turned to most likely.

    None when no byte stands out, or the one that does says nothing known.
    """
    turns = (alignment + SHIFT * np.arange(256)) % PERIOD
    checksums = np.array([crc8(byte) for byte in range(256)])
    likely = found[1][turns] + found[2][turns[checksums]]
    byte = int(likely.argmax())
    if likely[byte] < PAYLOAD_PRESENT * np.hypot(found[1].std(), found[2].std()):
        return None
    try:
        return Payload.decode(byte, int(checksums[byte]))
    except PayloadError:
        return None
