"""The adapter as a network: which voice would be heard as this person? It climbs to the answer, step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, TensorProto, helper

from models.adapter.fit import OPSET, PROSODY_DIM
from models.adapter.forward import Forward
from models.adapter.train_voices import Coordinates
from models.contract import EMBEDDING_DIM, SPEAKER_VECTOR_DIM
from models.graphs import Builder, extract, floats, serialise

Doubles = npt.NDArray[np.float64]

LISTENER = 0.5  # what ERes2Net's cosine counts against that of the app's encoder, which alone has heard the person
SMALLNESS = 5e-4  # what a unit of squared length costs, in cosine: the prior is the table's own spread
TUNE = 3e-3  # what a squared semitone off the person's pitch costs, in cosine
STEPS, STRIDE = 60, 0.4  # of Adam (D. Kingma and J. Ba, 2015), the stride falling to nothing
FIRST_MOMENT, SECOND_MOMENT = 0.9, 0.99
PITCH_STEPS = 4  # of Newton's
PITCH_FREEDOM = 1.0  # semitones that the embedding may differ from the pitch: about the doubt in foretelling it
PITCH_DAMPING = 0.1  # (semitones per unit of length)²: no leap where the pitch hardly changes
SEMITONES_PER_NEPER = 12 / np.log(2)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What ERes2Net would hear of a person: other + (embedding - own) @ weights, at length 1."""

    own: Doubles  # [512]
    weights: Doubles  # [512, 192]
    other: Doubles  # [192]


def to_onnx(forward: Forward, prediction: Prediction, coordinates: Coordinates) -> bytes:
    """The adapter as a model: embedding [1, 512] and prosody [1, 3] to g [1, 512]; large weights in half precision.

    From the mean voice, it climbs towards the greatest sum of two cosines, of what the app's encoder and ERes2Net are
    foretold to hear with what they hear of the person, less SMALLNESS and TUNE, along the axes by which voices are
    told apart; along all others the answer is the mean voice. Last, it moves the voice towards the pitch that is asked
    for, where that is further off than PITCH_FREEDOM.
    """
    return serialise(_Solver(forward, prediction, coordinates).model())


