"""Fit the adapter on the synthesizer's own voices: ridge regression from what is heard to the speaker vector.

    python -m models.adapter.fit .cache/models adapter.onnx

Each of the 904 voices of the published table records a sentence; what the app would
measure of it (embedding, prosody) is regressed on the voice's vector. Ten minutes of processor time. What
was heard is kept in `adapter_voices.npy` beside the models, so that an interrupted run goes on. Writes the
adapter and prints what it reaches on voices that it was not fitted on.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from onnx import TensorProto

from models.adapter.judge import Judge, figures
from models.adapter.voices import Floats, Listener, Voices
from models.contract import EMBEDDING_DIM, SPEAKER_VECTOR_DIM
from models.graphs import Builder, extract, floats, serialise

Doubles = npt.NDArray[np.float64]

SEED = 20_261_122
HELD_OUT = 90  # voices: for choosing the penalty and for the printed figures
PENALTIES = 10.0 ** np.arange(-1, 5, 0.5)
OPSET = 17
PROSODY_DIM = 3  # f0_median_hz, f0_range_semitones, syllables_per_second


def features(embedding: Floats, prosody: Floats) -> Doubles:
    """What g is linear in, [n, 515]: the embedding, the logarithm of the median F0, its range, the syllable rate."""
    return np.hstack([embedding, np.log(prosody[:, :1]), prosody[:, 1:]]).astype(np.float64)


def ridge(x: Doubles, y: Doubles, penalty: float) -> tuple[Doubles, Doubles]:
    """Weights [inputs, outputs] and offset [outputs] of y = x @ weights + offset, inputs penalised alike."""
    mean, scale, centre = x.mean(axis=0), x.std(axis=0), y.mean(axis=0)
    z = (x - mean) / scale
    weights = np.linalg.solve(z.T @ z + penalty * np.eye(z.shape[1]), z.T @ (y - centre)) / scale[:, np.newaxis]
    return weights, centre - mean @ weights


def explained(g: Doubles, estimate: Doubles) -> float:
    """R², all components together: 1 is perfect, 0 no better than the mean voice."""
    return float(1 - np.sum((g - estimate) ** 2) / np.sum((g - g.mean(axis=0)) ** 2))


def to_onnx(weights: Doubles, offset: Doubles) -> bytes:
    """The adapter as a model: embedding [1, 512] and prosody [1, 3] to g [1, 512]; weights in half precision."""
    graph = Builder()
    f0, others = (
        graph.node("Slice", "prosody", *(graph.constant([value], np.int64) for value in (start, stop, 1)))
        for start, stop in ((0, 1), (1, PROSODY_DIM))
    )
    x = graph.node("Concat", "embedding", graph.node("Log", f0), others, axis=1)
    matrix = graph.node("Cast", graph.constant(weights, np.float16), to=TensorProto.FLOAT)
    graph.node("Add", graph.node("MatMul", x, matrix), graph.constant(offset[np.newaxis]), output="g")
    model = extract(
        graph.graph,
        "adapter",
        [floats("embedding", [1, EMBEDDING_DIM]), floats("prosody", [1, PROSODY_DIM])],
        [floats("g", [1, SPEAKER_VECTOR_DIM])],
        OPSET,
    )
    return serialise(model)


def listen(listener: Listener, table: Floats, path: Path) -> Voices:
    """What is heard of every voice in the table; `path` keeps it row by row, so that a later run goes on from there."""
    shape = (len(table), EMBEDDING_DIM + PROSODY_DIM)
    kept = np.lib.format.open_memmap(path, "r+" if path.exists() else "w+", np.float32, shape)
    for voice, g in enumerate(table):
        if not kept[voice].any():
            kept[voice] = np.concatenate(listener.hear(listener.record(g, np.random.default_rng([SEED, voice]))))
            print(f"\rlistened to {voice + 1} of {len(table)} voices", end="", flush=True)
    print()
    heard = np.array(kept)
    return Voices(np.arange(len(table)), heard[:, :EMBEDDING_DIM], heard[:, EMBEDDING_DIM:], table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the adapter on the synthesizer's own voices.")
    parser.add_argument("models", type=Path, help="the folder that models.prepare filled (test)")
    parser.add_argument("output", type=Path, help="where the adapter is written")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    folder: Path = arguments.models
    table: Floats = np.load(folder / "synthesizer_speakers.npy")
    listener = Listener(folder, arguments.threads)
    voices = listen(listener, table, folder / "adapter_voices.npy")

    held_out = np.random.default_rng(SEED).permutation(len(table))[:HELD_OUT]
    fitted, kept = voices.of(np.setdiff1d(np.arange(len(table)), held_out)), voices.of(held_out)
    x, kept_x = features(fitted.embedding, fitted.prosody), features(kept.embedding, kept.prosody)
    scores: dict[float, float] = {}
    for penalty in PENALTIES:
        weights, offset = ridge(x, fitted.g.astype(np.float64), penalty)
        scores[penalty] = explained(kept.g.astype(np.float64), kept_x @ weights + offset)
        print(f"penalty {penalty:9.1f}  R² of held-out voices {scores[penalty]:.3f}")
    best = max(scores, key=lambda penalty: scores[penalty])
    weights, offset = ridge(x, fitted.g.astype(np.float64), best)
    estimates = (kept_x @ weights + offset).astype(np.float32)
    judge = Judge(folder / "eres2net.onnx", arguments.threads)
    for name, value in figures(listener, judge, kept, estimates, table.mean(axis=0), SEED).items():
        print(f"{name:58} {value:.3f}")
    everything = features(voices.embedding, voices.prosody)
    content = to_onnx(*ridge(everything, voices.g.astype(np.float64), best * len(voices.voice) / len(fitted.voice)))
    arguments.output.write_bytes(content)


if __name__ == "__main__":
    main()
