"""Voices under test: from a recording, through the browser's code to a profile, through the server's to speech."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples
from frontend.profile import build_profile
from frontend.prosody import measure
from frontend.speaker import embed
from models.contract import Profile, parse_profile
from models.requests import Line, SpeechRequest
from models.runner import NativeRunner
from server.marking import MarkingModel
from server.speech import marked_speech
from server.synthesis import Narrator
from server.timings import Sentence
from server.voice import Voice

# The corpora's readers agreed to any use under CC BY 4.0; the contract wants it in its own words.
CONSENT = {"statement_version": 1, "language": "en", "recorded_at": "2015-04-01T00:00:00Z", "script_sha256": "0" * 64}

Floats = npt.NDArray[np.float32]


def record_profile(samples: Samples, rate: int, encoder: NativeRunner) -> Profile:
    """What the server receives of a person who recorded `samples`. Raises NoSpeechError, NoVoiceError."""
    embedding = asyncio.run(embed(samples, rate, encoder))
    profile = build_profile(embedding, measure(samples, rate), CONSENT, encoder.sha256)
    return parse_profile(profile, encoder.sha256)


def speak(narrator: Narrator, marking: MarkingModel, profile: Profile, text: str, seed: int) -> Samples:
    """What a listener hears at the synthesizer's rate: spoken and marked."""
    heard = marked_speech(narrator, marking, SpeechRequest((Line(text, profile, seed=seed),)))
    return np.concatenate([piece for piece in heard if not isinstance(piece, Sentence)])


@dataclass(frozen=True, slots=True)
class _Stock:
    """Stands where the adapter stands, and answers every profile with one vector."""

    g: Floats

    def of(self, profile: Profile) -> Voice:
        return Voice(self.g, 1.0)


class StockNarrator(Narrator):
    """The server's narrator with voices of the synthesizer's own table in place of the person's."""

    def __init__(self, models: Path, table: Floats) -> None:
        super().__init__(models, timbre=None)
        self.table = table

    def choose(self, g: Floats) -> None:
        """Speak as g [512] from now on."""
        self._voices = _Stock(g[np.newaxis])  # type: ignore[assignment]


def nearest(embedding: Floats, stock: Floats) -> int:
    """The row of unit vectors [n, D] that is closest to a unit vector [D]."""
    return int(np.argmax(stock.astype(np.float64) @ embedding))
