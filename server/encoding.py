"""Samples to bytes, piece by piece: 16-bit little-endian PCM, bare or after the header of a WAV of unknown length."""

from __future__ import annotations

import struct

import numpy as np
import numpy.typing as npt

from models.contract import SYNTHESIS_SAMPLE_RATE

UNKNOWN = 0xFFFFFFFF  # what streaming writers put for a size; readers go on to the end
FULL_SCALE = 32_767
MEDIA_TYPES = {"wav": "audio/wav", "pcm": f"audio/pcm;rate={SYNTHESIS_SAMPLE_RATE};channels=1"}


class Encoder:
    """One stream in one of MEDIA_TYPES; the header comes with the first samples."""

    def __init__(self, response_format: str) -> None:
        self._head = wav_header(SYNTHESIS_SAMPLE_RATE) if response_format == "wav" else b""

    def encode(self, samples: npt.NDArray[np.float32]) -> bytes:
        """The next samples, mono in [-1, 1]; what lies beyond is held at full scale."""
        head, self._head = self._head, b""
        return head + pcm16(samples)


def wav_header(rate: int) -> bytes:
    """The 44 bytes before 16-bit mono samples (Multimedia Programming Interface, IBM and Microsoft, 1991)."""
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, rate * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", UNKNOWN, b"WAVE") + fmt + struct.pack("<4sI", b"data", UNKNOWN)


def pcm16(samples: npt.NDArray[np.float32]) -> bytes:
    """Rounded to the nearest step: the synthesizer's own noise lies above one step, so there is nothing to dither."""
    return np.clip(np.rint(samples * FULL_SCALE), -FULL_SCALE, FULL_SCALE).astype("<i2").tobytes()
