"""Does this carry that recording? Bytes are read in every usual encoding of sound and correlated with the samples."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample

Numbers = npt.NDArray[np.float64]

PIECE = 1024  # numbers that are compared at once: 64 ms at 16 kHz; shorter ones find any vowel in any other
RATES = (8_000, 16_000, 22_050, 44_100, 48_000)
ALIKE = 0.7  # correlation; chance stays below 0.4, any linear encoding of the sound is near 1
TEXT = re.compile(rb"[A-Za-z0-9+/_-]{512,}")
LIST = re.compile(rb"-?\d[-+\d.eE,\s]{1024,}")


def likeness(content: bytes, samples: Samples, rate: int) -> float:
    """Largest correlation, 0 to 1, of any piece of `content` in any encoding with the recording at any usual rate."""
    references = [resample(samples, rate, other).astype(np.float64) for other in RATES]
    pieces = [piece for numbers in _readings(content) for piece in _pieces(numbers)]
    if not pieces:
        return 0.0
    return max(_correlation(np.array(pieces), reference) for reference in references)


def _readings(content: bytes) -> Iterator[Numbers]:
    """The bytes as numbers: integers and floats at every alignment, decoded base64 and hex, lists of numbers."""
    for blob in (content, *_decoded(content)):
        for dtype in ("<i2", ">i2", "<f4", "i1", "u1", "<f8", "<i4"):
            size = np.dtype(dtype).itemsize
            for shift in range(size):
                usable = blob[shift : shift + (len(blob) - shift) // size * size]
                with np.errstate(all="ignore"):
                    yield np.nan_to_num(np.frombuffer(usable, dtype).astype(np.float64), posinf=0, neginf=0)
    for found in LIST.findall(content):
        yield np.array([float(number) for number in re.findall(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", found)])


def _decoded(content: bytes) -> Iterator[bytes]:
    for found in TEXT.findall(content):
        for shift in range(4):
            text = found[shift : shift + (len(found) - shift) // 4 * 4]
            yield base64.b64decode(text, altchars=b"-_" if b"-" in text or b"_" in text else None)
        if re.fullmatch(rb"[0-9A-Fa-f]+", found):
            yield binascii.unhexlify(found[: len(found) // 2 * 2])


def _pieces(numbers: Numbers) -> Iterator[Numbers]:
    """Unit vectors of consecutive numbers, without their mean; flat or absurd ones are left out."""
    for start in range(0, len(numbers) - PIECE + 1, PIECE):
        piece = np.clip(numbers[start : start + PIECE], -1e12, 1e12)
        piece = piece - piece.mean()
        norm = np.linalg.norm(piece)
        if norm > 1e-9:
            yield piece / norm


def _correlation(pieces: Numbers, reference: Numbers) -> float:
    """The largest normalised cross-correlation of any piece with any stretch of the reference."""
    size = 1 << (len(reference) + PIECE - 1).bit_length()
    spectrum = np.fft.rfft(reference, size)
    sums = np.cumsum(np.concatenate([[0.0], reference]))
    squares = np.cumsum(np.concatenate([[0.0], reference**2]))
    mean = (sums[PIECE:] - sums[:-PIECE]) / PIECE
    energy = squares[PIECE:] - squares[:-PIECE] - PIECE * mean**2
    loud = energy > 0.05 * energy.mean()
    best = 0.0
    for piece in pieces:
        products = np.fft.irfft(spectrum * np.fft.rfft(piece, size).conj(), size)[: len(energy)]
        best = max(best, float(np.max(np.abs(products[loud]) / np.sqrt(energy[loud]), initial=0)))
    return best
