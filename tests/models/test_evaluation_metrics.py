"""The evaluation's figures on cases whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from models.evaluation import metrics

SIMILARITY = np.array([[0.9, 0.1, 0.3], [0.2, 0.8, 0.4], [0.7, 0.6, 0.5]])  # the third voice is closest to the first


def test_matched_mismatched_and_top_one_of_known_cosines() -> None:
    alike = np.array([[True, True, False], [True, True, False], [False, False, True]])
    assert metrics.matched(SIMILARITY).tolist() == [0.9, 0.8, 0.5]
    assert metrics.mismatched(SIMILARITY, alike)[:2].tolist() == [0.1, 0.2]
    assert np.isnan(metrics.mismatched(SIMILARITY, alike)[2])  # nobody is like the third
    assert metrics.top_one(SIMILARITY).tolist() == [1, 1, 0]


def test_share_is_nought_at_the_floor_and_one_at_the_ceiling() -> None:
    floor, ceiling = np.array([0.1, 0.3, np.nan]), np.array([0.8, 1.0, 0.9])
    assert metrics.share(np.array([0.2, 0.2, 0.2]), floor, ceiling) == pytest.approx(0)
    assert metrics.share(np.array([0.9, 0.9, 0.9]), floor, ceiling) == pytest.approx(1)
    assert metrics.share(np.array([0.55, 0.55, 0.55]), floor, ceiling) == pytest.approx(0.5)


def test_a_pooled_voice_ignores_how_long_the_vectors_are() -> None:
    assert metrics.pooled(np.array([[2, 0], [0, 0.1]])) == pytest.approx([0.5**0.5, 0.5**0.5])


@pytest.mark.parametrize(
    ("genuine", "impostor", "rate"),
    [
        ([0.9, 0.8], [0.1, 0.2], 0.0),
        ([0.1, 0.2], [0.8, 0.9], 1.0),
        ([0.1, 0.6, 0.7, 0.8], [0.0, 0.2, 0.3, 0.65], 0.25),
        ([0.5], [0.5], 0.5),
    ],
)
def test_equal_error_rate(genuine: list[float], impostor: list[float], rate: float) -> None:
    assert metrics.equal_error_rate(np.array(genuine), np.array(impostor)) == pytest.approx(rate)


def test_equal_error_rate_of_two_normal_distributions_is_the_theoretical_one() -> None:
    generator = np.random.default_rng(0)
    genuine, impostor = generator.normal(2, 1, 20_000), generator.normal(0, 1, 20_000)
    assert metrics.equal_error_rate(genuine, impostor) == pytest.approx(0.1587, abs=0.01)  # Φ(-1)


def test_bootstrap_interval_of_a_mean_is_as_wide_as_its_standard_error_says() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    low, high = metrics.interval(len(values), lambda rows: float(values[rows].mean()))
    error = values.std() / 400**0.5
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.3 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.3 * error)
    assert (low, high) == metrics.interval(len(values), lambda rows: float(values[rows].mean()))  # seeded


@pytest.mark.parametrize(
    ("said", "heard", "edits"),
    [("a b c d", "a b c d", 0), ("a b c d", "a x c", 2), ("a b", "a b c d", 2), ("a b", "", 2), ("a b c", "b c a", 2)],
)
def test_edit_distance_counts_words(said: str, heard: str, edits: int) -> None:
    assert metrics.edit_distance(said.split(), heard.split()) == edits


def test_an_octave_is_twelve_semitones() -> None:
    assert metrics.semitones([200, 100], [100, 200]).tolist() == [12, -12]


def test_correlation_leaves_out_what_was_not_measured() -> None:
    assert metrics.correlation([1, 2, 3, np.nan], [2, 4, 6, 1]) == pytest.approx(1)
    assert np.isnan(metrics.correlation([1, np.nan, 3], [1, 2, 3]))
