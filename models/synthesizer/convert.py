"""From the published VITS to three networks with a speaker vector and explicit noise as inputs.

VITS (Kim, Kong, Son 2021) as exported by Piper draws noise inside the graph and looks the speaker up
in a table. Here the table's row and both draws become inputs, so that any voice can speak and a seed
gives the same samples bit for bit, whatever else is being synthesized. The cuts:

    encoder  phoneme_ids [1,N], g, scales, duration_noise [1,2,N]  ->  mean, log_std [1,192,N], durations [N]
    flow     frame_mean, frame_log_std, noise [1,192,T], noise_scale, g  ->  z [1,192,T]
    decoder  z [1,192,any number of frames], g  ->  waveform [256 per frame]

Between encoder and flow each phoneme's column is repeated for its duration in frames; that happens
outside the graphs, where the number of frames becomes known and a caller may also change the timing.
The masks for padded batches go: one sentence is one batch.
"""

from __future__ import annotations

import io

import numpy as np
import onnx
from onnx import GraphProto, helper

from models.contract import SPEAKER_VECTOR_DIM
from models.graphs import bypass_mul, constant, extract, floats, integers, rename, serialise

OPSET = 15
CHANNELS = 192
SPEAKER = floats("g", [1, SPEAKER_VECTOR_DIM])
SPEAKER_TABLE = "emb_g.weight"

# The published graph's names for the tensors where it is cut or fed.
NAMES = {
    "input": "phoneme_ids",
    "/emb_g/Gather_output_0": "g",
    "/dp/RandomNormalLike_output_0": "duration_noise",
    "/Gather_output_0": "noise_scale",
    "/Gather_1_output_0": "length_scale",
    "/Gather_2_output_0": "duration_noise_scale",
    "/enc_p/Cast_1_output_0": "phoneme_mask",
    "/enc_p/Split_output_0": "mean",
    "/enc_p/Split_output_1": "log_std",
    "/Ceil_output_0": "frames",
    "/Transpose_3_output_0": "frame_mean",
    "/Transpose_5_output_0": "frame_log_std",
    "/RandomNormalLike_output_0": "noise",
    "/Cast_2_output_0": "frame_mask",
    "/flow/flows.0/Concat_output_0": "z",
    "/dec/Tanh_output_0": "speech",
}


def _published(content: bytes) -> GraphProto:
    graph = onnx.load_from_string(content).graph
    rename(graph, NAMES)
    bypass_mul(graph, "phoneme_mask")
    bypass_mul(graph, "frame_mask")
    # One sentence is never padded: its length is the number of its phonemes.
    graph.node.insert(0, helper.make_node("Shape", ["phoneme_ids"], ["input_lengths"], start=1))
    graph.initializer.append(constant("one_axis", np.array([-1], np.int64)))
    return graph


def encoder(content: bytes) -> bytes:
    """Text encoder and duration predictor, from the published model."""
    graph = _published(content)
    graph.node.append(helper.make_node("Reshape", ["frames", "one_axis"], ["frames_in_a_row"]))
    graph.node.append(helper.make_node("Cast", ["frames_in_a_row"], ["durations"], to=onnx.TensorProto.INT64))
    model = extract(
        graph,
        "synthesizer_encoder",
        [
            integers("phoneme_ids", [1, "phonemes"]),
            SPEAKER,
            floats("length_scale", []),
            floats("duration_noise_scale", []),
            floats("duration_noise", [1, 2, "phonemes"]),
        ],
        [
            floats("mean", [1, CHANNELS, "phonemes"]),
            floats("log_std", [1, CHANNELS, "phonemes"]),
            integers("durations", ["phonemes"]),
        ],
        OPSET,
    )
    return serialise(model)


def flow(content: bytes) -> bytes:
    """The normalising flow from each frame's prior to the latent z, from the published model."""
    model = extract(
        _published(content),
        "synthesizer_flow",
        [
            floats("frame_mean", [1, CHANNELS, "frames"]),
            floats("frame_log_std", [1, CHANNELS, "frames"]),
            floats("noise", [1, CHANNELS, "frames"]),
            floats("noise_scale", []),
            SPEAKER,
        ],
        [floats("z", [1, CHANNELS, "frames"])],
        OPSET,
    )
    return serialise(model)


def decoder(content: bytes) -> bytes:
    """The vocoder (HiFi-GAN) from z to samples, from the published model."""
    graph = _published(content)
    graph.node.append(helper.make_node("Reshape", ["speech", "one_axis"], ["waveform"]))
    model = extract(
        graph,
        "synthesizer_decoder",
        [floats("z", [1, CHANNELS, "frames"]), SPEAKER],
        [floats("waveform", ["samples"])],
        OPSET,
    )
    return serialise(model)


def speakers(content: bytes) -> bytes:
    """The published table of 904 voices as .npy, float32 [904, 512]: for fitting and evaluation only."""
    graph = onnx.load_from_string(content).graph
    (table,) = (tensor for tensor in graph.initializer if tensor.name == SPEAKER_TABLE)
    buffer = io.BytesIO()
    np.save(buffer, onnx.numpy_helper.to_array(table))
    return buffer.getvalue()
