"""From the published ERes2Net checkpoint to ONNX, without PyTorch: the graph is written node by node.

The network (Chen et al. 2023, "An Enhanced Res2Net with Local and Global Feature Fusion for Speaker
Verification") as in 3D-Speaker, with its Kaldi features in front and its batch norms folded into the
convolutions. Input: waveform float32 [1, samples] at 16 kHz in [-1, 1]. Output: embedding float32
[1, 192], unit norm. Names of the weights are those of the checkpoint.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper

from models.checkpoint import read_checkpoint
from models.features import kaldi_fbank
from models.graphs import Builder, extract, floats, serialise

OPSET = 14
EMBEDDING = 192
BLOCKS = {1: 3, 2: 4, 3: 6, 4: 3}  # layer: residual blocks
SCALE = 2  # groups of channels inside a block
BATCH_NORM_EPSILON = 1e-5
VARIANCE_EPSILON = 1e-8

Weights = Mapping[str, npt.NDArray[np.float32]]


def eres2net(content: bytes) -> bytes:
    """ONNX from the bytes of the checkpoint."""
    model = extract(
        _Network(read_checkpoint(content)).graph,
        "eres2net",
        [floats("waveform", [1, "samples"])],
        [floats("embedding", [1, EMBEDDING])],
        OPSET,
    )
    return serialise(model)


class _Network(Builder):
    def __init__(self, weights: Weights) -> None:
        super().__init__()
        self._weights = weights
        fbank = kaldi_fbank(self, "waveform")
        centred = self.node("Sub", fbank, self.node("ReduceMean", fbank, axes=[2]))
        x = self.node("Unsqueeze", centred, self.constant([1], np.int64))
        x = self.node("Relu", self.convolution(x, "conv1", "bn1"))
        layers = {}
        for layer, blocks in BLOCKS.items():
            for block in range(blocks):
                x = self.block(x, f"layer{layer}.{block}", stride=2 if layer > 1 and block == 0 else 1)
            layers[layer] = x
        fused = layers[1]
        for layer, fusion in ((2, "12"), (3, "123"), (4, "1234")):
            finer = self.convolution(fused, f"layer{layer - 1}_downsample", stride=2)
            fused = self.fusion(layers[layer], finer, f"fuse_mode{fusion}.local_att")
        embedding = self.node(
            "Gemm",
            self.statistics(fused),
            self.constant(weights["seg_1.weight"]),
            self.constant(weights["seg_1.bias"]),
            transB=1,
        )
        self.node("LpNormalization", embedding, axis=1, p=2, output="embedding")

    def convolution(self, x: str, name: str, norm: str | None = None, stride: int = 1) -> str:
        """A convolution that keeps the size (or halves it), with the batch norm that follows folded in."""
        weight = self._weights[f"{name}.weight"].astype(np.float64)
        bias = self._weights[f"{name}.bias"].astype(np.float64) if f"{name}.bias" in self._weights else 0.0
        if norm is not None:
            variance = self._weights[f"{norm}.running_var"].astype(np.float64)
            gain = self._weights[f"{norm}.weight"] / np.sqrt(variance + BATCH_NORM_EPSILON)
            weight = weight * gain[:, np.newaxis, np.newaxis, np.newaxis]
            bias = (bias - self._weights[f"{norm}.running_mean"]) * gain + self._weights[f"{norm}.bias"]
        inputs = [x, self.constant(weight)]
        if isinstance(bias, np.ndarray):
            inputs.append(self.constant(bias))
        return self.node("Conv", *inputs, pads=[weight.shape[2] // 2] * 4, strides=[stride] * 2)

    def rectify(self, x: str) -> str:
        return self.node("Clip", x, self.constant(0), self.constant(20))

    def split(self, x: str) -> list[str]:
        names = [f"{x}_part_{part}" for part in range(SCALE)]
        self.graph.node.append(helper.make_node("Split", [x], names, axis=1))
        return names

    def block(self, x: str, name: str, stride: int) -> str:
        """A residual block whose groups of channels feed one another; from layer 3 on by attentive fusion."""
        wide = self.rectify(self.convolution(x, f"{name}.conv1", f"{name}.bn1", stride))
        parts: list[str] = []
        for index, part in enumerate(self.split(wide)):
            if index and f"{name}.fuse_models.0.local_att.0.weight" in self._weights:
                part = self.fusion(parts[-1], part, f"{name}.fuse_models.{index - 1}.local_att")
            elif index:
                part = self.node("Add", parts[-1], part)
            parts.append(self.rectify(self.convolution(part, f"{name}.convs.{index}", f"{name}.bns.{index}")))
        joined = self.convolution(self.node("Concat", *parts, axis=1), f"{name}.conv3", f"{name}.bn3")
        if f"{name}.shortcut.0.weight" in self._weights:
            x = self.convolution(x, f"{name}.shortcut.0", f"{name}.shortcut.1", stride)
        return self.rectify(self.node("Add", joined, x))

    def fusion(self, x: str, y: str, name: str) -> str:
        """Attentive fusion: (1 + a) x + (1 - a) y, with a in (-1, 1) from both."""
        hidden = self.convolution(self.node("Concat", x, y, axis=1), f"{name}.0", f"{name}.1")
        hidden = self.node("Mul", hidden, self.node("Sigmoid", hidden))
        a = self.node("Tanh", self.convolution(hidden, f"{name}.3", f"{name}.4"))
        more = self.node("Mul", x, self.node("Add", self.constant(1), a))
        less = self.node("Mul", y, self.node("Sub", self.constant(1), a))
        return self.node("Add", more, less)

    def statistics(self, x: str) -> str:
        """Mean and standard deviation over time of each channel and band, in a row: [1, 2 * channels * bands]."""
        frames = self.node("Slice", self.node("Shape", x), self.constant([3], np.int64), self.constant([4], np.int64))
        others = self.node("Sub", self.node("Cast", frames, to=TensorProto.FLOAT), self.constant(1))
        mean = self.node("ReduceMean", x, axes=[3])
        variance = self.node("Div", self.node("ReduceSumSquare", self.node("Sub", x, mean), axes=[3]), others)
        deviation = self.node("Sqrt", self.node("Add", variance, self.constant(VARIANCE_EPSILON)))
        return self.node("Concat", self.node("Flatten", mean), self.node("Flatten", deviation), axis=1)
