"""Complete files of marked speech: encoded in memory, tagged as AI-generated, with Content Credentials.

AAC is missing: no package with a licence that we could pass on encodes it (PyAV's wheels carry x264 and x265).
"""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import soundfile
import soxr  # type: ignore[import-untyped]

from models.contract import SYNTHESIS_SAMPLE_RATE
from models.seal import TOOL, VERSION
from server.credentials import SIGNED_TYPES, Credentials
from server.problems import CATALOGUES

FORMATS = {
    "wav": ("audio/wav", "WAV", "PCM_16"),
    "mp3": ("audio/mpeg", "MP3", "MPEG_LAYER_III"),
    "flac": ("audio/flac", "FLAC", "PCM_16"),
    "opus": ("audio/ogg", "OGG", "OPUS"),
}
# On libsndfile's scale from 0, the best. MP3: some 64 kbit/s at 22.05 kHz, which both marks survive.
# Opus: (256 - 48) / 250, which is 48 kbit/s on average.
COMPRESSION = {"mp3": 0.0, "opus": 0.832}
OPUS_RATE = 24_000  # Hz; Opus knows a few rates only, of which this is the first that loses nothing


class File:
    """A file of mono samples in the making, encoded as they come; its tags say in `language` what it is."""

    def __init__(self, response_format: str, language: str) -> None:
        self._media_type, container, coding = FORMATS[response_format]
        options = {"compression_level": COMPRESSION[response_format]} if response_format in COMPRESSION else {}
        opus = coding == "OPUS"
        self._resampler = soxr.ResampleStream(SYNTHESIS_SAMPLE_RATE, OPUS_RATE, 1) if opus else None
        self._content = io.BytesIO()
        rate = OPUS_RATE if opus else SYNTHESIS_SAMPLE_RATE
        self._writer = soundfile.SoundFile(self._content, "w", rate, 1, format=container, subtype=coding, **options)
        texts = CATALOGUES[language]
        self._writer.title = texts["file.title"]
        self._writer.comment = texts["file.comment"]
        self._writer.software = f"{TOOL} {VERSION}"

    def write(self, samples: npt.NDArray[np.float32], last: bool = False) -> None:
        """The next samples, float32 in [-1, 1]; what lies beyond is held at full scale."""
        if self._resampler:
            samples = self._resampler.resample_chunk(samples, last)
        self._writer.write(samples.clip(-1, 1))

    def close(self, credentials: Credentials) -> bytes:
        """The whole file, signed where its kind can be: Ogg carries no credentials (C2PA 2.2, appendix A)."""
        self.write(np.zeros(0, np.float32), last=True)
        self._writer.close()
        content = self._content.getvalue()
        return credentials.sign(content, self._media_type) if self._media_type in SIGNED_TYPES else content


def name(response_format: str, language: str) -> str:
    """A file name that says what is inside."""
    return f"{CATALOGUES[language]['file.name']}.{response_format}"
