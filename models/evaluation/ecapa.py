"""The judge: SpeechBrain's ECAPA-TDNN from its published checkpoint to ONNX, without PyTorch.

The network is that of B. Desplanques et al. (2020), trained on VoxCeleb by SpeechBrain; features and names
of weights are SpeechBrain's. Input: waveform float32 [1, samples] at 16 kHz in [-1, 1]. Output: embedding
float32 [1, 192], unit norm. Nothing that makes a voice was fitted, trained or selected with it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from models.checkpoint import read_checkpoint
from models.graphs import Builder, extract, floats, serialise

OPSET = 14
EMBEDDING = 192
FRAME = 400  # samples: 25 ms at 16 kHz
HOP = 160  # samples: 10 ms
BANDS = 80
TOP_DECIBELS = 80.0  # the range below the loudest value that is kept
DILATIONS = (2, 3, 4)  # of the three residual blocks
SCALE = 8  # groups of channels inside a block
BATCH_NORM_EPSILON = 1e-5
VARIANCE_FLOOR = 1e-12

Doubles = npt.NDArray[np.float64]
Weights = Mapping[str, npt.NDArray[np.float32]]


def ecapa(content: bytes) -> bytes:
    """ONNX from the bytes of the checkpoint."""
    return serialise(
        extract(
            _Network(read_checkpoint(content)).graph,
            "ecapa",
            [floats("waveform", [1, "samples"])],
            [floats("embedding", [1, EMBEDDING])],
            OPSET,
        )
    )


def mel_bank() -> Doubles:
    """Triangles [80, 201] that are even in Hz, their centres even in mel from 0 to 8 kHz."""
    mel = np.linspace(0, 2595 * np.log10(1 + 8000 / 700), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    centres, widths = edges[1:-1, np.newaxis], np.diff(edges)[:-1, np.newaxis]
    slopes = (np.linspace(0, 8000, FRAME // 2 + 1) - centres) / widths
    return np.maximum(0, np.minimum(slopes + 1, 1 - slopes))


class _Network(Builder):
    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights
        x = self.tdnn(self.features("waveform"), "blocks.0")
        outputs = []
        for index, dilation in enumerate(DILATIONS, start=1):
            x = self.block(x, f"blocks.{index}", dilation)
            outputs.append(x)
        statistics = self.attentive_statistics(self.tdnn(self.node("Concat", *outputs, axis=1), "mfa"))
        embedding = self.convolution(statistics, "fc.conv")
        self.node("LpNormalization", self.node("Flatten", embedding), axis=1, p=2, output="embedding")

    def features(self, waveform: str) -> str:
        """Log mel energies [1, 80, frames], each band's mean removed."""
        angles = 2 * np.pi * np.outer(np.arange(FRAME // 2 + 1), np.arange(FRAME)) / FRAME
        window = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
        edges = self.constant([0, 0, FRAME // 2, 0, 0, FRAME // 2], np.int64)
        signal = self.node("Unsqueeze", waveform, self.constant([1], np.int64))
        signal = self.node("Pad", signal, edges)
        parts = [
            self.node("Conv", signal, self.constant((wave(angles) * window)[:, np.newaxis]), strides=[HOP])
            for wave in (np.cos, np.sin)
        ]
        power = self.node("Add", *(self.node("Mul", part, part) for part in parts))
        energies = self.node("Max", self.node("MatMul", self.constant(mel_bank()), power), self.constant(1e-10))
        decibels = self.node("Mul", self.node("Log", energies), self.constant(10 / np.log(10)))
        floor = self.node("Sub", self.node("ReduceMax", decibels, axes=[1, 2]), self.constant(TOP_DECIBELS))
        decibels = self.node("Max", decibels, floor)
        return self.node("Sub", decibels, self.node("ReduceMean", decibels, axes=[2]))

    def convolution(self, x: str, name: str, dilation: int = 1) -> str:
        """A convolution over time that keeps the length by reflection at the ends."""
        weight = self._weights[f"{name}.weight"]
        if reach := dilation * (weight.shape[2] - 1) // 2:
            x = self.node("Pad", x, self.constant([0, 0, reach, 0, 0, reach], np.int64), mode="reflect")
        bias = self.constant(self._weights[f"{name}.bias"])
        return self.node("Conv", x, self.constant(weight), bias, dilations=[dilation])

    def batch_norm(self, x: str, name: str) -> str:
        variance = self._weights[f"{name}.running_var"].astype(np.float64)
        gain = self._weights[f"{name}.weight"] / np.sqrt(variance + BATCH_NORM_EPSILON)
        offset = self._weights[f"{name}.bias"] - self._weights[f"{name}.running_mean"] * gain
        scaled = self.node("Mul", x, self.constant(gain[:, np.newaxis]))
        return self.node("Add", scaled, self.constant(offset[:, np.newaxis]))

    def tdnn(self, x: str, name: str, dilation: int = 1) -> str:
        activated = self.node("Relu", self.convolution(x, f"{name}.conv.conv", dilation))
        return self.batch_norm(activated, f"{name}.norm.norm")

    def block(self, x: str, name: str, dilation: int) -> str:
        """Squeeze-excitation around a Res2Net layer, each group of channels feeding the next."""
        wide = self.tdnn(x, f"{name}.tdnn1")
        width = self._weights[f"{name}.tdnn1.conv.conv.weight"].shape[0] // SCALE
        parts: list[str] = []
        for index in range(SCALE):
            bounds = (self.constant([value], np.int64) for value in (index * width, (index + 1) * width, 1))
            part = self.node("Slice", wide, *bounds)
            if index > 1:
                part = self.node("Add", part, parts[-1])
            if index:
                part = self.tdnn(part, f"{name}.res2net_block.blocks.{index - 1}", dilation)
            parts.append(part)
        joined = self.tdnn(self.node("Concat", *parts, axis=1), f"{name}.tdnn2")
        squeezed = self.convolution(self.node("ReduceMean", joined, axes=[2]), f"{name}.se_block.conv1.conv")
        gate = self.convolution(self.node("Relu", squeezed), f"{name}.se_block.conv2.conv")
        return self.node("Add", self.node("Mul", joined, self.node("Sigmoid", gate)), x)

    def deviation(self, variance: str) -> str:
        return self.node("Sqrt", self.node("Max", variance, self.constant(VARIANCE_FLOOR)))

    def attentive_statistics(self, x: str) -> str:
        """Mean and standard deviation over time, weighted by attention that sees both: [1, 6144, 1]."""
        mean = self.node("ReduceMean", x, axes=[2])
        centred = self.node("Sub", x, mean)
        spread = self.deviation(self.node("ReduceMean", self.node("Mul", centred, centred), axes=[2]))
        like_x = self.node("Shape", x)
        context = [x, self.node("Expand", mean, like_x), self.node("Expand", spread, like_x)]
        hidden = self.node("Tanh", self.tdnn(self.node("Concat", *context, axis=1), "asp.tdnn"))
        attention = self.node("Softmax", self.convolution(hidden, "asp.conv.conv"), axis=2)
        axis = self.constant([2], np.int64)
        mean = self.node("ReduceSum", self.node("Mul", attention, x), axis)
        centred = self.node("Sub", x, mean)
        variance = self.node("ReduceSum", self.node("Mul", attention, self.node("Mul", centred, centred)), axis)
        return self.batch_norm(self.node("Concat", mean, self.deviation(variance), axis=1), "asp_bn.norm")
