"""The encoders with gradients: their ONNX graphs, run node by node in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import onnx
import torch
import torch.nn.functional as F
from onnx import NodeProto, helper, numpy_helper

Attributes = Mapping[str, Any]


def _convolution(a: Attributes, x: Any, weight: Any, bias: Any = None) -> Any:
    convolve = F.conv1d if weight.dim() == 3 else F.conv2d
    beside = a.get("pads", [0])[: weight.dim() - 2]  # as much before as behind, in both graphs
    dilation, groups = a.get("dilations", 1), a.get("group", 1)
    return convolve(x, weight, bias, stride=a["strides"], padding=beside, dilation=dilation, groups=groups)


def _batch_norm(a: Attributes, x: Any, weight: Any, bias: Any, mean: Any, variance: Any) -> Any:
    return F.batch_norm(x, mean, variance, weight, bias, eps=a["epsilon"])


def _slice(a: Attributes, x: Any, start: Any, stop: Any, axis: Any = 0) -> Any:
    return x.narrow(int(axis), int(start), int(stop) - int(start))


OPERATORS: Mapping[str, Callable[..., Any]] = {  # as far as the encoders' graphs use them
    "Abs": lambda a, x: x.abs(),
    "Add": lambda a, x, y: x + y,
    "BatchNormalization": _batch_norm,
    "Cast": lambda a, x: x.to(torch.float32),
    "Clip": lambda a, x, low, high: x.clamp(float(low), float(high)),
    "Concat": lambda a, *parts: torch.cat(parts, a["axis"]),
    "Conv": _convolution,
    "Div": lambda a, x, y: x / y,
    "Flatten": lambda a, x: x.flatten(1),
    "Gather": lambda a, x, index: x[index],
    "Gemm": lambda a, x, weight, bias: F.linear(x, weight, bias),
    "InstanceNormalization": lambda a, x, weight, bias: F.instance_norm(x, weight=weight, bias=bias, eps=a["epsilon"]),
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a["alpha"]),
    "Log": lambda a, x: x.log(),
    "LpNormalization": lambda a, x: F.normalize(x, dim=a["axis"]),
    "MatMul": lambda a, x, y: x @ y,
    "Max": lambda a, x, y: torch.maximum(x, y),
    "MaxPool": lambda a, x: F.max_pool1d(x, a["kernel_shape"], a["strides"]),
    "Mul": lambda a, x, y: x * y,
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a.get("keepdims", 1))),
    "ReduceProd": lambda a, x: x.prod(),
    "ReduceSumSquare": lambda a, x: (x * x).sum(a["axes"], keepdim=bool(a.get("keepdims", 1))),
    "Relu": lambda a, x: x.relu(),
    "Reshape": lambda a, x, shape: x.reshape(shape.tolist()),
    "Shape": lambda a, x: torch.tensor(x.shape),
    "Sigmoid": lambda a, x: x.sigmoid(),
    "Slice": _slice,
    "Split": lambda a, x: x.chunk(2, a["axis"]),
    "Sqrt": lambda a, x: x.sqrt(),
    "Squeeze": lambda a, x, axis: x.squeeze(int(axis)),
    "Sub": lambda a, x, y: x - y,
    "Tanh": lambda a, x: x.tanh(),
    "Unsqueeze": lambda a, x, axis: x.unsqueeze(int(axis)),
}


class Encoder:
    """A graph with one input and one output, of the OPERATORS. Raises KeyError for another operator."""

    def __init__(self, path: Path) -> None:
        graph = onnx.load(path).graph
        self._constants = {one.name: torch.tensor(numpy_helper.to_array(one).copy()) for one in graph.initializer}
        self._steps = [(node, OPERATORS[node.op_type], _attributes(node)) for node in graph.node]
        self._input, self._output = graph.input[0].name, graph.output[0].name

    def __call__(self, waveforms: Any) -> Any:
        """Embeddings [n, d] of waveforms [n, samples]."""
        return torch.cat([self._one(waveform[None]) for waveform in waveforms])

    def _one(self, waveform: Any) -> Any:
        values = {**self._constants, self._input: waveform}
        for node, operator, attributes in self._steps:
            made = operator(attributes, *(values[name] for name in node.input))
            values.update(zip(node.output, made if isinstance(made, tuple) else (made,), strict=True))
        return values[self._output]


def _attributes(node: NodeProto) -> Attributes:
    return {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
