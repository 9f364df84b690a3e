"""Loudness, true peak, ducking and effects, held against what they promise."""

import math

import numpy as np
import pytest

from frontend.audio import Samples
from frontend.loudness import integrated_loudness
from frontend.studio import effects, mix

RATE = 22_050


def speechlike(seconds: float = 4.0, seed: int = 1) -> Samples:
    """Noise with a falling spectrum and a syllable-rate envelope."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    noise = np.fft.irfft(spectrum / np.maximum(hertz, 100), count)
    envelope = 0.1 + np.abs(np.sin(np.pi * 4 * np.arange(count) / RATE)) ** 3
    samples = noise * envelope
    scaled: Samples = (0.3 * samples / np.max(np.abs(samples))).astype(np.float32)
    return scaled


@pytest.mark.parametrize("target", mix.LOUDNESS_TARGETS)
def test_the_master_has_the_loudness_and_the_true_peak_it_promises(target: float) -> None:
    mastered = mix.master(speechlike(), RATE, target)
    assert integrated_loudness(mastered, RATE) == pytest.approx(target, abs=0.3)
    assert mix.true_peak_db(mastered, RATE) <= mix.TRUE_PEAK_CEILING


def test_a_spiky_track_ends_below_its_target_rather_than_above_the_ceiling() -> None:
    track = 0.001 * speechlike()
    track[:: RATE // 2] = 0.9
    mastered = mix.master(track, RATE, -14.0)
    assert mix.true_peak_db(mastered, RATE) <= mix.TRUE_PEAK_CEILING


def test_silence_stays_silence() -> None:
    silence = np.zeros(RATE, np.float32)
    np.testing.assert_array_equal(mix.master(silence, RATE), silence)
    assert mix.true_peak_db(silence, RATE) == -math.inf


def test_true_peak_sees_what_lies_between_samples() -> None:
    quarter = np.sin(2 * np.pi * np.arange(RATE) / 4 + np.pi / 4).astype(np.float32)  # samples reach only 0.707
    assert mix.true_peak_db(quarter[100:-100] * np.hanning(RATE - 200).astype(np.float32), RATE) == pytest.approx(
        0, abs=0.1
    )


def test_a_track_below_the_ceiling_passes_the_limiter_untouched() -> None:
    samples = speechlike()
    assert mix.limit(samples, RATE) is samples


def test_clips_are_placed_and_summed() -> None:
    track = mix.place([(0.0, np.ones(10, np.float32)), (5 / RATE, np.ones(10, np.float32))], RATE, seconds=20 / RATE)
    np.testing.assert_array_equal(track, [1] * 5 + [2] * 5 + [1] * 5 + [0] * 5)


def test_ducking_is_deep_under_speech_and_gone_away_from_it() -> None:
    original = np.ones(10 * RATE, np.float32)
    ducked = mix.duck(original, [(4.0, 6.0)], RATE)
    assert ducked[5 * RATE] == pytest.approx(10 ** (mix.DUCK_DB / 20), rel=1e-3)
    assert ducked[RATE] == ducked[9 * RATE] == 1.0
    assert np.max(np.abs(np.diff(ducked))) < 0.001


@pytest.mark.parametrize("name", effects.EFFECTS)
def test_an_effect_changes_the_sound_but_not_its_loudness(name: str) -> None:
    samples = speechlike()
    changed = effects.apply(name, samples, RATE)
    assert np.isfinite(changed).all()
    assert integrated_loudness(changed, RATE) == pytest.approx(integrated_loudness(samples, RATE), abs=0.2)
    assert float(np.corrcoef(changed[: len(samples)], samples)[0, 1]) < 0.999


def band_db(samples: Samples, low: float, high: float) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    return float(10 * np.log10(power[(hertz >= low) & (hertz < high)].mean()))


def test_the_radio_keeps_to_the_telephone_band() -> None:
    white = (0.1 * np.random.default_rng(0).standard_normal(4 * RATE)).astype(np.float32)
    changed = effects.radio(white, RATE)
    assert band_db(changed, 500, 3_000) - band_db(changed, 20, 120) > 30
    assert band_db(changed, 500, 3_000) - band_db(changed, 7_000, 11_000) > 20


@pytest.mark.parametrize(
    ("name", "low", "high", "sign"), [("warm", 60, 160, 1), ("warm", 7_000, 10_000, -1), ("clear", 3_000, 4_000, 1)]
)
def test_the_equaliser_tilts_the_spectrum_the_way_it_says(name: str, low: float, high: float, sign: int) -> None:
    white = (0.1 * np.random.default_rng(0).standard_normal(4 * RATE)).astype(np.float32)
    middle = band_db(white, 1_000, 2_000), band_db(effects.EFFECTS[name](white, RATE), 1_000, 2_000)
    edge = band_db(white, low, high), band_db(effects.EFFECTS[name](white, RATE), low, high)
    assert sign * ((edge[1] - edge[0]) - (middle[1] - middle[0])) > 1.0


def test_the_room_is_the_same_each_time_and_leaves_a_tail() -> None:
    impulse = np.zeros(RATE, np.float32)
    impulse[0] = 0.5
    first, second = effects.room(impulse, RATE), effects.room(impulse, RATE)
    np.testing.assert_array_equal(first, second)
    assert len(first) > len(impulse)
    assert first[0] == pytest.approx(0.5, rel=1e-3)
