"""From the published ORT-format x-vector to portable ONNX with a unit-norm output.

The published file is already optimised for ONNX Runtime: its convolutions are fused with their
activations in an operator that the standard does not know. Taken apart again, it is ONNX opset 14, and
each runtime fuses what it can. Input: waveform float32 [1, samples] at 16 kHz, any loudness (the network
normalises it). Output: embedding float32 [1, 512], unit norm.

The network: SincNet (Ravanelli, Bengio 2018) and x-vector (Snyder et al. 2018), as in pyannote.audio.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import onnxruntime
from onnx import GraphProto, NodeProto, helper

from models.contract import EMBEDDING_DIM
from models.graphs import extract, floats, rename, serialise

OPSET = 14


def speaker_encoder(content: bytes) -> bytes:
    """Portable ONNX from the bytes of the ORT-format model."""
    graph = _read_ort_format(content)
    _unfuse(graph)
    rename(graph, {"embeddings": "unscaled"})
    graph.node.append(helper.make_node("LpNormalization", ["unscaled"], ["embedding"], axis=1, p=2))
    model = extract(
        graph,
        "speaker_encoder",
        [floats("waveform", [1, "samples"])],
        [floats("embedding", [1, EMBEDDING_DIM])],
        OPSET,
    )
    return serialise(model)


def _read_ort_format(content: bytes) -> GraphProto:
    """ONNX Runtime reads its own format and writes ONNX; without optimisation nothing else changes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.optimized_model_filepath = str(path)
        options.add_session_config_entry("session.load_model_format", "ORT")
        options.add_session_config_entry("session.save_model_format", "ONNX")
        onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        return onnx.load(path).graph


def _unfuse(graph: GraphProto) -> None:
    """Each FusedConv becomes Conv and LeakyRelu."""
    nodes: list[NodeProto] = []
    for node in graph.node:
        if node.op_type != "FusedConv":
            nodes.append(node)
            continue
        attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
        activation, (alpha,) = attributes.pop("activation"), attributes.pop("activation_params")
        if activation != b"LeakyRelu":
            raise ValueError(f"FusedConv with {activation!r}")
        (output,) = node.output
        nodes.append(helper.make_node("Conv", node.input, [f"{output}_conv"], node.name, **attributes))
        nodes.append(helper.make_node("LeakyRelu", [f"{output}_conv"], [output], alpha=alpha))
    del graph.node[:]
    graph.node.extend(nodes)
