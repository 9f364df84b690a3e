"""Complete files of marked speech: encoded in memory, tagged as AI-generated, with Content Credentials."""

from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import soundfile

from models.contract import SYNTHESIS_SAMPLE_RATE
from server.credentials import TOOL, VERSION, Credentials
from server.problems import CATALOGUES

FORMATS = {
    "wav": ("audio/wav", "WAV", "PCM_16"),
    "mp3": ("audio/mpeg", "MP3", "MPEG_LAYER_III"),
    "flac": ("audio/flac", "FLAC", "PCM_16"),
}
MP3_QUALITY = 0.0  # of libsndfile's scale, the best: some 64 kbit/s at 22.05 kHz, which both marks survive


def write(samples: npt.NDArray[np.float32], response_format: str, language: str, credentials: Credentials) -> bytes:
    """A whole file of mono samples in [-1, 1]; its tags say in `language` what it is, its credentials to anyone."""
    media_type, container, coding = FORMATS[response_format]
    texts = CATALOGUES[language]
    file = io.BytesIO()
    options = {"compression_level": MP3_QUALITY} if container == "MP3" else {}
    with soundfile.SoundFile(
        file, "w", SYNTHESIS_SAMPLE_RATE, 1, format=container, subtype=coding, **options
    ) as writer:
        writer.title = texts["file.title"]
        writer.comment = texts["file.comment"]
        writer.software = f"{TOOL} {VERSION}"
        writer.write(samples.clip(-1, 1))
    return credentials.sign(file.getvalue(), media_type)


def name(response_format: str, language: str) -> str:
    """A file name that says what is inside."""
    return f"{CATALOGUES[language]['file.name']}.{response_format}"
