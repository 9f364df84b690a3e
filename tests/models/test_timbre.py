"""The timbre filter: pieces are the whole, frames keep their energy, and it knows only what it is told to see."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from models.contract import EMBEDDING_DIM, SYNTHESIS_SAMPLE_RATE
from models.timbre import network
from models.timbre.filter import REACH, Timbre
from models.timbre.network import BANDS, BINS, HOP
from server.synthesis import TIMBRE

Floats = npt.NDArray[np.float32]
SAMPLES = 90 * HOP


@pytest.fixture(scope="module")
def timbre() -> Timbre:
    return Timbre(TIMBRE)


@pytest.fixture(scope="module")
def speech() -> Floats:
    """A vowel that comes and goes: harmonics of 120 Hz under a slow envelope."""
    time = np.arange(SAMPLES) / SYNTHESIS_SAMPLE_RATE
    harmonics = sum(np.sin(2 * np.pi * 120 * order * time) / order for order in range(1, 60))
    return (0.1 * harmonics * np.sin(np.pi * 3 * time) ** 2).astype(np.float32)


def person(seed: int) -> Floats:
    drawn = np.random.default_rng(seed).standard_normal(EMBEDDING_DIM)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


@pytest.mark.parametrize("hops", [(90,), (49, 41), (1,) * 90, (8, 30, 1, 51)])
def test_pieces_together_are_the_whole(timbre: Timbre, speech: Floats, hops: tuple[int, ...]) -> None:
    pieces = np.split(speech, np.cumsum(hops)[:-1] * HOP)
    out = list(timbre.stream(iter(pieces), SAMPLES, person(1)))
    np.testing.assert_allclose(np.concatenate(out), timbre.of(speech, person(1)), atol=1e-5)
    if len(hops) > 1 and hops[0] * HOP > REACH:
        assert len(out[0]) == hops[0] * HOP - REACH


def test_a_piece_waits_for_exactly_what_it_depends_on(timbre: Timbre, speech: Floats) -> None:
    before = timbre.of(speech, person(1))
    middle = SAMPLES // 2
    chance = np.random.default_rng(0)
    for part in (slice(0, middle), slice(middle, SAMPLES)):
        other = speech.copy()
        other[part] += 0.01 * chance.standard_normal(SAMPLES // 2).astype(np.float32)
        changed = np.flatnonzero(np.abs(timbre.of(other, person(1)) - before) > 1e-6)
        reach = middle - changed.min() if part.start else changed.max() - middle + 1
        assert REACH - HOP < reach <= REACH


def test_it_turns_a_voice_towards_the_person_and_not_another(timbre: Timbre, speech: Floats) -> None:
    one, again, other = (timbre.of(speech, person(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert np.abs(one - other).max() > 0.01
    assert np.abs(one - speech).max() > 0.01
    assert np.sum(one**2) == pytest.approx(np.sum(speech**2), rel=0.1)  # as loud as it was


def test_silence_stays_silence(timbre: Timbre) -> None:
    assert not timbre.of(np.zeros(SAMPLES, np.float32), person(1)).any()


def test_layers_that_say_nothing_leave_a_voice_as_it_is(tmp_path: Path, speech: Floats) -> None:
    """And so the way to the spectrum and back is exact."""
    weights = {f"{name}.weight": np.zeros(shape, np.float32) for name, shape in network.LAYERS.items()}
    weights |= {f"{name}.bias": np.zeros(shape[0], np.float32) for name, shape in network.LAYERS.items()}
    file = tmp_path / "timbre.onnx"
    file.write_bytes(
        network.to_onnx(weights | {"mean": np.zeros(BANDS, np.float32), "spread": np.ones(BANDS, np.float32)})
    )
    np.testing.assert_allclose(Timbre(file).of(speech, person(1)), speech, atol=1e-6)


def test_bands_cover_the_spectrum() -> None:
    triangles, lines = network.bands()
    assert triangles.shape == (BANDS, BINS)
    assert lines.shape == (BINS, BANDS)
    np.testing.assert_allclose(triangles.sum(axis=1), 1)
    np.testing.assert_allclose(lines.sum(axis=1), 1)  # the same gain in all bands is that gain everywhere
