"""What gain each frequency gets in each frame: a small convolutional network, turned by the person's embedding.

A feature-wise linear modulation (FiLM: E. Perez et al., 2018) of two convolutions over the log mel spectrum.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from models.contract import EMBEDDING_DIM, SYNTHESIS_SAMPLE_RATE
from models.features import triangles
from models.graphs import Builder, extract, floats, serialise
from models.synthesizer.synthesis import SAMPLES_PER_FRAME

Doubles = npt.NDArray[np.float64]

SIZE = 1024  # samples of a frame: 46 ms
HOP = SAMPLES_PER_FRAME  # 11.6 ms, so that a frame of the synthesizer is one here
BINS = SIZE // 2 + 1
BANDS = 40
LOWEST, HIGHEST = 50.0, 8000.0  # Hz, of the bands; above, the encoders that it is trained with hear nothing
KERNEL = 5  # frames
SEEN_FRAMES = 2 * (KERNEL // 2)  # on either side, by two convolutions
CONDITION = 32
HIDDEN = 64
LIMIT = 9.0  # dB that a band may be raised or lowered by in training,
STRENGTH = 0.7  # of which so much is applied: people who are new to it are overshot otherwise
STEEPNESS = 3.0
SLOPE = 0.1  # of the rectifiers
FLOOR = 1e-4  # of the power in a band
QUIET = 1e-6  # of the power in a frame
OPSET = 17
PARTS = ("weight", "bias")
NEPERS_PER_DECIBEL = np.log(10) / 20
LAYERS = {  # and the shapes of their weights; each has a bias for every output
    "condition": (CONDITION, EMBEDDING_DIM),
    "first_turn": (2 * HIDDEN, CONDITION),
    "second_turn": (2 * HIDDEN, CONDITION),
    "first": (HIDDEN, BANDS, KERNEL),
    "second": (HIDDEN, HIDDEN, KERNEL),
    "gains": (BANDS, HIDDEN, 1),
}


def bands() -> tuple[Doubles, Doubles]:
    """Triangular averages [BANDS, BINS] over the mel scale, and the straight lines between them [BINS, BANDS]."""
    low, high = (2595 * np.log10(1 + edge / 700) for edge in (LOWEST, HIGHEST))
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(SIZE, 1 / SYNTHESIS_SAMPLE_RATE).astype(np.float64)
    bank = triangles(edges, hertz)
    lines = np.array([np.interp(hertz, edges[1:-1], one) for one in np.eye(BANDS)]).T
    return bank / bank.sum(axis=1, keepdims=True), lines


def to_onnx(weights: Mapping[str, npt.NDArray[np.float32]]) -> bytes:
    """The network as a model: power [1, T, BINS] and embedding [1, 512] to gain [1, T, BINS], factors of amplitude.

    A frame keeps its energy, whatever its gains. `weights` holds `mean` and `spread` [BANDS] of the log spectrum, and
    `weight` and `bias` of each of the LAYERS, as `first.weight`.
    """
    graph = Builder()
    bank, lines = bands()
    energy = graph.node("MatMul", "power", graph.constant(bank.T))
    level = graph.node("Log", graph.node("Add", energy, graph.constant(FLOOR)))
    centred = graph.node("Sub", level, graph.constant(weights["mean"]))
    heard = graph.node("Transpose", graph.node("Div", centred, graph.constant(weights["spread"])), perm=[0, 2, 1])

    def linear(values: str, layer: str) -> str:
        return graph.node("Gemm", values, *(graph.constant(weights[f"{layer}.{part}"]) for part in PARTS), transB=1)

    def convolved(values: str, layer: str) -> str:
        width = weights[f"{layer}.weight"].shape[2]
        parts = (graph.constant(weights[f"{layer}.{part}"]) for part in PARTS)
        return graph.node("Conv", values, *parts, pads=[width // 2, width // 2])

    scaled = graph.node("Mul", "embedding", graph.constant(np.sqrt(EMBEDDING_DIM)))
    person = graph.node("Tanh", linear(scaled, "condition"))
    for layer in ("first", "second"):
        turned = graph.node("Unsqueeze", linear(person, f"{layer}_turn"), graph.constant([2], np.int64))
        scale, shift = (
            graph.node("Slice", turned, *(graph.constant([value], np.int64) for value in (start, start + HIDDEN, 1)))
            for start in (0, HIDDEN)
        )
        made = convolved(heard, layer)
        modulated = graph.node("Add", graph.node("Add", made, graph.node("Mul", made, scale)), shift)
        heard = graph.node("LeakyRelu", modulated, alpha=SLOPE)
    steep = graph.node("Mul", convolved(heard, "gains"), graph.constant(STEEPNESS / LIMIT))
    decibels = graph.node("Mul", graph.node("Tanh", steep), graph.constant(STRENGTH * LIMIT))
    spread = graph.node("MatMul", graph.node("Transpose", decibels, perm=[0, 2, 1]), graph.constant(lines.T))
    factor = graph.node("Exp", graph.node("Mul", spread, graph.constant(NEPERS_PER_DECIBEL)))

    def energy_of(power: str) -> str:
        total = graph.node("ReduceSum", power, graph.constant([2], np.int64), keepdims=1)
        return graph.node("Add", total, graph.constant(QUIET))

    after = energy_of(graph.node("Mul", "power", graph.node("Mul", factor, factor)))
    kept = graph.node("Sqrt", graph.node("Div", energy_of("power"), after))
    graph.node("Mul", factor, kept, output="gain")
    inputs = [floats("power", [1, "frames", BINS]), floats("embedding", [1, EMBEDDING_DIM])]
    return serialise(extract(graph.graph, "timbre", inputs, [floats("gain", [1, "frames", BINS])], OPSET))
