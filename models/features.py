"""Filter-bank features as ONNX nodes, so that every runtime computes them alike, from the waveform on.

All steps up to the spectrum are linear in a frame's samples: removing the mean, pre-emphasis, window and
Fourier transform are one matrix, and sliding it along the waveform is one convolution.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from models.graphs import Builder

Doubles = npt.NDArray[np.float64]

SAMPLE_RATE = 16_000  # Hz
FRAME = 400  # samples: 25 ms
HOP = 160  # samples: 10 ms
BANDS = 80
WHISPER_SAMPLES = 30 * SAMPLE_RATE


def kaldi_fbank(graph: Builder, waveform: str) -> str:
    """Log mel energies [1, 80, frames] of a waveform [1, samples] in [-1, 1]: Kaldi's defaults, no dither.

    25 ms every 10 ms, no frame past the edges, mean removed, pre-emphasis 0.97, Povey window, 20 Hz to 8 kHz.
    """
    size = 512
    bins = np.arange(size // 2)
    transform = _fourier(bins, size) * np.hanning(FRAME) ** 0.85
    # From the last step to the first, each one a matrix to the right; no BLAS, whose sums depend on the processor.
    transform[:, :-1] -= 0.97 * transform[:, 1:]  # what stands before the first sample the window makes zero
    transform -= np.array([[math.fsum(row) / FRAME] for row in transform])
    low, high = _kaldi_mel(np.array([20, SAMPLE_RATE / 2]))
    bank = triangles(np.linspace(low, high, BANDS + 2), _kaldi_mel(bins * SAMPLE_RATE / size))
    energies = graph.node("MatMul", graph.constant(bank), _power_spectrum(graph, waveform, transform))
    return graph.node("Log", graph.node("Max", energies, graph.constant(np.finfo(np.float32).eps)))


def whisper_log_mel(graph: Builder, waveform: str) -> str:
    """Whisper's log mel energies [1, 80, 3000] of a waveform [1, up to 480 000 samples] in [-1, 1].

    25 ms every 10 ms, frames centred, Hann window, Slaney's mel scale and area norm, a range of 8 decades.
    """
    length = graph.node("Slice", graph.node("Shape", waveform), *(graph.constant([i], np.int64) for i in (1, 2)))
    missing = graph.node("Sub", graph.constant([WHISPER_SAMPLES], np.int64), length)
    silence = graph.node("Concat", graph.constant([0, 0, 0], np.int64), missing, axis=0)
    padded = graph.node("Pad", waveform, silence)
    # Half a frame before the first, and as much after the last as makes 3000: the 3001st is not used.
    centred = graph.node("Pad", padded, graph.constant([0, FRAME // 2, 0, FRAME // 2 - HOP], np.int64), mode="reflect")
    bins = np.arange(FRAME // 2 + 1)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    low, high = _slaney_mel(np.array([0, SAMPLE_RATE / 2]))
    edges = _slaney_hertz(np.linspace(low, high, BANDS + 2))
    bank = triangles(edges, bins * SAMPLE_RATE / FRAME) * 2 / (edges[2:] - edges[:-2])[:, np.newaxis]
    energies = graph.node("MatMul", graph.constant(bank), _power_spectrum(graph, centred, _fourier(bins, FRAME) * hann))
    decades = graph.node(
        "Mul", graph.node("Log", graph.node("Max", energies, graph.constant(1e-10))), graph.constant(1 / math.log(10))
    )
    floor = graph.node("Sub", graph.node("ReduceMax", decades), graph.constant(8))
    return graph.node(
        "Mul", graph.node("Add", graph.node("Max", decades, floor), graph.constant(4)), graph.constant(0.25)
    )


def _kaldi_mel(hertz: Doubles) -> Doubles:
    return 1127 * np.log1p(hertz / 700)


def _slaney_mel(hertz: Doubles) -> Doubles:
    """Linear below 1 kHz, logarithmic above (M. Slaney, Auditory Toolbox, 1998)."""
    return np.where(hertz < 1000, hertz * 3 / 200, 15 + 27 * np.log(np.maximum(hertz, 1) / 1000) / math.log(6.4))


def _slaney_hertz(mel: Doubles) -> Doubles:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * math.log(6.4) / 27))


def triangles(edges: Doubles, positions: Doubles) -> Doubles:
    """Triangular filters [len(edges) - 2, len(positions)] that rise and fall between neighbouring edges."""
    left, centre, right = (edges[i : len(edges) - 2 + i, np.newaxis] for i in range(3))
    return np.maximum(0, np.minimum((positions - left) / (centre - left), (right - positions) / (right - centre)))


def _fourier(bins: npt.NDArray[np.int64], size: int) -> Doubles:
    """The transform of a frame at the bins of a `size`-point FFT: cosines, then sines [2 bins, FRAME]."""
    angles = 2 * np.pi * np.outer(bins, np.arange(FRAME)) / size
    return np.concatenate([np.cos(angles), np.sin(angles)])


def _power_spectrum(graph: Builder, waveform: str, transform: Doubles) -> str:
    """[1, bins, frames] of [1, samples]: real and imaginary part of each frame by convolution, then squared."""
    signal = graph.node("Reshape", waveform, graph.constant([1, 1, -1], np.int64))
    spectrum = graph.node("Conv", signal, graph.constant(transform[:, np.newaxis]), strides=[HOP])
    squared = graph.node("Mul", spectrum, spectrum)
    bins = len(transform) // 2
    real, imaginary = (
        graph.node("Slice", squared, *(graph.constant([value], np.int64) for value in (start, start + bins, 1)))
        for start in (0, bins)
    )
    return graph.node("Add", real, imaginary)