class _Solver:
    def __init__(self, forward: Forward, prediction: Prediction, coordinates: Coordinates) -> None:
        self._graph = graph = Builder()
        sizes = [len(prediction.own), len(prediction.other), 1]
        self._sizes = graph.constant(sizes, np.int64)
        self._rests = [graph.constant([[rest]]) for rest in forward.rest]
        self._level = graph.constant(forward.level[np.newaxis])
        self._scale = graph.constant(forward.scale[np.newaxis])
        self._anchors, self._weights = self._half(forward.anchors), self._half(forward.weights)
        self._anchors_up, self._weights_back = (graph.node("Transpose", it) for it in (self._anchors, self._weights))
        self._lift = graph.constant(forward.weights[np.newaxis, :, -1])
        rounded = forward.anchors.astype(np.float16).astype(np.float64)  # as the cross terms see them
        self._squares = graph.constant((rounded**2).sum(axis=1)[np.newaxis])
        self._start = graph.constant(np.zeros((1, len(forward.scale))))
        self._prediction, self._coordinates, self._axes = prediction, coordinates, forward.axes

    def model(self) -> ModelProto:
        graph = self._graph
        people = self._people()
        f0 = graph.node("Slice", "prosody", *(graph.constant([value], np.int64) for value in (0, 1, 1)))
        wanted = graph.node("Mul", graph.node("Log", f0), graph.constant([[SEMITONES_PER_NEPER]]))
        y = first = second = self._start
        for step in range(1, STEPS + 1):
            up = self._ascent(y, people, wanted)
            first = self._mixed(first, up, FIRST_MOMENT)
            second = self._mixed(second, graph.node("Mul", up, up), SECOND_MOMENT)
            spread = graph.node("Sqrt", self._times(second, 1 / (1 - SECOND_MOMENT**step)))
            size = STRIDE * (1 - (step - 1) / STEPS) / (1 - FIRST_MOMENT**step)
            stride = graph.node("Div", self._times(first, size), graph.node("Add", spread, graph.constant([[1e-8]])))
            y = graph.node("Add", y, stride)
        for _ in range(PITCH_STEPS):
            y = graph.node("Add", y, self._tuned(y, wanted))
        away = graph.node("MatMul", y, self._half(self._axes.T @ self._coordinates.axes))
        graph.node("Add", away, graph.constant(self._coordinates.mean[np.newaxis]), output="g")
        inputs = [floats("embedding", [1, EMBEDDING_DIM]), floats("prosody", [1, PROSODY_DIM])]
        return extract(graph.graph, "adapter", inputs, [floats("g", [1, SPEAKER_VECTOR_DIM])], OPSET)

    def _half(self, values: Doubles) -> str:
        return self._graph.node("Cast", self._graph.constant(values, np.float16), to=TensorProto.FLOAT)

    def _people(self) -> list[str]:
        """What either encoder hears of the person, at length 1."""
        graph, prediction = self._graph, self._prediction
        own = graph.node("Sub", "embedding", graph.constant(prediction.own[np.newaxis]))
        change = graph.node("MatMul", own, self._half(prediction.weights))
        other = graph.node("Add", change, graph.constant(prediction.other[np.newaxis]))
        return ["embedding", graph.node("LpNormalization", other, axis=1, p=2)]

    def _ascent(self, y: str, people: list[str], wanted: str) -> str:
        """The gradient of the objective at y, [1, k]."""
        graph = self._graph
        z, near, (*parts, pitch) = self._heard(y)
        pulls = []
        for part, rest, person, weight in zip(parts, self._rests, people, (1.0, LISTENER), strict=True):
            power = graph.node("Add", self._total(graph.node("Mul", part, part)), rest)
            along = graph.node("Div", self._total(graph.node("Mul", part, person)), power)
            turned = graph.node("Sub", person, graph.node("Mul", part, along))
            pulls.append(self._times(graph.node("Div", turned, graph.node("Sqrt", power)), weight))
        pulls.append(self._times(graph.node("Sub", wanted, pitch), 2 * TUNE))
        pull = graph.node("MatMul", graph.node("Concat", *pulls, axis=1), self._weights_back)
        return graph.node("Sub", self._slope(pull, z, near), self._times(y, 2 * SMALLNESS))

    def _tuned(self, y: str, wanted: str) -> str:
        """The shortest step [1, k] that brings the pitch within PITCH_FREEDOM of what is asked for."""
        graph = self._graph
        z, near, (*_, pitch) = self._heard(y)
        off = graph.node("Sub", wanted, pitch)
        free = graph.node("Clip", off, *(graph.constant(end) for end in (-PITCH_FREEDOM, PITCH_FREEDOM)))
        lift = self._slope(self._lift, z, near)
        power = graph.node("Add", self._total(graph.node("Mul", lift, lift)), graph.constant([[PITCH_DAMPING]]))
        return graph.node("Mul", graph.node("Div", graph.node("Sub", off, free), power), lift)

    def _heard(self, y: str) -> tuple[str, str, list[str]]:
        """Where a voice lies among the anchors [1, k], how near it is to each [1, m], and what is heard of it."""
        graph = self._graph
        z = graph.node("Mul", y, self._scale)
        cross = self._times(graph.node("MatMul", z, self._anchors_up), -2.0)
        apart = graph.node("Add", graph.node("Add", cross, self._squares), self._total(graph.node("Mul", z, z)))
        near = graph.node("Exp", self._times(apart, -0.5))
        heard = graph.node("Add", graph.node("MatMul", near, self._weights), self._level)
        return z, near, self._split(heard)

    def _slope(self, pull: str, z: str, near: str) -> str:
        """The gradient along y [1, k] of near @ pull."""
        graph = self._graph
        drawn = graph.node("Mul", pull, near)
        towards = graph.node("MatMul", drawn, self._anchors)
        away = graph.node("Mul", self._total(drawn), z)
        return graph.node("Mul", graph.node("Sub", towards, away), self._scale)

    def _mixed(self, old: str, new: str, share: float) -> str:
        return self._graph.node("Add", self._times(old, share), self._times(new, 1 - share))

    def _times(self, values: str, factor: float) -> str:
        return self._graph.node("Mul", values, self._graph.constant([[factor]]))

    def _total(self, values: str) -> str:
        return self._graph.node("ReduceSum", values, self._graph.constant([1], np.int64), keepdims=1)

    def _split(self, values: str) -> list[str]:
        names = [f"{values}_{part}" for part in range(len(self._rests) + 1)]
        self._graph.graph.node.append(helper.make_node("Split", [values, self._sizes], names, axis=1))
        return names
