"""The three networks together are the published one, chunks join without a seam, and chance is explicit."""

from __future__ import annotations

import math
from itertools import chain, repeat
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import GraphProto, helper

from models.artefacts import read_member
from models.synthesizer.synthesis import CONTEXT_FRAMES, SAMPLES_PER_FRAME, Synthesizer

Floats = npt.NDArray[np.float32]
IPA = "ðə kwˈɪk bɹˈaʊn fˈɑːks dʒˈʌmps ˌoʊvɚ ðə lˈeɪzi dˈɔːɡ, ænd ðɛn ɪt ɹˈʌnz əwˈeɪ."
SPEAKER = 100


@pytest.fixture(scope="module")
def synthesizer(prepared: Path) -> Synthesizer:
    return Synthesizer(prepared, threads=1)


@pytest.fixture(scope="module")
def table(prepared: Path) -> Floats:
    speakers: Floats = np.load(prepared / "synthesizer_speakers.npy")
    return speakers


@pytest.fixture(scope="module")
def phoneme_ids() -> npt.NDArray[np.int64]:
    return ids_of(IPA)


def test_a_row_of_the_table_and_the_same_noise_give_the_published_models_samples(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64], downloads: Path
) -> None:
    g = table[SPEAKER : SPEAKER + 1]
    latent = synthesizer.encode(phoneme_ids, g, np.random.default_rng(7), length_scale=1.1)
    (waveform,) = synthesizer.decode(latent.z, g)

    published = onnx.load_from_string(read_member("synthesizer", downloads))
    draws = [node for node in published.graph.node if node.op_type == "RandomNormalLike"]
    for node in draws:  # the original, but for its two draws made into inputs
        published.graph.node.remove(node)
        published.graph.input.append(helper.make_tensor_value_info(node.output[0], 1, None))
    session = onnxruntime.InferenceSession(published.SerializeToString(), providers=["CPUExecutionProvider"])
    noise = np.random.default_rng(7)
    shapes = ((1, 2, len(phoneme_ids)), latent.z.shape)
    (expected,) = session.run(
        None,
        {
            "input": phoneme_ids[np.newaxis],
            "input_lengths": np.array([len(phoneme_ids)]),
            "scales": np.array([0.333, 1.1, 0.333], np.float32),
            "sid": np.array([SPEAKER]),
            **{
                node.output[0]: noise.standard_normal(shape, np.float32)
                for node, shape in zip(draws, shapes, strict=True)
            },
        },
    )
    np.testing.assert_allclose(waveform, expected.ravel(), atol=1e-6)
    assert np.abs(waveform).max() > 0.1


def test_chunks_together_are_the_whole(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64]
) -> None:
    g = table[SPEAKER : SPEAKER + 1]
    z = synthesizer.encode(phoneme_ids, g, np.random.default_rng(0)).z
    (whole,) = synthesizer.decode(z, g)
    assert len(whole) == z.shape[2] * SAMPLES_PER_FRAME
    for sizes in (repeat(1), repeat(37), chain((5, 20), repeat(80))):
        pieces = list(synthesizer.decode(z[:, :, :90], g, iter(sizes)))
        (expected,) = synthesizer.decode(z[:, :, :90], g)
        np.testing.assert_allclose(np.concatenate(pieces), expected, atol=5e-6)


