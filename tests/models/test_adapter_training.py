"""The training's arithmetic in small worlds whose laws are known."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from models.adapter import forward, solver, train
from models.adapter.forward import Doubles, Forward
from models.adapter.people import People, moments
from models.adapter.train_voices import SEGMENTS, Coordinates, Heard, _keep, _kept
from models.contract import EMBEDDING_DIM, SPEAKER_VECTOR_DIM

DIMENSIONS, EMBEDDING, LISTENER, VOICES = 12, 20, 16, 3_000
AUDIBLE = np.linalg.qr(np.random.default_rng(9).standard_normal((DIMENSIONS, 2)))[0]


@pytest.fixture(scope="module")
def coordinates() -> Coordinates:
    generator = np.random.default_rng(0)
    table = generator.standard_normal((400, DIMENSIONS)) @ generator.standard_normal((DIMENSIONS, DIMENSIONS)) + 3
    return Coordinates.of(table.astype(np.float32))


@pytest.fixture(scope="module")
def heard() -> Heard:
    """What is heard hangs on two directions of many, and bends; the text adds an effect, the pitch follows one axis."""
    generator = np.random.default_rng(1)
    c = generator.standard_normal((VOICES, DIMENSIONS))
    segment = generator.integers(SEGMENTS, size=VOICES)
    audible = c @ AUDIBLE
    bends = np.hstack([audible, np.cos(1.5 * audible), audible[:, :1] * audible[:, 1:]])
    own, other = (generator.standard_normal((bends.shape[1], size)) for size in (EMBEDDING, LISTENER))
    text = generator.standard_normal((SEGMENTS, EMBEDDING))
    pitch = 90 + 4 * audible[:, 0]
    pitch[::50] = np.nan  # some whisper
    return Heard(c, bends @ own + 2 * text[segment], bends @ other, pitch, segment)


def test_coordinates_have_unit_variance_and_give_the_voices_back(coordinates: Coordinates) -> None:
    assert coordinates.voices.std(axis=0) == pytest.approx(np.ones(DIMENSIONS), rel=1e-5)
    assert coordinates.draw(7) == pytest.approx(coordinates.voices[7])
    vectors = coordinates.vectors(coordinates.voices[:5])
    assert coordinates.of_vectors(vectors) == pytest.approx(coordinates.voices[:5], abs=1e-3)


def test_a_mixture_is_the_same_each_time_and_lies_among_the_voices(coordinates: Coordinates) -> None:
    mixtures = np.array([coordinates.draw(400 + row) for row in range(300)])
    assert coordinates.draw(450) == pytest.approx(mixtures[50])
    assert 0.6 < mixtures.std() < 1.3


def test_the_forward_model_foretells_voices_that_it_has_not_heard(heard: Heard) -> None:
    known, rest = np.arange(2_000), np.arange(2_000, VOICES)
    own, other = forward.explained(heard, known, rest)
    assert own > 0.9 and other > 0.9  # 0.94 is perfect: 17 voices tell a segment's effect to a seventeenth
    linear = np.linalg.lstsq(heard.coordinates[known], heard.listener[known], rcond=None)[0]
    off = heard.listener[rest] - heard.coordinates[rest] @ linear
    assert 1 - (off**2).sum() / (heard.listener[rest] ** 2).sum() < 0.7
    fitted = forward.fit_forward(heard.rows(known))
    voiced = rest[np.isfinite(heard.pitch[rest])]
    off = np.abs(fitted.of(heard.coordinates[voiced])[:, -1] - heard.pitch[voiced])
    assert np.quantile(off, 0.95) < 0.3  # beyond the last voices that it knows, it draws to the mean


def test_the_metric_finds_the_few_directions_that_are_heard(heard: Heard) -> None:
    fitted = forward.fit_forward(heard, axes=4)
    assert np.linalg.svd(AUDIBLE.T @ fitted.axes[:, :2])[1] == pytest.approx(np.ones(2), abs=0.01)
    assert fitted.scale[2] < 0.1 * fitted.scale[1]
    assert fitted.axes.T @ fitted.axes == pytest.approx(np.eye(4), abs=1e-9)


def test_everyone_counts_once_in_the_moments() -> None:
    generator = np.random.default_rng(4)
    person = np.array([0, 0, 0, 1])
    people = People(person, generator.random((4, EMBEDDING)), generator.random((4, LISTENER)), np.full(4, 100.0))
    real = moments(people)
    assert real.centre[:EMBEDDING] == pytest.approx((people.embedding[:3].mean(axis=0) + people.embedding[3]) / 2)
    assert real.embedding.shape == (4, EMBEDDING) and real.listener.shape == (4, LISTENER)
    assert (real.listener[0] == real.listener[2]).all() and (real.listener[0] != real.listener[3]).any()


def world() -> tuple[Forward, solver.Prediction, Coordinates, Doubles]:
    """A synthesizer of full size whose voices are told apart along six axes, and three voices' coordinates."""
    generator = np.random.default_rng(5)
    size, few, anchors = SPEAKER_VECTOR_DIM, 6, 300
    table = generator.standard_normal((600, size)).astype(np.float32)
    axes = np.linalg.qr(generator.standard_normal((size, few)))[0]
    scale = np.geomspace(0.6, 0.2, few)
    spots = generator.standard_normal((anchors, few)) * scale
    places = generator.standard_normal((2_000, few)) * scale
    law = generator.standard_normal((few, EMBEDDING_DIM + 192 + 1))
    law[:, :-1] /= np.sqrt(few * EMBEDDING_DIM)
    kernels = forward.kernel(places, spots)
    gram = kernels.T @ kernels + 1e-3 * np.eye(anchors)
    weights = np.linalg.solve(gram, kernels.T @ (places / scale @ law)).astype(np.float64)
    heard = Forward(axes, scale, spots, weights, np.append(np.zeros(EMBEDDING_DIM + 192), 90.0), np.array([0.5, 0.5]))
    to_listener = np.linalg.pinv(law[:, :EMBEDDING_DIM]) @ law[:, EMBEDDING_DIM:-1]
    prediction = solver.Prediction(np.zeros(EMBEDDING_DIM), to_listener, np.zeros(192))
    return heard, prediction, Coordinates.of(table), generator.standard_normal((3, few)) @ axes.T


