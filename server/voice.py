"""From a profile to the voice that speaks: its speaker vector and its pace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.contract import SPEAKER_VECTOR_DIM, SYNTHESIS_SAMPLE_RATE, Profile
from models.runner import session
from models.synthesizer.phonemes import to_ids
from models.synthesizer.synthesis import SAMPLES_PER_FRAME, Synthesizer

Floats = npt.NDArray[np.float32]

# "The quick brown fox jumps over the lazy dog.", by which each voice's own pace is measured, and the syllables in it as
# `frontend.prosody` counts them: its mean over 750 voices of the published table, which read other sentences.
PACE_IDS = to_ids("ðə kwˈɪk bɹˈaʊn fˈɑːks dʒˈʌmps ˌoʊvɚ ðə lˈeɪzi dˈɑːɡ.")
PACE_SYLLABLES = 10.26
PACE_LIMITS = (1.0, 1.33)  # of the synthesizer's own; faster, clones slur and are misheard; slower, they drawl


class UnusableVoiceError(ValueError):
    """The adapter makes no speaker vector of this profile."""


@dataclass(frozen=True, slots=True)
class Voice:
    """`g` float32 [1, 512] for the synthesizer, and the stretch of its durations that gives it the person's pace."""

    g: Floats
    stretch: float


class Voices:
    """The adapter, and the sentence by which every voice's own pace is measured."""

    def __init__(self, adapter: Path, synthesizer: Synthesizer) -> None:
        self._adapter = session(adapter, threads=1)
        self._synthesizer = synthesizer

    def of(self, profile: Profile) -> Voice:
        """The voice of a profile. Raises UnusableVoiceError; there is no other voice to fall back on."""
        prosody = [profile.f0_median_hz, profile.f0_range_semitones, profile.syllables_per_second]
        (g,) = self._adapter.run(
            ["g"], {"embedding": profile.embedding[np.newaxis], "prosody": np.array([prosody], np.float32)}
        )
        if g.shape != (1, SPEAKER_VECTOR_DIM) or not np.isfinite(g).all():
            raise UnusableVoiceError
        return Voice(g, float(np.clip(self._own_pace(g) / profile.syllables_per_second, *PACE_LIMITS)))

    def _own_pace(self, g: Floats) -> float:
        """Syllables per second of the synthesizer in this voice, without chance."""
        frames = self._synthesizer.prior(PACE_IDS, g, np.random.default_rng(0), duration_noise_scale=0)
        return PACE_SYLLABLES * SYNTHESIS_SAMPLE_RATE / (SAMPLES_PER_FRAME * int(frames.durations.sum()))
