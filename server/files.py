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
from server.credentials import SIGNED_TYPES, TOOL, VERSION, Credentials
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


def write(samples: npt.NDArray[np.float32], response_format: str, language: str, credentials: Credentials) -> bytes:
    """A whole file of mono samples in [-1, 1]; its tags say in `language` what it is, its credentials to anyone.

    Ogg carries no credentials (C2PA 2.2, appendix A).
    """
    media_type, container, coding = FORMATS[response_format]
    texts = CATALOGUES[language]
    file = io.BytesIO()
    options = {"compression_level": COMPRESSION[response_format]} if response_format in COMPRESSION else {}
    rate = SYNTHESIS_SAMPLE_RATE
    if coding == "OPUS":
        samples, rate = soxr.resample(samples, rate, OPUS_RATE), OPUS_RATE
    with soundfile.SoundFile(file, "w", rate, 1, format=container, subtype=coding, **options) as writer:
        writer.title = texts["file.title"]
        writer.comment = texts["file.comment"]
        writer.software = f"{TOOL} {VERSION}"
        writer.write(samples.clip(-1, 1))
    content = file.getvalue()
    return credentials.sign(content, media_type) if media_type in SIGNED_TYPES else content


def name(response_format: str, language: str) -> str:
    """A file name that says what is inside."""
    return f"{CATALOGUES[language]['file.name']}.{response_format}"
