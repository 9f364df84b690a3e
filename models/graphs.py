"""Surgery on ONNX graphs: cut a part out, bypass nodes, serialise to the same bytes every time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
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


def reads(node: NodeProto) -> set[str]:
    """The tensors that a node reads, those that its subgraphs take from outside among them."""
    found = set(node.input)
    for attribute in node.attribute:
        if attribute.HasField("g"):
            inner = {value.name for value in (*attribute.g.input, *attribute.g.initializer)}
            inner.update(output for child in attribute.g.node for output in child.output)
            found |= {name for child in attribute.g.node for name in reads(child)} - inner
    return found


def _needed(nodes: Iterable[NodeProto], outputs: Iterable[str], given: Set[str]) -> set[str]:
    """All tensors, `given` ones aside, that the outputs depend on."""
    makers = {tensor: node for node in nodes for tensor in node.output}
    needed: set[str] = set()
    pending = list(outputs)
    while pending:
        tensor = pending.pop()
        if tensor and tensor not in needed and tensor not in given:
            needed.add(tensor)
            pending.extend(reads(makers[tensor]) if tensor in makers else ())
    return needed


def pruned(nodes: Sequence[NodeProto], outputs: Iterable[str]) -> list[NodeProto]:
    """Only those nodes that the outputs depend on."""
    needed = _needed(nodes, outputs, set())
    return [node for node in nodes if needed.intersection(node.output)]


def prefixed(nodes: Iterable[NodeProto], prefix: str, names: Mapping[str, str]) -> list[NodeProto]:
    """Copies of nodes, with `prefix` before all tensors that they make, and those of `names` read under other names."""
    copies: list[NodeProto] = []
    made = dict(names)
    for node in nodes:
        made.update({name: prefix + name for name in node.output if name and name not in names})
        copy = NodeProto()
        copy.CopyFrom(node)
        copy.name = node.name and prefix + node.name
        for tensors in (copy.input, copy.output):
            tensors[:] = [made.get(name, name) for name in tensors]
        copies.append(copy)
    return copies


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
    needed = _needed(graph.node, (value.name for value in outputs), {value.name for value in inputs})
    makers = {tensor for node in graph.node for tensor in node.output}
    lacking = needed - makers - {constant.name for constant in graph.initializer}
    if lacking:
        raise ValueError(f"{name}: nothing makes {sorted(lacking)}")
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
    """Writes a graph node by node; each method returns the name of the tensor that it made, after `prefix`."""

    def __init__(self, prefix: str = "") -> None:
        self.graph = GraphProto()
        self._prefix = prefix

    def node(self, op_type: str, *inputs: str, output: str | None = None, **attributes: Any) -> str:
        """A node with one output, named after itself unless `output` says otherwise."""
        name = output or f"{self._prefix}{op_type}_{len(self.graph.node)}"
        self.graph.node.append(helper.make_node(op_type, inputs, [name], **attributes))
        return name

    def constant(self, values: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        """A constant, float32 unless `dtype` says otherwise."""
        name = f"{self._prefix}constant_{len(self.graph.initializer)}"
        self.graph.initializer.append(constant(name, np.asarray(values, dtype)))
        return name


def constant(name: str, values: npt.NDArray[np.generic]) -> TensorProto:
    """A named constant of a graph."""
    return onnx.numpy_helper.from_array(values, name)


def serialise(model: ModelProto) -> bytes:
    """The same bytes for the same model."""
    content: bytes = model.SerializeToString(deterministic=True)
    return content
