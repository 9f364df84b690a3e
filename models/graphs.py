"""Surgery on ONNX graphs: cut a part out, bypass nodes, serialise to the same bytes every time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

Shape = Sequence[int | str]


def floats(name: str, shape: Shape) -> ValueInfoProto:
    """A float32 graph input or output; a string in `shape` names a free dimension."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def integers(name: str, shape: Shape) -> ValueInfoProto:
    """An int64 graph input or output."""
    return helper.make_tensor_value_info(name, TensorProto.INT64, shape)


def rename(graph: GraphProto, names: Mapping[str, str]) -> None:
    """Rename tensors wherever they are made or read."""
    for node in graph.node:
        for tensors in (node.input, node.output):
            tensors[:] = [names.get(name, name) for name in tensors]
    for initializer in graph.initializer:
        initializer.name = names.get(initializer.name, initializer.name)


def bypass_mul(graph: GraphProto, factor: str) -> None:
    """Remove each product with the tensor `factor`, which is known to be all ones."""
    names: dict[str, str] = {}
    kept: list[NodeProto] = []
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        if node.op_type == "Mul" and factor in node.input:
            (names[node.output[0]],) = (name for name in node.input if name != factor)
        else:
            kept.append(node)
    del graph.node[:]
    graph.node.extend(kept)


def extract(
    graph: GraphProto,
    name: str,
    inputs: Sequence[ValueInfoProto],
    outputs: Sequence[ValueInfoProto],
    opset: int,
) -> ModelProto:
    """The part of `graph` that computes `outputs` from `inputs`, nodes in their order, constants by name.

    Raises ValueError when something that it needs is neither made in the graph nor an input.
    """
    makers = {tensor: node for node in graph.node for tensor in node.output}
    constants = {initializer.name for initializer in graph.initializer}
    given = {value.name for value in inputs}
    needed: set[str] = set()
    pending = [value.name for value in outputs]
    while pending:
        tensor = pending.pop()
        if tensor in needed or tensor in given or not tensor:
            continue
        needed.add(tensor)
        if tensor in makers:
            pending.extend(makers[tensor].input)
        elif tensor not in constants:
            raise ValueError(f"{name}: nothing makes {tensor}")
    part = helper.make_graph(
        [node for node in graph.node if needed.intersection(node.output)],
        name,
        inputs,
        outputs,
        sorted((c for c in graph.initializer if c.name in needed), key=lambda constant: constant.name),
    )
    model = helper.make_model(part, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    return model


class Builder:
    """Writes a graph node by node; each method returns the name of the tensor that it made."""

    def __init__(self) -> None:
        self.graph = GraphProto()

    def node(self, op_type: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """A node with one output, named after itself unless `output` says otherwise."""
        name = output or f"{op_type}_{len(self.graph.node)}"
        self.graph.node.append(helper.make_node(op_type, inputs, [name], **attributes))
        return name

    def constant(self, values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        """A constant, float32 unless `dtype` says otherwise."""
        name = f"constant_{len(self.graph.initializer)}"
        self.graph.initializer.append(constant(name, np.asarray(values, dtype)))
        return name


def constant(name: str, values: npt.NDArray[np.generic]) -> TensorProto:
    """A named constant of a graph."""
    return onnx.numpy_helper.from_array(values, name)


def serialise(model: ModelProto) -> bytes:
    """The same bytes for the same model."""
    content: bytes = model.SerializeToString(deterministic=True)
    return content
