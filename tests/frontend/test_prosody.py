"""Prosody against synthetic voices, whose pitch and syllables are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from frontend.audio import Samples, speech_seconds
from frontend.prosody import NoVoiceError, measure, syllable_rate, track_f0
from tests.recordings import RATE, recordings


def voice(f0: npt.NDArray[np.float64], formants: tuple[float, ...] = (600, 1_200, 2_500)) -> Samples:
    """A harmonic source with that F0 in Hz [n], its harmonics shaped by resonances as a vowel's are."""
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    total = np.zeros_like(f0)
    for harmonic in range(1, 60):
        hertz = harmonic * f0
        gain = sum(1 / (1 + ((hertz - formant) / 120) ** 2) for formant in formants) + 0.02
        total += np.where(hertz < RATE / 2, gain / harmonic**0.5, 0) * np.sin(harmonic * phase)
    return np.asarray(0.3 * total / np.abs(total).max(), np.float32)


@pytest.mark.parametrize("hertz", [75, 98, 120, 155, 210, 260, 340, 420])
def test_a_steady_voice_has_its_pitch_in_every_frame(hertz: float) -> None:
    f0 = track_f0(voice(np.full(2 * RATE, float(hertz))), RATE)
    assert np.isfinite(f0).mean() > 0.99
    np.testing.assert_allclose(f0[np.isfinite(f0)], hertz, rtol=0.01)


@pytest.mark.parametrize(("centre", "semitones"), [(110.0, 6.0), (210.0, 10.0)])
def test_a_gliding_voice_has_its_median_and_range(centre: float, semitones: float) -> None:
    glide = np.sin(2 * np.pi * 0.5 * np.arange(6 * RATE) / RATE) * semitones / 2
    got = measure(voice(centre * 2 ** (glide / 12)), RATE)
    assert got.f0_median_hz == pytest.approx(centre, rel=0.02)
    low, high = np.percentile(glide, (5, 95))
    assert got.f0_range_semitones == pytest.approx(high - low, abs=0.4)


def test_a_weak_fundamental_is_no_octave_error() -> None:
    """Telephones cut the fundamental; the period stays."""
    spectrum = np.fft.rfft(voice(np.full(2 * RATE, 120.0)))
    spectrum[: 2 * 300] = 0  # 300 Hz
    f0 = track_f0(np.fft.irfft(spectrum).astype(np.float32), RATE)
    np.testing.assert_allclose(f0[np.isfinite(f0)], 120, rtol=0.02)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = (0.1 * np.random.default_rng(0).standard_normal(2 * RATE)).astype(np.float32)
    assert np.isfinite(track_f0(noise, RATE)).mean() < 0.05
    for samples in (noise, np.zeros(2 * RATE, np.float32), np.zeros(10, np.float32)):
        with pytest.raises(NoVoiceError):
            measure(samples, RATE)


@pytest.mark.parametrize("per_second", [2.5, 4.0, 6.0])
def test_syllables_are_counted(per_second: float) -> None:
    time = np.arange(6 * RATE) / RATE
    swell = 0.5 - 0.5 * np.cos(2 * np.pi * per_second * time)
    samples = voice(np.full(6 * RATE, 130.0)) * (0.3 + 0.7 * swell).astype(np.float32)
    assert syllable_rate(samples, RATE) == pytest.approx(per_second, rel=0.1)
    assert syllable_rate(np.zeros(RATE, np.float32), RATE) == 0


@pytest.mark.parametrize(
    ("name", "median_hz", "semitones", "syllables"),
    [
        ("2961-961-0010.flac", 168.4, 13.7, 30),
        ("2961-961-0016.flac", 188.9, 9.8, 29),
        ("5639-40744-0013.flac", 131.9, 8.9, 28),
        ("5639-40744-0020.flac", 130.8, 8.8, 38),
    ],
)
def test_real_voices_measure_as_praat_and_a_dictionary_say(
    name: str, median_hz: float, semitones: float, syllables: int
) -> None:
    """Pitch as Praat 6.1.38 tracks it (autocorrelation, two passes); syllables of the words as CMUdict counts them."""
    samples = next(it.samples for it in recordings() if it.file.name == name)
    got = measure(samples, RATE)
    assert abs(12 * np.log2(got.f0_median_hz / median_hz)) < 0.6
    assert got.f0_range_semitones == pytest.approx(semitones, abs=1.7)
    assert got.syllables_per_second == pytest.approx(syllables / speech_seconds(samples, RATE), rel=0.1)
