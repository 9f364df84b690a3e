"""Does this carry that recording, or that file? Bytes are read in every usual encoding and compared.

Sound is found by correlation, whatever its scale, sign or rate; a file by any 24 bytes of it.
"""

from __future__ import annotations

import base64
import binascii
import bz2
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress

import av
import numpy as np
import numpy.typing as npt
import scipy.fft

from frontend.audio import Samples, resample

Numbers = npt.NDArray[np.float64]

PIECE = 1024  # numbers that are compared at once: 64 ms at 16 kHz; shorter ones find any vowel in any other
BLOCK = 8192  # of the recording, for each transform
RATES = (8_000, 16_000, 22_050, 44_100, 48_000)
ALIKE = 0.7  # correlation; chance stays below 0.4, any linear encoding of the sound is near 1
WINDOW = 24  # bytes of a file
LAYERS = 2  # of text and compression around each other
INFLATED_MAX = 1 << 22  # bytes
TEXT = re.compile(rb"[A-Za-z0-9+/_-]{512,}")
LIST = re.compile(rb"-?\d[-+\d.eE,\s]{1024,}")
COMPRESSED: dict[bytes, Callable[[bytes], bytes]] = {  # how it begins, and what opens it
    rb"\x78[\x01\x5e\x9c\xda]": lambda content: zlib.decompressobj().decompress(content, INFLATED_MAX),
    rb"\x1f\x8b\x08": lambda content: zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, INFLATED_MAX),
    rb"\A": lambda content: zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, INFLATED_MAX),
    rb"BZh[1-9]": lambda content: bz2.BZ2Decompressor().decompress(content, INFLATED_MAX),
    rb"\xfd7zXZ\0": lambda content: lzma.LZMADecompressor().decompress(content, INFLATED_MAX),
}
MEDIA = re.compile(rb"\x1aE\xdf\xa3|OggS|fLaC|ID3|\xff[\xf1\xf3\xf9\xfb]|....ftyp", re.DOTALL)  # as files begin


def likeness(content: bytes, samples: Samples, rate: int) -> float:
    """Largest correlation, 0 to 1, of any piece of `content` in any encoding with the recording at any usual rate."""
    pieces = [piece for numbers in _readings(content) for piece in _pieces(numbers)]
    return max((_correlation(pieces, resample(samples, rate, other)) for other in RATES), default=0.0)


def holds(content: bytes, file: bytes) -> bool:
    """Whether any stretch of the file, but for dull ones, is in `content` in any encoding."""
    known = set(_windows(file))
    return any(not known.isdisjoint(_windows(layer)) for layer in _layers(content))


def _windows(content: bytes) -> Iterator[bytes]:
    for start in range(len(content) - WINDOW + 1):
        window = content[start : start + WINDOW]
        if len(set(window)) > WINDOW // 3:
            yield window


def _layers(content: bytes, depth: int = LAYERS) -> Iterator[bytes]:
    """The bytes, and whatever they hold as base64 or hex, or compressed."""
    yield content
    if depth:
        for inner in (*_decoded(content), *_inflated(content)):
            yield from _layers(inner, depth - 1)


def _decoded(content: bytes) -> Iterator[bytes]:
    for found in TEXT.findall(content):
        for shift in range(4):
            text = found[shift : shift + (len(found) - shift) // 4 * 4]
            yield base64.b64decode(text, altchars=b"-_" if b"-" in text or b"_" in text else None)
        if re.fullmatch(rb"[0-9A-Fa-f]+", found):
            yield binascii.unhexlify(found[: len(found) // 2 * 2])


def _inflated(content: bytes) -> Iterator[bytes]:
    for beginning, opened in COMPRESSED.items():
        for found in re.finditer(beginning, content):
            with suppress(zlib.error, lzma.LZMAError, OSError, EOFError):
                yield opened(content[found.start() :])


def _readings(content: bytes) -> Iterator[Numbers]:
    """The bytes as numbers: integers and floats at every alignment, lists of numbers, and sound that was coded."""
    for layer in _layers(content):
        for dtype in ("<i2", ">i2", "<f4", "i1", "u1", "<f8", "<i4"):
            size = np.dtype(dtype).itemsize
            for shift in range(size):
                usable = layer[shift : shift + (len(layer) - shift) // size * size]
                with np.errstate(all="ignore"):
                    yield np.nan_to_num(np.frombuffer(usable, dtype).astype(np.float64), posinf=0, neginf=0)
        for found in LIST.findall(layer):
            yield np.array([float(number) for number in re.findall(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", found)])
        for beginning in MEDIA.finditer(layer):
            yield from _sound(layer[beginning.start() :])


def _sound(content: bytes) -> Iterator[Numbers]:
    """The first channel of a file of sound or video, as far as it can be decoded."""
    parts: list[Numbers] = []
    with suppress(av.FFmpegError, IndexError), av.open(io.BytesIO(content), "r") as file:
        resampler = av.AudioResampler("fltp")
        for frame in file.decode(audio=0):
            parts += [part.to_ndarray()[0].astype(np.float64) for part in resampler.resample(frame)]
    if parts:
        yield np.concatenate(parts)


def _pieces(numbers: Numbers) -> Iterator[Numbers]:
    """Unit vectors of consecutive numbers, without their mean; flat or absurd ones are left out."""
    for start in range(0, len(numbers) - PIECE + 1, PIECE):
        piece = np.clip(numbers[start : start + PIECE], -1e12, 1e12)
        piece = piece - piece.mean()
        norm = np.linalg.norm(piece)
        if norm > 1e-9:
            yield piece / norm


def _correlation(pieces: list[Numbers], reference: Samples) -> float:
    """The largest normalised cross-correlation of any piece with any stretch of the reference (overlap-save)."""
    sums, squares = (np.cumsum(np.concatenate([[0.0], reference.astype(np.float64) ** power])) for power in (1, 2))
    energy = squares[PIECE:] - squares[:-PIECE] - (sums[PIECE:] - sums[:-PIECE]) ** 2 / PIECE
    scale = np.zeros(len(energy), np.float32)
    loud = energy > 0.05 * energy.mean()
    scale[loud] = 1 / np.sqrt(energy[loud])

    step = BLOCK - PIECE + 1
    padded = np.zeros(-(-len(energy) // step) * step + PIECE - 1, np.float32)
    padded[: len(reference)] = reference
    spectra = scipy.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, BLOCK)[::step])
    best = 0.0
    for piece in pieces:
        other = scipy.fft.rfft(piece.astype(np.float32), BLOCK).conj()
        products = scipy.fft.irfft(spectra * other, BLOCK)[:, :step].ravel()[: len(energy)]
        best = max(best, float(np.max(np.abs(products) * scale)))
    return best
