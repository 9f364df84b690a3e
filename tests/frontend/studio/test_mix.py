"""Loudness, true peak, ducking and effects, held against what they promise."""

import asyncio
import math
from collections.abc import AsyncIterator

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


def in_pieces(track: Samples, seconds: float = 0.9) -> mix.Sound:
    """A track [channels, n] as it comes: in pieces."""
    size = round(seconds * RATE)

    async def pieces() -> AsyncIterator[Samples]:
        for first in range(0, track.shape[1], size):
            yield track[:, first : first + size]

    return pieces


def mastered(track: Samples, target: float, *, lossy: bool = False) -> Samples:
    """All pieces of the master of a track [n] or [channels, n]."""

    async def all_of_it() -> Samples:
        sound = in_pieces(np.atleast_2d(track))
        return np.concatenate([piece async for piece in mix.master(sound, RATE, target, lossy=lossy)], axis=1)

    return asyncio.run(all_of_it())


def music(seconds: float) -> Samples:
    """Two channels that differ."""
    return np.stack([speechlike(seconds, 2), 0.5 * speechlike(seconds, 3)])


@pytest.mark.parametrize("target", mix.LOUDNESS_TARGETS)
@pytest.mark.parametrize("channels", [1, 2])
def test_the_master_has_the_loudness_and_the_true_peak_it_promises(target: float, channels: int) -> None:
    track = speechlike()[np.newaxis] if channels == 1 else music(4.0)
    made = mastered(track, target)
    assert made.shape == track.shape
    assert integrated_loudness(made, RATE) == pytest.approx(target, abs=0.3)
    assert mix.true_peak_db(made) <= mix.TRUE_PEAK_CEILING


def test_before_a_lossy_encoder_the_peaks_stay_lower() -> None:
    assert mix.true_peak_db(mastered(speechlike(), -14.0, lossy=True)) <= mix.TRUE_PEAK_CEILING - mix.LOSSY_MARGIN_DB


def test_a_spiky_track_ends_below_its_target_rather_than_above_the_ceiling() -> None:
    track = 0.001 * speechlike()
    track[:: RATE // 2] = 0.9
    assert mix.true_peak_db(mastered(track, -14.0)) <= mix.TRUE_PEAK_CEILING


def test_the_pieces_do_not_show() -> None:
    """Whole or in pieces, the master is the same but for what lies beyond a piece's surroundings."""
    track = music(4.0)

    async def whole() -> Samples:
        sound = in_pieces(track, seconds=10)
        return np.concatenate([piece async for piece in mix.master(sound, RATE, -14.0)], axis=1)

    np.testing.assert_allclose(mastered(track, -14.0), asyncio.run(whole()), atol=2e-3)


def test_silence_stays_silence() -> None:
    silence = np.zeros(RATE, np.float32)
    np.testing.assert_array_equal(mastered(silence, -16.0), silence[np.newaxis])
    assert mix.true_peak_db(silence) == -math.inf


def test_true_peak_sees_what_lies_between_samples() -> None:
    quarter = np.sin(2 * np.pi * np.arange(RATE) / 4 + np.pi / 4).astype(np.float32)  # samples reach only 0.707
    faded = quarter[100:-100] * np.hanning(RATE - 200).astype(np.float32)
    assert mix.true_peak_db(faded) == pytest.approx(0, abs=0.1)


def test_a_track_below_the_ceiling_passes_the_limiter_untouched() -> None:
    samples = speechlike()[np.newaxis]
    assert mix.limit(samples, RATE, 0.9) is samples


def test_clips_are_placed_and_summed_across_the_edges_of_a_piece() -> None:
    clips = [mix.Clip(first, 10, lambda: np.ones(10, np.float32)) for first in (0, 5)]
    np.testing.assert_array_equal(mix.place(clips, 0, 20), [1] * 5 + [2] * 5 + [1] * 5 + [0] * 5)
    np.testing.assert_array_equal(mix.place(clips, 3, 9), [1] * 2 + [2] * 5 + [1] * 2)


def test_ducking_is_deep_under_speech_gone_away_from_it_and_the_same_in_pieces() -> None:
    gain = mix.duck([(4.0, 6.0)], 0, 10 * RATE, RATE)
    assert gain[5 * RATE] == pytest.approx(10 ** (mix.DUCK_DB / 20), rel=1e-3)
    assert gain[RATE] == gain[9 * RATE] == 1.0
    assert np.max(np.abs(np.diff(gain))) < 0.001
    first = round(3.9 * RATE)
    np.testing.assert_allclose(mix.duck([(4.0, 6.0)], first, RATE, RATE), gain[first : first + RATE], rtol=1e-9)


def test_a_mix_lasts_as_long_as_its_longest_part_and_keeps_the_original_around_the_speech() -> None:
    original = music(25.0)

    async def read(first: int, count: int) -> Samples:
        return original[:, first : first + count]

    async def mixed(made: mix.Mix) -> Samples:
        return np.concatenate([piece async for piece in made.pieces()], axis=1)

    speech = speechlike(2.0)
    clips = [mix.Clip(12 * RATE, len(speech), lambda: speech)]
    whole = asyncio.run(mixed(mix.Mix(clips, RATE, 25.0, read)))
    assert whole.shape == original.shape
    np.testing.assert_allclose(whole[:, : 11 * RATE], original[:, : 11 * RATE], atol=1e-6)
    under = 10 ** (mix.DUCK_DB / 20) * original[:, 12 * RATE : 14 * RATE] + speech
    np.testing.assert_allclose(whole[:, 12 * RATE : 14 * RATE], under, atol=1e-5)
    alone = asyncio.run(mixed(mix.Mix(clips, RATE)))
    assert alone.shape == (1, 14 * RATE)


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
