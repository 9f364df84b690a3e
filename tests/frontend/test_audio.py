"""Resampling against the ideal, and the measurements against signals whose values are known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
import scipy.signal
from hypothesis import given, settings
from hypothesis import strategies as st

from frontend.audio import (
    Samples,
    clipped_share,
    resample,
    signal_to_noise_db,
    speech_seconds,
    trim_silence,
)

RATES = (8_000, 22_050, 32_000, 44_100, 48_000, 96_000)


def decibels(ratio: float) -> float:
    return float(20 * np.log10(max(ratio, 1e-12)))


def rms(samples: npt.NDArray[np.floating]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def chord(rate: int, seconds: float, top_hz: float) -> Samples:
    """Forty tones up to `top_hz`, the same ones at every rate."""
    random = np.random.default_rng(7)
    hertz, phase = random.uniform(50, top_hz, 40), random.uniform(0, 2 * np.pi, 40)
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(np.sin(2 * np.pi * np.outer(time, hertz) + phase).mean(axis=1), np.float32)


@pytest.mark.parametrize("rate", RATES)
def test_resampling_keeps_the_band_as_the_ideal_would(rate: int) -> None:
    top = 0.87 * min(rate, 16_000) / 2
    ideal = chord(16_000, 1.5, top)
    inner = slice(1_000, -1_000)
    got = resample(chord(rate, 1.5, top), rate, 16_000)
    assert len(got) == len(ideal)
    assert decibels(rms(got[inner] - ideal[inner]) / rms(ideal)) < -95


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate > 16_000])
def test_resampling_lets_nothing_alias(rate: int) -> None:
    time = np.arange(rate) / rate
    for hertz in np.linspace(8_050, rate / 2 * 0.99, 5):
        tone = np.sin(2 * np.pi * hertz * time).astype(np.float32)
        assert decibels(rms(resample(tone, rate, 16_000)[1_000:-1_000])) < -95


def test_resampling_agrees_with_scipy_within_scipys_own_filter() -> None:
    tones = chord(48_000, 1.0, 5_000)
    theirs = scipy.signal.resample_poly(tones.astype(np.float64), 1, 3)
    assert decibels(rms(resample(tones, 48_000, 16_000)[500:-500] - theirs[500:-500]) / rms(tones)) < -50


@settings(deadline=None)
@given(rate=st.sampled_from(RATES), count=st.integers(0, 400))
def test_any_length_gives_the_length_it_promises(rate: int, count: int) -> None:
    got = resample(np.ones(count, np.float32), rate, 16_000)
    assert got.dtype == np.float32
    assert len(got) == -(-count * 16_000 // rate)
    assert np.isfinite(got).all()


def test_a_rate_that_is_not_positive_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        resample(np.ones(4, np.float32), 0, 16_000)


def bursts(noise: float = 0.0) -> Samples:
    """1 s silence, 3 s of noise bursts of level 0.1 with 0.2 s pauses, 1 s silence, at 16 kHz; noise beneath."""
    random = np.random.default_rng(3)
    samples = random.standard_normal(5 * 16_000) * noise
    for start in np.arange(1.0, 3.9, 1.0):
        burst = slice(round(start * 16_000), round((start + 0.8) * 16_000))
        samples[burst] += random.standard_normal(round(0.8 * 16_000)) * 0.1
    return samples.astype(np.float32)


@pytest.mark.parametrize("noise", [0.0, 0.001, 0.01])
def test_trimming_keeps_the_speech_and_a_tenth_of_a_second(noise: float) -> None:
    trimmed = trim_silence(bursts(noise), 16_000)
    assert len(trimmed) / 16_000 == pytest.approx(3.0, abs=0.05)
    assert speech_seconds(bursts(noise), 16_000) == pytest.approx(2.4, abs=0.1)


@pytest.mark.parametrize("samples", [np.zeros(16_000, np.float32), np.zeros(0, np.float32), np.zeros(5, np.float32)])
def test_silence_is_trimmed_to_nothing(samples: Samples) -> None:
    assert len(trim_silence(samples, 16_000)) == 0
    assert speech_seconds(samples, 16_000) == 0


@pytest.mark.parametrize("ratio_db", [5, 10, 15, 20, 30, 40])
def test_signal_to_noise_ratio_is_the_one_mixed_in(ratio_db: float) -> None:
    assert signal_to_noise_db(bursts(0.1 / 10 ** (ratio_db / 20)), 16_000) == pytest.approx(ratio_db, abs=3)


def test_only_runs_at_full_scale_are_clipping() -> None:
    tone = np.sin(2 * np.pi * 220 * np.arange(16_000) / 16_000).astype(np.float32)
    assert clipped_share(0.9 * tone) == 0
    assert clipped_share(np.clip(2 * tone, -1, 1)) == pytest.approx(2 / 3, abs=0.01)
    lone = np.zeros(1_000, np.float32)
    lone[::10] = 1
    assert clipped_share(lone) == 0
