"""Loudness against the standard's own tone, a direct recursion of its filters, and the gates it prescribes."""

from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.signal

from frontend.audio import Samples
from frontend.loudness import HIGH_PASS, SHELF, integrated_loudness, k_weighted


def tone(rate: int, seconds: float, level_db: float = 0.0, hertz: float = 997.0) -> Samples:
    time = np.arange(round(rate * seconds)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


@pytest.mark.parametrize("rate", [16_000, 22_050, 44_100, 48_000, 96_000])
def test_a_full_scale_tone_at_997_hz_reads_minus_3_01(rate: int) -> None:
    """BS.1770: a 0 dB FS sine at 997 Hz in one front channel indicates -3.01 LKFS."""
    assert integrated_loudness(tone(rate, 5), rate) == pytest.approx(-3.01, abs=0.01)


def test_the_filter_is_the_standards_recursion() -> None:
    noise = np.random.default_rng(0).standard_normal(48_000).astype(np.float32)
    expected = scipy.signal.lfilter(*HIGH_PASS, scipy.signal.lfilter(*SHELF, noise.astype(np.float64)))
    np.testing.assert_allclose(k_weighted(noise, 48_000), expected, atol=1e-10)


def test_quiet_stretches_are_gated() -> None:
    """After EBU Tech 3341, cases 3 and 4: quiet stretches around a steady level do not count."""
    quiet, steady = tone(48_000, 10, -36), tone(48_000, 60, -20)
    alone = integrated_loudness(steady, 48_000)
    assert integrated_loudness(np.concatenate([quiet, steady, quiet]), 48_000) == pytest.approx(alone, abs=0.1)
    silent = tone(48_000, 10, -72)
    assert integrated_loudness(np.concatenate([silent, steady]), 48_000) == pytest.approx(alone, abs=0.1)


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(48_000, np.float32)])
def test_silence_has_no_loudness(samples: Samples) -> None:
    assert integrated_loudness(samples, 48_000) == -math.inf


def test_less_than_a_block_is_measured_as_one_block() -> None:
    assert integrated_loudness(tone(48_000, 0.2), 48_000) == pytest.approx(-6.0, abs=0.2)
