"""The training's arithmetic in a small world whose laws are known."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from models.adapter import train
from models.adapter.people import Moments, People, moments
from models.adapter.train_voices import SEGMENTS, Coordinates, Heard, _keep, _kept

DIMENSIONS, EMBEDDING, LISTENER, VOICES = 12, 20, 16, 3_000
TURNS = np.arange(VOICES) // (VOICES // 2)


@pytest.fixture(scope="module")
def coordinates() -> Coordinates:
    generator = np.random.default_rng(0)
    table = generator.standard_normal((400, DIMENSIONS)) @ generator.standard_normal((DIMENSIONS, DIMENSIONS)) + 3
    return Coordinates.of(table.astype(np.float32))


@pytest.fixture(scope="module")
def heard() -> Heard:
    """Embeddings and pitch follow the coordinates by a straight line, with effects of text and turn on top."""
    generator = np.random.default_rng(1)
    c = generator.standard_normal((VOICES, DIMENSIONS))
    segment = generator.integers(SEGMENTS, size=VOICES)
    lift = generator.standard_normal(DIMENSIONS)
    own, other = (generator.standard_normal((DIMENSIONS, size)) for size in (EMBEDDING, LISTENER))
    text = generator.standard_normal((SEGMENTS, EMBEDDING))
    pitch = 90 + c @ lift
    pitch[::50] = np.nan  # some whisper
    return Heard(c, c @ own + 2 * text[segment] + TURNS[:, np.newaxis], c @ other, pitch, segment)


@pytest.fixture(scope="module")
def people(heard: Heard) -> tuple[np.ndarray, People]:
    """300 people whose voices are known, each recorded twice; what differs between recordings lies in a few axes."""
    generator = np.random.default_rng(4)
    forward = train.fit_forward(heard, TURNS, 1e-3)
    c = np.repeat(generator.standard_normal((300, DIMENSIONS)), 2, axis=0)
    both = c @ forward.slope
    for axis in (0, 1, EMBEDDING):
        both[:, axis] += 5 * generator.standard_normal(len(c))
    hertz = 2 ** ((forward.height + c @ forward.lift) / 12)
    return c, People(np.arange(len(c)) // 2, both[:, :EMBEDDING] + 7, both[:, EMBEDDING:], hertz)


def test_coordinates_have_unit_variance_and_give_the_voices_back(coordinates: Coordinates) -> None:
    assert coordinates.voices.std(axis=0) == pytest.approx(np.ones(DIMENSIONS), rel=1e-5)
    assert coordinates.draw(7) == pytest.approx(coordinates.voices[7])


def test_a_mixture_is_the_same_each_time_and_lies_among_the_voices(coordinates: Coordinates) -> None:
    mixtures = np.array([coordinates.draw(400 + row) for row in range(300)])
    assert coordinates.draw(450) == pytest.approx(mixtures[50])
    assert 0.6 < mixtures.std() < 1.3


def test_the_forward_model_finds_the_laws_beneath_text_and_turn(heard: Heard) -> None:
    first, rest = np.arange(2_000), np.arange(2_000, VOICES)
    assert train.explained(heard, TURNS, first, rest, 1.0) == pytest.approx((1, 1), abs=1e-3)
    forward = train.fit_forward(heard, TURNS, 1.0)
    voiced = np.isfinite(heard.pitch)
    foretold = forward.height + heard.coordinates @ forward.lift
    assert foretold[voiced] == pytest.approx(heard.pitch[voiced], abs=0.5)


def test_everyone_counts_once_in_the_moments(people: tuple[np.ndarray, People]) -> None:
    real = moments(people[1])
    assert real.centre == pytest.approx(people[1].embedding.mean(axis=0))
    spread = np.sqrt(np.diag(real.within))
    loud = [0, 1, EMBEDDING]
    assert (spread[loud] > 4).all() and (np.delete(spread, loud) < 1e-6).all()
    assert (real.listener[::2] == real.listener[1::2]).all()


def test_the_adapter_finds_people_whatever_differs_between_their_recordings(
    heard: Heard, people: tuple[np.ndarray, People], coordinates: Coordinates
) -> None:
    c, recordings = people
    real = moments(recordings)
    settings = train.Settings(1.0, 1.0, 0.1, float(np.linalg.norm(c, axis=1).mean()))
    adapter = train.stretch(train.train(heard, TURNS, real, settings), real, settings.length)
    found = adapter.of(recordings.embedding, recordings.hertz)
    cosine = (found * c).sum(axis=1) / np.linalg.norm(found, axis=1) / np.linalg.norm(c, axis=1)
    inverse = np.linalg.pinv(adapter.forward.slope[:, :EMBEDDING]).astype(np.float64)
    deaf = train.Adapter(real.centre, inverse, adapter.forward)
    plain = deaf.of(recordings.embedding, recordings.hertz)
    plain_cosine = (plain * c).sum(axis=1) / np.linalg.norm(plain, axis=1) / np.linalg.norm(c, axis=1)
    assert cosine.mean() > max(0.85, plain_cosine.mean() + 0.05)
    assert np.linalg.norm(found, axis=1).mean() == pytest.approx(settings.length, rel=0.1)
    weights, offset = adapter.weights(coordinates)
    features = np.hstack([recordings.embedding, np.log(recordings.hertz)[:, np.newaxis], np.zeros((len(c), 2))])
    assert features @ weights + offset == pytest.approx(coordinates.mean + found @ coordinates.axes)


def test_each_voice_gets_the_pitch_that_is_asked_for(heard: Heard, people: tuple[np.ndarray, People]) -> None:
    adapter = train.train(heard, TURNS, moments(people[1]), train.Settings(1.0, 1.0, 0.1, 3.0))
    hertz = np.array([110.0, 220.0])
    c = adapter.of(people[1].embedding[:2], hertz)
    assert adapter.forward.height + c @ adapter.forward.lift == pytest.approx(12 * np.log2(hertz))


def test_voices_are_drawn_around_people_and_fewer_are_the_first_of_more(
    heard: Heard, people: tuple[np.ndarray, People], coordinates: Coordinates
) -> None:
    settings = train.Settings(1.0, 1.0, 0.1, 3.0)
    adapter = train.train(heard, TURNS, moments(people[1]), settings)
    voices, rows = train.around(adapter, people[1], coordinates, 1, train.Turn(settings, 700, 700))
    fewer, _ = train.around(adapter, people[1], coordinates, 1, train.Turn(settings, 700, 200))
    assert fewer == pytest.approx(voices[:200])
    assert len(set(rows[:600])) == 600
    own = adapter.of(people[1].embedding[rows], people[1].hertz[rows])
    assert np.mean([np.corrcoef(*pair)[0, 1] for pair in zip(voices, own, strict=True)]) > 0.8


def test_an_interrupted_run_goes_on_only_with_the_same_voices(tmp_path: Path, heard: Heard) -> None:
    path = tmp_path / "kept.npz"
    assert _kept(path, heard.coordinates) is None
    _keep(path, heard.rows(np.arange(50)))
    for count, expected in ((80, 50), (30, 30)):
        kept = _kept(path, heard.coordinates[:count])
        assert kept is not None
        assert all(len(getattr(kept, field.name)) == expected for field in fields(Heard))
    assert _kept(path, heard.coordinates[1:]) is None


def test_moments_are_of_the_shapes_they_say(people: tuple[np.ndarray, People]) -> None:
    real: Moments = moments(people[1])
    assert real.within.shape == (EMBEDDING + LISTENER, EMBEDDING + LISTENER)
    assert real.embedding.shape[1] == EMBEDDING and real.listener.shape[1] == LISTENER
