"""WAV in and out: mono, 16-bit PCM or 32-bit float, whole or as it arrives (RFC 2361, Microsoft RIFF)."""

from __future__ import annotations

import struct

import numpy as np

from frontend.audio import Samples

PCM, FLOAT = 1, 3
HEADER_MAX_BYTES = 4_096  # chunks before the samples; more is not a header
UNKNOWN_SIZES = (0, 0xFFFFFFFF)  # what a writer puts who streams and cannot know


class WavError(ValueError):
    """Not a WAV file, or one of another kind than this app makes and plays."""


def encode(samples: Samples, rate: int) -> bytes:
    """Samples [n] as a 16-bit mono WAV file."""
    data = np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    return b"".join(
        (
            struct.pack("<4sI4s", b"RIFF", 36 + len(data), b"WAVE"),
            struct.pack("<4sIHHIIHH", b"fmt ", 16, PCM, 1, rate, 2 * rate, 2, 16),
            struct.pack("<4sI", b"data", len(data)),
            data,
        )
    )


def decode(data: bytes) -> tuple[Samples, int]:
    """Samples and rate in Hz of a whole WAV file. Raises WavError."""
    reader = WavReader()
    samples = reader.feed(data)
    reader.close()
    return samples, reader.rate


def complete(data: bytes) -> bytes:
    """A streamed WAV file of 44 header bytes and samples, with the sizes that its writer could not know."""
    if data[36:40] != b"data" or struct.unpack_from("<I", data, 40)[0] not in UNKNOWN_SIZES:
        return data
    return b"".join(
        (data[:4], struct.pack("<I", len(data) - 8), data[8:40], struct.pack("<I", len(data) - 44), data[44:])
    )


class WavReader:
    """Reads a WAV stream in pieces of any size; `rate` in Hz is known (not 0) from the first samples on."""

    def __init__(self) -> None:
        self.rate = 0
        self._pending = b""
        self._dtype = np.dtype("<i2")
        self._left: int | None = None  # bytes of samples still to come, if the header says

    def feed(self, data: bytes) -> Samples:
        """The samples that `data` completes, perhaps none. Raises WavError."""
        self._pending += data
        if not self.rate and not self._read_header():
            return np.zeros(0, dtype=np.float32)
        whole = len(self._pending) if self._left is None else min(len(self._pending), self._left)
        whole -= whole % self._dtype.itemsize
        piece, self._pending = self._pending[:whole], self._pending[whole:]
        if self._left is not None:
            self._left -= whole
        values = np.frombuffer(piece, dtype=self._dtype)
        return (values / 32768).astype(np.float32) if self._dtype.kind == "i" else values.astype(np.float32)

    def close(self) -> None:
        """Raises WavError when the stream ended before what its header promised."""
        if not self.rate or self._left or (self._left is None and self._pending):
            raise WavError("cut off")

    def _read_header(self) -> bool:
        """Step over the chunks before the samples; False when more bytes are needed."""
        data, at = self._pending, 12
        if len(data) >= 12 and (data[:4] != b"RIFF" or data[8:12] != b"WAVE"):
            raise WavError("no RIFF/WAVE header")
        rate = 0
        while len(data) >= at + 8:
            name, size = struct.unpack_from("<4sI", data, at)
            at += 8
            if name == b"data":
                if not rate:
                    raise WavError("samples before their format")
                self.rate, self._pending = rate, data[at:]
                self._left = None if size in UNKNOWN_SIZES else size
                return True
            if name == b"fmt " and len(data) >= at + 16:
                rate = self._read_format(*struct.unpack_from("<HHIIHH", data, at))
            at += size + size % 2
        if len(data) > HEADER_MAX_BYTES:
            raise WavError("no samples found")
        return False

    def _read_format(self, kind: int, channels: int, rate: int, _bytes: int, _align: int, bits: int) -> int:
        dtypes = {(PCM, 16): "<i2", (FLOAT, 32): "<f4"}
        if channels != 1 or (kind, bits) not in dtypes or not rate:
            raise WavError(f"format {kind}, {bits} bit, {channels} channels")
        self._dtype = np.dtype(dtypes[kind, bits])
        return rate
