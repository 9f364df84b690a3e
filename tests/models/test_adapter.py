"""The fit finds a linear map, its ONNX form computes it, and the adapter that ships keeps its signature."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from models.adapter import fit
from models.adapter.voices import Floats, sentences
from models.contract import EMBEDDING_DIM, SPEAKER_VECTOR_DIM
from tests.recordings import recordings

SHIPPED = Path(fit.__file__).parent / "adapter.onnx"


def heard(count: int) -> tuple[Floats, Floats]:
    """Embeddings and prosody like those of `count` people."""
    chance = np.random.default_rng(0)
    embedding = chance.normal(size=(count, EMBEDDING_DIM)).astype(np.float32)
    embedding /= np.linalg.norm(embedding, axis=1, keepdims=True)
    prosody = chance.uniform((80, 4, 3), (300, 12, 6), (count, 3)).astype(np.float32)
    return embedding, prosody


def test_ridge_recovers_a_linear_map_and_the_penalty_draws_to_the_mean() -> None:
    x = fit.features(*heard(700))
    truth = np.random.default_rng(1).normal(size=(x.shape[1], 8))
    y = x @ truth + 3
    weights, offset = fit.ridge(x, y, 1e-9)
    np.testing.assert_allclose(x @ weights + offset, y, atol=1e-6)
    assert fit.explained(y, x @ weights + offset) == pytest.approx(1)
    weights, offset = fit.ridge(x, y, 1e12)
    np.testing.assert_allclose(x @ weights + offset, np.broadcast_to(y.mean(axis=0), y.shape), atol=1e-3)


def test_the_onnx_adapter_computes_what_was_fitted() -> None:
    embedding, prosody = heard(3)
    x = fit.features(embedding, prosody)
    weights = np.random.default_rng(2).normal(size=(x.shape[1], SPEAKER_VECTOR_DIM)) / 30
    offset = np.linspace(-1, 1, SPEAKER_VECTOR_DIM)
    session = onnxruntime.InferenceSession(fit.to_onnx(weights, offset))
    for row in range(len(x)):
        feeds = {"embedding": embedding[row : row + 1], "prosody": prosody[row : row + 1]}
        (g,) = session.run(["g"], feeds)
        np.testing.assert_allclose(g[0], x[row] @ weights + offset, atol=5e-3)  # weights are half precision


def test_the_shipped_adapter_gives_different_people_different_vectors(prepared: Path) -> None:
    adapter = onnxruntime.InferenceSession(SHIPPED, providers=["CPUExecutionProvider"])
    shapes = {value.name: value.shape for value in (*adapter.get_inputs(), *adapter.get_outputs())}
    assert shapes == {"embedding": [1, EMBEDDING_DIM], "prosody": [1, 3], "g": [1, SPEAKER_VECTOR_DIM]}
    encoder = onnxruntime.InferenceSession(prepared / "speaker_encoder.onnx", providers=["CPUExecutionProvider"])
    vectors = []
    for recording in recordings():
        (embedding,) = encoder.run(None, {"waveform": recording.samples[np.newaxis]})
        f0 = 200 if recording.speaker == "2961" else 110
        prosody = np.array([[f0, 8, 4]], np.float32)
        vectors.append(adapter.run(["g"], {"embedding": embedding, "prosody": prosody})[0][0])
    woman, woman_again, man, man_again = vectors
    assert np.isfinite(vectors).all()
    within = np.linalg.norm(woman - woman_again) + np.linalg.norm(man - man_again)
    between = np.linalg.norm(woman - man) + np.linalg.norm(woman_again - man_again)
    assert between > within


def test_every_sentence_is_written_in_the_synthesizers_alphabet() -> None:
    lengths = [len(ids) for ids in sentences()]
    assert len(lengths) >= 2 and min(lengths) > 50
