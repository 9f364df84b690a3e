"""Is a recording good enough to make a voice of? Each check carries what it measured, so that it can say what to do."""

from __future__ import annotations

from dataclasses import dataclass

from frontend.audio import Samples, clipped_share, signal_to_noise_db, speech_seconds, trim_silence
from frontend.loudness import integrated_loudness

MIN_SPEECH_SECONDS = 5.0
MIN_LOUDNESS_LUFS = -45.0
MAX_CLIPPED_SHARE = 0.001
MIN_SIGNAL_TO_NOISE_DB = 12.0


@dataclass(frozen=True, slots=True)
class Check:
    """One measurement against its limit; `name` is stable: speech, level, clipping or noise."""

    name: str
    passed: bool
    measured: float
    limit: float


def check_recording(samples: Samples, rate: int) -> tuple[Check, ...]:
    """All four checks of a recording [n]: seconds of speech, LUFS, clipped share, signal-to-noise ratio in dB."""
    seconds = speech_seconds(samples, rate)
    loudness = integrated_loudness(trim_silence(samples, rate), rate)
    clipped = clipped_share(samples)
    noise = signal_to_noise_db(samples, rate)
    return (
        Check("speech", seconds >= MIN_SPEECH_SECONDS, seconds, MIN_SPEECH_SECONDS),
        Check("level", loudness >= MIN_LOUDNESS_LUFS, loudness, MIN_LOUDNESS_LUFS),
        Check("clipping", clipped <= MAX_CLIPPED_SHARE, clipped, MAX_CLIPPED_SHARE),
        Check("noise", noise >= MIN_SIGNAL_TO_NOISE_DB, noise, MIN_SIGNAL_TO_NOISE_DB),
    )