def test_the_solver_climbs_to_the_voice_that_is_heard_as_the_person() -> None:
    heard, prediction, coordinates, voices = world()
    adapter = onnxruntime.InferenceSession(solver.to_onnx(heard, prediction, coordinates))
    chance = np.random.default_rng(6)
    for voice in voices:
        embedding, _, pitch = np.split(heard.of(voice[np.newaxis]), [EMBEDDING_DIM, EMBEDDING_DIM + 192], axis=1)
        embedding /= np.linalg.norm(embedding)
        listener = embedding @ prediction.weights
        listener /= np.linalg.norm(listener)
        prosody = np.array([[2 ** (pitch.item() / 12), 4, 4]], np.float32)
        (g,) = adapter.run(["g"], {"embedding": embedding.astype(np.float32), "prosody": prosody})
        found = coordinates.of_vectors(g)

        def worth(c: Doubles, of: tuple[Doubles, Doubles, float] = (embedding, listener, pitch.item())) -> float:
            own, other, height = np.split(heard.of(c), [EMBEDDING_DIM, EMBEDDING_DIM + 192], axis=1)
            total = -solver.SMALLNESS * float((c**2).sum()) - solver.TUNE * (height.item() - of[2]) ** 2
            weights = (1, solver.LISTENER)
            for foretold, person, rest, weight in zip((own, other), of[:2], heard.rest, weights, strict=True):
                total += weight * float((foretold * person).sum() / np.sqrt((foretold**2).sum() + rest))
            return total

        assert float((found * voice).sum() / np.linalg.norm(found) / np.linalg.norm(voice)) > 0.9
        assert worth(found) > worth(voice[np.newaxis])
        for _ in range(50):
            off = chance.standard_normal(len(heard.scale)) @ heard.axes.T
            assert worth(found + 0.3 * off / np.linalg.norm(off)) < worth(found)


@pytest.mark.parametrize("semitones", [-3.0, 3.0])
def test_a_pitch_far_from_the_voices_own_is_met_within_its_freedom(semitones: float) -> None:
    heard, prediction, coordinates, voices = world()
    adapter = onnxruntime.InferenceSession(solver.to_onnx(heard, prediction, coordinates))
    for voice in voices:
        embedding, _, pitch = np.split(heard.of(voice[np.newaxis]), [EMBEDDING_DIM, EMBEDDING_DIM + 192], axis=1)
        embedding /= np.linalg.norm(embedding)
        asked = pitch.item() + semitones
        prosody = np.array([[2 ** (asked / 12), 4, 4]], np.float32)
        (g,) = adapter.run(["g"], {"embedding": embedding.astype(np.float32), "prosody": prosody})
        assert abs(heard.of(coordinates.of_vectors(g))[0, -1] - asked) < solver.PITCH_FREEDOM + 0.1


def test_voices_are_drawn_around_clones(coordinates: Coordinates) -> None:
    centres = 3 * np.random.default_rng(7).standard_normal((50, DIMENSIONS))
    voices, rows = train.around(centres, coordinates, 1, 400)
    assert len(set(rows)) == 50
    assert np.mean([np.corrcoef(*pair)[0, 1] for pair in zip(voices, centres[rows], strict=True)]) > 0.95
    again, _ = train.around(centres, coordinates, 1, 400)
    other, _ = train.around(centres, coordinates, 2, 400)
    assert (again == voices).all() and (other != voices).any()


def test_an_interrupted_run_goes_on_only_with_the_same_voices(tmp_path: Path, heard: Heard) -> None:
    path = tmp_path / "kept.npz"
    assert _kept(path, heard.coordinates) is None
    _keep(path, heard.rows(np.arange(50)))
    for count, expected in ((80, 50), (30, 30)):
        kept = _kept(path, heard.coordinates[:count])
        assert kept is not None
        assert all(len(getattr(kept, field.name)) == expected for field in fields(Heard))
    assert _kept(path, heard.coordinates[1:]) is None
