"""The training's arithmetic in a small world whose laws are known."""

from __future__ import annotations

import numpy as np
import pytest

from models.adapter import train
from models.adapter.people import People
from models.adapter.train_voices import SEGMENTS, Coordinates, Heard

DIMENSIONS, EMBEDDING, VOICES = 12, 20, 3_000


@pytest.fixture(scope="module")
def coordinates() -> Coordinates:
    generator = np.random.default_rng(0)
    table = generator.standard_normal((400, DIMENSIONS)) @ generator.standard_normal((DIMENSIONS, DIMENSIONS)) + 3
    return Coordinates.of(table.astype(np.float32))


@pytest.fixture(scope="module")
def heard() -> Heard:
    """Embedding and pitch follow the coordinates by a straight line, with an effect of the text on top."""
    generator = np.random.default_rng(1)
    c = generator.standard_normal((VOICES, DIMENSIONS))
    segment = generator.integers(SEGMENTS, size=VOICES)
    slope, lift = generator.standard_normal((DIMENSIONS, EMBEDDING)), generator.standard_normal(DIMENSIONS)
    text = generator.standard_normal((SEGMENTS, EMBEDDING))
    pitch = 90 + c @ lift
    pitch[::50] = np.nan  # some whisper
    return Heard(c, c @ slope + 2 * text[segment], pitch, segment)


def test_coordinates_have_unit_variance_and_give_the_voices_back(coordinates: Coordinates) -> None:
    assert coordinates.voices.std(axis=0) == pytest.approx(np.ones(DIMENSIONS), rel=1e-5)
    assert coordinates.draw(7) is not None
    assert coordinates.draw(7) == pytest.approx(coordinates.voices[7])


def test_a_mixture_is_the_same_each_time_and_lies_among_the_voices(coordinates: Coordinates) -> None:
    mixtures = np.array([coordinates.draw(400 + row) for row in range(300)])
    assert coordinates.draw(450) == pytest.approx(mixtures[50])
    assert 0.6 < mixtures.std() < 1.3


def test_the_forward_model_finds_the_laws_beneath_the_text(heard: Heard) -> None:
    forward = train.fit_forward(heard)
    text_free = heard.coordinates @ forward.slope
    again = heard.embedding - heard.embedding.mean(axis=0)
    by_segment = np.array([again[heard.segment == s].mean(axis=0) for s in range(SEGMENTS)])[heard.segment]
    truth = again - by_segment
    residual = text_free - np.array(
        [text_free[heard.segment == s].mean(axis=0) for s in range(SEGMENTS)]
    )[heard.segment] - truth  # fmt: skip
    assert np.sqrt((residual**2).mean() / (truth**2).mean()) < 0.5  # the penalty shrinks; the direction is right
    voiced = np.isfinite(heard.pitch)
    assert np.corrcoef(heard.coordinates[voiced] @ forward.lift, heard.pitch[voiced])[0, 1] > 0.999


def test_the_adapter_gives_each_voice_the_pitch_that_is_asked_for(heard: Heard, coordinates: Coordinates) -> None:
    forward = train.fit_forward(heard)
    adapter = train.invert(forward, np.zeros(EMBEDDING), coordinates, 1e-3)
    hertz = np.array([110.0, 220.0])
    g = adapter.of(np.random.default_rng(2).standard_normal((2, EMBEDDING)), hertz).astype(np.float64)
    c = (g - coordinates.mean) @ np.linalg.inv(coordinates.axes)
    assert forward.height + c @ forward.lift == pytest.approx(12 * np.log2(hertz), abs=1e-3)


def test_the_adapter_finds_the_voice_behind_an_embedding(heard: Heard, coordinates: Coordinates) -> None:
    forward = train.fit_forward(heard)
    adapter = train.invert(forward, np.zeros(EMBEDDING), coordinates, 1e-6)
    c = np.random.default_rng(3).standard_normal((5, DIMENSIONS))
    hertz = 2 ** ((forward.height + c @ forward.lift) / 12)
    g = adapter.of(c @ forward.slope, hertz)
    assert g == pytest.approx(coordinates.mean + c @ coordinates.axes, abs=1e-2)


def test_training_keeps_the_penalty_that_sounds_best(heard: Heard, coordinates: Coordinates) -> None:
    answers = iter([(0.1, 0.5), (0.4, 0.9), (0.3, 0.9), (0.2, 0.9)])

    class Listeners(People):
        def listen(self, vectors: object) -> tuple[float, float]:
            return next(answers)

    people = Listeners(np.zeros(EMBEDDING), np.zeros((2, EMBEDDING)), np.full(2, 120.0), *(None,) * 3)  # type: ignore[arg-type]
    adapter, log = train.train(heard, people, coordinates)
    assert log["penalty"] == train.INVERSE_PENALTIES[1]
    assert adapter.weights.shape == (EMBEDDING + 3, DIMENSIONS)
