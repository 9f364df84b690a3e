"""The converted encoders compute what the originals do, and tell real people apart."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest

from models.artefacts import read_member
from models.contract import EMBEDDING_DIM
from models.features import kaldi_fbank
from models.graphs import Builder, extract, floats
from tests.recordings import DATA, recordings

Floats = npt.NDArray[np.float32]
CPU = ["CPUExecutionProvider"]


def embed(session: onnxruntime.InferenceSession, samples: Floats) -> Floats:
    (embedding,) = session.run(None, {"waveform": samples[np.newaxis]})
    vector: Floats = embedding[0]
    return vector


@pytest.fixture(scope="module", params=["speaker_encoder.onnx", "eres2net.onnx"])
def encoder(request: pytest.FixtureRequest, prepared: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(prepared / request.param, providers=CPU)


def test_embeddings_are_unit_vectors_and_repeat_bit_for_bit(encoder: onnxruntime.InferenceSession) -> None:
    first, second = (embed(encoder, recordings()[0].samples) for _ in range(2))
    assert np.linalg.norm(first) == pytest.approx(1, abs=1e-6)
    np.testing.assert_array_equal(first, second)


def test_the_same_person_is_closer_than_another(encoder: onnxruntime.InferenceSession) -> None:
    embeddings = [(r.speaker, embed(encoder, r.samples)) for r in recordings()]
    same, other = (
        [float(a @ b) for (s, a), (t, b) in combinations(embeddings, 2) if (s == t) is match] for match in (True, False)
    )
    assert min(same) > max(other) + 0.2


def test_the_encoder_is_plain_onnx_and_equals_the_published_model(prepared: Path, downloads: Path) -> None:
    model = onnx.load(prepared / "speaker_encoder.onnx")
    assert {node.domain for node in model.graph.node} == {""}
    converted = onnxruntime.InferenceSession(prepared / "speaker_encoder.onnx", providers=CPU)
    published = onnxruntime.InferenceSession(read_member("speaker-encoder", downloads), providers=CPU)
    for recording in recordings():
        (expected,) = published.run(None, {"waveform": recording.samples[np.newaxis]})
        expected = expected[0] / np.linalg.norm(expected)
        assert expected.shape == (EMBEDDING_DIM,)
        np.testing.assert_allclose(embed(converted, recording.samples), expected, atol=1e-6)


def test_features_equal_kaldis() -> None:
    graph = Builder()
    graph.node("Identity", kaldi_fbank(graph, "waveform"), output="fbank")
    model = extract(graph.graph, "fbank", [floats("waveform", [1, "n"])], [floats("fbank", [1, 80, "frames"])], 14)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=CPU)
    (fbank,) = session.run(None, {"waveform": recordings()[0].samples[np.newaxis]})
    golden = np.load(DATA / "kaldi_fbank.npy")
    assert fbank.shape[2] == 1 + (len(recordings()[0].samples) - 400) // 160
    # Kaldi's own float32 strays from exact arithmetic by up to 5e-4 here, the convolution by 1e-4.
    np.testing.assert_allclose(fbank[0, :, ::32].T, golden, atol=1e-3)


def test_eres2net_equals_the_original_network(prepared: Path) -> None:
    session = onnxruntime.InferenceSession(prepared / "eres2net.onnx", providers=CPU)
    np.testing.assert_allclose(embed(session, recordings()[0].samples), np.load(DATA / "eres2net.npy"), atol=1e-5)
