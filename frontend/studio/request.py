"""A line as the server is asked for it, and what is done to its speech here."""

from __future__ import annotations

from typing import Any

import numpy as np

from frontend import client
from frontend.audio import Samples
from frontend.library.voice import Voice
from frontend.studio.line import EMPHASES, Line
from models.contract import PROFILE_SCHEMA

_F0 = PROFILE_SCHEMA["properties"]["prosody"]["properties"]["f0_median_hz"]
KNEE, CEILING = 0.7, 0.98  # of full scale: what emphasis would lift above the knee is bent, not cut


def speech_request(line: Line, voice: Voice) -> dict[str, Any]:
    """The request (models/contract.py) for a line as `project.as_asked` gives it.

    The synthesizer's pitch follows the median F0 of the profile, so pitch is asked for there: 12 semitones double it.
    """
    request = client.speech_request(pitched(voice.profile, line.pitch), line.text, line.speed, line.take)
    if line.pronunciations:
        request["pronunciations"] = dict(line.pronunciations)
    return request


def pitched(profile: dict[str, Any], semitones: float) -> dict[str, Any]:
    """The profile with its median F0 moved by `semitones`, as far as the contract allows."""
    if not semitones:
        return profile
    prosody = profile["prosody"]
    moved = min(max(prosody["f0_median_hz"] * 2 ** (semitones / 12), _F0["minimum"]), _F0["maximum"])
    return {**profile, "prosody": {**prosody, "f0_median_hz": moved}}


def emphasised(samples: Samples, emphasis: str) -> Samples:
    """Samples [n] as loud as the emphasis asks, never beyond full scale; without memory, so pieces join."""
    gain = EMPHASES[emphasis][1]
    if not gain:
        return samples
    loud = samples.astype(np.float64) * 10 ** (gain / 20)
    over, span = np.abs(loud) - KNEE, CEILING - KNEE
    return np.where(over > 0, np.sign(loud) * (KNEE + span * np.tanh(over / span)), loud).astype(np.float32)
