"""Perth's encoder and decoder as ONNX, from the published checkpoint; PyTorch is not needed.

Perth (Resemble AI, resemble-perth 1.0.1, MIT): two stacks of 1-D convolutions over the lowest 128 bins
(0 to 2 kHz) of a log-magnitude spectrogram with 100 frames a second; see `models.watermark.spectrum`.

The encoder becomes a *streaming* graph: what each convolution needs of the past is an input and an output,
so a chunk costs no frame twice, and chunks of any size give what one pass over the whole gives.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper

from models.checkpoint import read_checkpoint
from models.graphs import constant, floats, serialise
from models.watermark.spectrum import NEURAL_BINS

HIDDEN = 256
WIDTH = 7  # frames seen by each inner convolution
INNER = 5  # inner convolutions
PAST = WIDTH - 1  # frames of the past that an inner convolution keeps
SLOPE = 0.01  # LeakyReLU
BRANCHES = {"slow": 1.25, "normal": 1.0, "fast": 0.75}  # how far each branch of the decoder stretches time
OPSET = 17

Weights = dict[str, npt.NDArray[np.float32]]


def encoder(checkpoint: bytes) -> bytes:
    """Streaming encoder. `frames` [1, 128, T], `state` [5, 1, 256, 6] -> `residual` [1, 128, T], `next_state`.

    The residual is that of the frames 15 steps earlier; the first state is all zeros.
    """
    weights: Weights = read_checkpoint(checkpoint)["model"]
    nodes: list[NodeProto] = []
    constants: list[TensorProto] = []

    def convolve(i: int, source: str) -> str:
        name = f"encoder.layers.{i}.conv"
        constants.extend(constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        nodes.append(helper.make_node("Conv", [source, f"{name}.weight", f"{name}.bias"], [f"conv{i}"]))
        return f"conv{i}"

    def activate(i: int, source: str) -> str:
        nodes.append(helper.make_node("LeakyRelu", [source], [f"act{i}"], alpha=SLOPE))
        return f"act{i}"

    constants.append(constant("from", np.array([-PAST])))
    constants.append(constant("to", np.array([np.iinfo(np.int64).max])))
    constants.append(constant("axis", np.array([2])))
    constants.append(constant("layer", np.array([0])))
    nodes.append(helper.make_node("Split", ["state"], [f"past{i}" for i in range(1, INNER + 1)], axis=0))
    x = activate(0, convolve(0, "frames"))
    for i in range(1, INNER + 1):
        nodes.append(helper.make_node("Squeeze", [f"past{i}", "layer"], [f"before{i}"]))
        nodes.append(helper.make_node("Concat", [f"before{i}", x], [f"seen{i}"], axis=2))
        nodes.append(helper.make_node("Slice", [f"seen{i}", "from", "to", "axis"], [f"kept{i}"]))
        nodes.append(helper.make_node("Unsqueeze", [f"kept{i}", "layer"], [f"next{i}"]))
        x = activate(i, convolve(i, f"seen{i}"))
    nodes.append(helper.make_node("Identity", [convolve(INNER + 1, x)], ["residual"]))
    nodes.append(helper.make_node("Concat", [f"next{i}" for i in range(1, INNER + 1)], ["next_state"], axis=0))
    state = [INNER, 1, HIDDEN, PAST]
    return _model(
        "perth_encoder",
        nodes,
        [floats("frames", [1, NEURAL_BINS, "frames"]), floats("state", state)],
        [floats("residual", [1, NEURAL_BINS, "frames"]), floats("next_state", state)],
        constants,
    )


def decoder(checkpoint: bytes) -> bytes:
    """Three branches, each `<name>` [1, 128, T] -> `<name>_scores` [1, 2, T]: attention, then presence.

    Time is stretched before (BRANCHES) and the scores averaged after, both in `frontend.detector`.
    The weights are kept in half precision, which halves what a browser has to fetch.
    """
    weights: Weights = read_checkpoint(checkpoint)["model"]
    nodes: list[NodeProto] = []
    constants: list[TensorProto] = []
    for branch in BRANCHES:
        x = branch
        for i in range(INNER + 2):
            name = f"decoder.{branch}_layers.{i}.conv"
            for part in ("weight", "bias"):
                constants.append(constant(f"{name}.{part}.half", weights[f"{name}.{part}"].astype(np.float16)))
                nodes.append(
                    helper.make_node("Cast", [f"{name}.{part}.half"], [f"{name}.{part}"], to=TensorProto.FLOAT)
                )
            y = f"{branch}{i}" if i <= INNER else f"{branch}_scores"
            pad = PAST // 2 if 0 < i <= INNER else 0
            nodes.append(helper.make_node("Conv", [x, f"{name}.weight", f"{name}.bias"], [y], pads=[pad, pad]))
            x = y
            if i <= INNER:
                nodes.append(helper.make_node("LeakyRelu", [y], [f"{y}.act"], alpha=SLOPE))
                x = f"{y}.act"
    return _model(
        "perth_decoder",
        nodes,
        [floats(branch, [1, NEURAL_BINS, f"{branch}_frames"]) for branch in BRANCHES],
        [floats(f"{branch}_scores", [1, 2, f"{branch}_frames"]) for branch in BRANCHES],
        constants,
    )


def _model(
    name: str,
    nodes: list[NodeProto],
    inputs: list[ValueInfoProto],
    outputs: list[ValueInfoProto],
    constants: list[TensorProto],
) -> bytes:
    graph = helper.make_graph(nodes, name, inputs, outputs, constants)
    model: ModelProto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    checker.check_model(model, full_check=True)
    return serialise(model)
