"""The filter with gradients: what `network` writes and `filter` applies, in PyTorch."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from models.contract import EMBEDDING_DIM, ENCODER_SAMPLE_RATE, SYNTHESIS_SAMPLE_RATE
from models.timbre.clips import SEED
from models.timbre.filter import WINDOW
from models.timbre.network import (
    FLOOR,
    HOP,
    KERNEL,
    LAYERS,
    LIMIT,
    QUIET,
    SIZE,
    SLOPE,
    STEEPNESS,
    bands,
)

Weights = dict[str, Any]


def new_weights(level: Any) -> Weights:
    """The layers before training, which leave a voice as it is, and the mean and spread of `level` [n, BANDS]."""
    torch.manual_seed(SEED)
    layers = {
        name: torch.nn.Linear(*shape[::-1]) if len(shape) == 2 else torch.nn.Conv1d(shape[1], shape[0], shape[2])
        for name, shape in LAYERS.items()
    }
    torch.nn.init.normal_(layers["condition"].weight, 0, EMBEDDING_DIM**-0.5)
    torch.nn.init.zeros_(layers["gains"].weight)
    torch.nn.init.zeros_(layers["gains"].bias)
    weights = {f"{name}.{part}": value for name, layer in layers.items() for part, value in layer.named_parameters()}
    return weights | {"mean": level.mean(dim=0), "spread": level.std(dim=0)}


class Filter:
    """What `network.to_onnx` writes and `filter.Timbre` applies, with gradients."""

    def __init__(self) -> None:
        self._triangles, self._lines = (torch.tensor(part, dtype=torch.float32) for part in bands())
        self._window = torch.tensor(WINDOW)

    def spectrum(self, samples: Any) -> Any:
        """Of samples [n, s]: complex [n, BINS, frames]."""
        return torch.stft(samples, SIZE, HOP, window=self._window, pad_mode="constant", return_complex=True)

    def level(self, power: Any) -> Any:
        """Log energy [n, BANDS, frames] of a power spectrum."""
        return torch.log(self._triangles @ power + FLOOR)

    def gains(self, weights: Weights, level: Any, embedding: Any) -> Any:
        """Decibels [n, BANDS, frames]."""
        person = torch.tanh(F.linear(embedding * EMBEDDING_DIM**0.5, *_layer(weights, "condition")))
        heard = (level - weights["mean"][:, None]) / weights["spread"][:, None]
        for layer in ("first", "second"):
            scale, shift = F.linear(person, *_layer(weights, f"{layer}_turn"))[:, :, None].chunk(2, dim=1)
            made = F.conv1d(heard, *_layer(weights, layer), padding=KERNEL // 2)
            heard = F.leaky_relu(made * (1 + scale) + shift, SLOPE)
        return LIMIT * torch.tanh(F.conv1d(heard, *_layer(weights, "gains")) * (STEEPNESS / LIMIT))

    def __call__(self, weights: Weights, samples: Any, embedding: Any) -> tuple[Any, Any]:
        """Filtered samples [n, s], and the decibels [n, BINS, frames] by which each bin was raised."""
        spectrum = self.spectrum(samples)
        power = spectrum.abs() ** 2
        raised = self._lines @ self.gains(weights, self.level(power), embedding)
        after = (power * 10 ** (raised / 10)).sum(dim=1, keepdim=True) + QUIET
        raised = raised + 10 * torch.log10((power.sum(dim=1, keepdim=True) + QUIET) / after)
        shaped = spectrum * 10 ** (raised / 20)
        return torch.istft(shaped, SIZE, HOP, window=self._window, length=samples.shape[1]), raised


def _layer(weights: Weights, name: str) -> tuple[Any, Any]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]


def at_encoder_rate(samples: Any) -> Any:
    """Resampled [n, s] by cutting the spectrum off, with gradients."""
    before = samples.shape[1]
    after = before * ENCODER_SAMPLE_RATE // SYNTHESIS_SAMPLE_RATE
    spectrum = torch.fft.rfft(samples)[:, : after // 2 + 1]
    return torch.fft.irfft(spectrum, after) * (after / before)