def test_a_streamed_sentence_is_the_whole_one(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64]
) -> None:
    g = table[SPEAKER : SPEAKER + 1]
    longer = np.tile(phoneme_ids, 3)  # longer than the flow runs ahead
    (whole,) = synthesizer.decode(synthesizer.encode(longer, g, np.random.default_rng(0)).z, g)
    prior = synthesizer.prior(longer, g, np.random.default_rng(0))
    pieces = list(synthesizer.stream(prior, g, chain((24, 96), repeat(384))))
    assert len(pieces[0]) == 24 * SAMPLES_PER_FRAME
    np.testing.assert_allclose(np.concatenate(pieces), whole, atol=5e-6)
    frames = prior.noise.shape[2]
    for rest, count in ((frames // 5, 1), (frames // 2, 2)):  # a small rest is not worth a piece of its own
        assert len(list(synthesizer.stream(prior, g, repeat(frames - rest)))) == count


def test_the_context_is_exactly_what_the_decoder_sees(prepared: Path) -> None:
    graph = onnx.load(prepared / "synthesizer_decoder.onnx").graph
    left, right = seen(graph, "waveform", 0, SAMPLES_PER_FRAME - 1)
    assert max(-left, right) == CONTEXT_FRAMES


def test_equal_seeds_repeat_bit_for_bit_and_others_differ(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64]
) -> None:
    g = table[:5].mean(axis=0, keepdims=True)  # between the voices of the table
    first, again, other = (synthesizer.encode(phoneme_ids, g, np.random.default_rng([seed, 0])) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.z, again.z)
    np.testing.assert_array_equal(first.durations, again.durations)
    assert first.z.shape != other.z.shape or not np.allclose(first.z, other.z)


def test_durations_are_the_frames_of_the_phonemes(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64]
) -> None:
    g = table[:1]
    usual, slow = (
        synthesizer.encode(phoneme_ids, g, np.random.default_rng(0), length_scale=scale) for scale in (1.0, 2.0)
    )
    for latent in (usual, slow):
        assert latent.durations.shape == phoneme_ids.shape
        assert latent.durations.min() >= 0
        assert latent.durations.sum() == latent.z.shape[2]
    assert slow.durations.sum() > 1.5 * usual.durations.sum()


def test_a_stretch_is_exact_and_one_changes_nothing(
    synthesizer: Synthesizer, table: Floats, phoneme_ids: npt.NDArray[np.int64]
) -> None:
    usual = synthesizer.encode(phoneme_ids, table[:1], np.random.default_rng(0)).durations
    for stretch in (0.4, 1.0, 2.5):
        prior = synthesizer.prior(phoneme_ids, table[:1], np.random.default_rng(0), stretch=stretch)
        assert prior.durations.sum() == prior.noise.shape[2] == round(usual.sum() * stretch)
        assert np.abs(np.cumsum(prior.durations) - np.cumsum(usual) * stretch).max() <= 0.5
        assert stretch != 1 or (prior.durations == usual).all()


def ids_of(ipa: str) -> npt.NDArray[np.int64]:
    """Piper's sentence: start, then each phoneme between padding, then end."""
    tokens = Path(__file__).resolve().parents[2] / "models" / "synthesizer" / "tokens.txt"
    lines = tokens.read_text(encoding="utf-8").split("\n")
    table = {line[: line.rindex(" ")]: int(line[line.rindex(" ") :]) for line in lines if line}
    spaced = ["^", "_", *chain.from_iterable((symbol, "_") for symbol in ipa), "$"]
    return np.array([table[symbol] for symbol in spaced], np.int64)


def seen(graph: GraphProto, tensor: str, first: int, last: int) -> tuple[int, int]:
    """The frames of z that the samples `first` to `last` of a tensor depend on, by walking the graph back."""
    makers = {output: node for node in graph.node for output in node.output}
    reach: list[int] = []
    pending = {(tensor, first, last)}
    while pending:
        tensor, first, last = pending.pop()
        node = makers.get(tensor)
        if tensor == "z":
            reach += [first, last]
        if node is None:
            continue
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if node.op_type == "Conv":
            span = (attributes["kernel_shape"][0] - 1) * attributes["dilations"][0]
            first, last = first - attributes["pads"][0], last - attributes["pads"][0] + span
        elif node.op_type == "ConvTranspose":
            stride, kernel, pad = attributes["strides"][0], attributes["kernel_shape"][0], attributes["pads"][0]
            first, last = math.ceil((first + pad - kernel + 1) / stride), (last + pad) // stride
        else:
            assert node.op_type in {"Add", "Div", "LeakyRelu", "Tanh", "Reshape", "Unsqueeze"}, node.op_type
        pending |= {(name, first, last) for name in node.input}
    return min(reach), max(reach)
