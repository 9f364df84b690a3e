"""Train the adapter: learn how the heard voice follows the speaker vector, then solve for the vector of a voice.

    python -m models.adapter.train --corpus CORPUS [--models .cache/models]

Thousands of voices, the synthesizer's own and mixtures of them, say two seconds each (`train_voices`). A linear
model of the speaker embedding as a function of the vector is fitted to them, the text's own effect apart. The
adapter is its regularised inverse, followed by a step along the pitch direction that makes the voice as high as the
person. Real people enter in two places: the mean of the train split's embeddings centres the input, and the dev
split, heard by an encoder that the app does not use (ERes2Net), chooses the regularisation.

About 40 minutes on two cores; what was heard is kept beside the models, so an interrupted run goes on. Writes
`adapter.onnx` and `training.json` (curves and choices) here, and the stock voices' embeddings for the evaluation.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.adapter.fit import to_onnx
from models.adapter.people import People, read_people
from models.adapter.train_voices import SEGMENTS, Booth, Coordinates, Heard, hear_voices

Doubles = npt.NDArray[np.float64]

HERE = Path(__file__).parent
STOCK = HERE.parent / "evaluation" / "stock_embeddings.npy"
VOICES = 4_000
HELD_OUT = 400
FORWARD_PENALTY = 1_200.0
TEXT_SCALE = 30.0  # a segment's own effect on the embedding is hardly penalised
PITCH_PENALTY = 100.0
PITCH_TEXT_SCALE = 10.0
INVERSE_PENALTIES = (1e-3, 5e-4, 2.5e-4, 1.2e-4)
SEMITONES_PER_NEPER = 12 / np.log(2)


def ridge(x: Doubles, y: Doubles, penalty: float) -> Doubles:
    """Weights [inputs, outputs] that minimise |x @ weights - y|² + penalty |weights|²."""
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Forward:
    """How what is heard follows the coordinates c of a voice: embedding = mean + c @ slope, pitch = height + c @ lift.

    Pitch is 12 log2 of the median F0 in Hz.
    """

    mean: Doubles
    slope: Doubles
    height: float
    lift: Doubles


def fit_forward(heard: Heard) -> Forward:
    """The linear model of all voices that were heard."""
    text = np.eye(SEGMENTS)[heard.segment]
    c, mean = heard.coordinates, heard.embedding.mean(axis=0)
    slope = ridge(np.hstack([c, TEXT_SCALE * text]), heard.embedding - mean, FORWARD_PENALTY)[: c.shape[1]]
    voiced = np.isfinite(heard.pitch)
    height = float(heard.pitch[voiced].mean())
    inputs = np.hstack([c, PITCH_TEXT_SCALE * text])[voiced]
    return Forward(mean, slope, height, ridge(inputs, heard.pitch[voiced] - height, PITCH_PENALTY)[: c.shape[1]])


def explained(heard: Heard, held_out: Heard) -> float:
    """R² of held-out embeddings, by the model of `heard`; the text's effect is unknown to it."""
    forward = fit_forward(heard)
    error = held_out.embedding - forward.mean - held_out.coordinates @ forward.slope
    return float(1 - np.sum(error**2) / np.sum((held_out.embedding - forward.mean) ** 2))


@dataclass(frozen=True, slots=True)
class Adapter:
    """g = features @ weights + offset, of the features of `models.adapter.fit`."""

    weights: Doubles
    offset: Doubles

    def of(self, embeddings: Doubles, hertz: Doubles) -> npt.NDArray[np.float32]:
        """Speaker vectors [n, 512] of embeddings [n, 512] and median F0s [n]."""
        others = np.zeros((len(hertz), 2))
        features = np.hstack([embeddings, np.log(hertz)[:, np.newaxis], others])
        return (features @ self.weights + self.offset).astype(np.float32)


def invert(forward: Forward, centre: Doubles, coordinates: Coordinates, penalty: float) -> Adapter:
    """The adapter: least squares for the embedding's distance from `centre`, kept small, then moved in pitch.

    The pitch step is the shortest one in the coordinates, so it leaves everything else as likely as it was.
    """
    gram = forward.slope.T @ forward.slope + penalty * np.eye(forward.slope.shape[1])
    inverse = np.linalg.solve(gram, forward.slope.T)
    step = forward.lift / (forward.lift @ forward.lift)
    unmoved = np.eye(len(step)) - np.outer(forward.lift, step)
    axes = coordinates.axes
    weights = np.vstack(
        [inverse @ unmoved @ axes, SEMITONES_PER_NEPER * (step @ axes)[np.newaxis], np.zeros((2, axes.shape[1]))]
    )
    offset = coordinates.mean - (centre @ inverse @ unmoved + forward.height * step) @ axes
    return Adapter(weights, offset)


def train(heard: Heard, people: People, coordinates: Coordinates) -> tuple[Adapter, dict[str, object]]:
    """The adapter that sounds most like the dev people to ERes2Net, and the log of how it was found."""
    order = np.random.default_rng(0).permutation(len(heard.segment))
    held_out, rest = heard.rows(order[:HELD_OUT]), order[HELD_OUT:]
    curve = []
    for count in np.unique(np.linspace(500, len(rest), 6).astype(int)):
        curve.append({"voices": int(count), "explained": explained(heard.rows(rest[:count]), held_out)})
        print(f"{count:6} voices: R² of held-out embeddings {curve[-1]['explained']:.3f}")
    forward = fit_forward(heard)
    choices = []
    for penalty in INVERSE_PENALTIES:
        adapter = invert(forward, people.centre, coordinates, penalty)
        similarity, top_one = people.listen(adapter.of(people.references, people.hertz))
        choices.append({"penalty": penalty, "similarity": similarity, "top_one": top_one})
        print(f"penalty {penalty:.1e}: ERes2Net cosine to the dev people {similarity:.4f}, own first {top_one:.2f}")
    best = max(choices, key=lambda choice: choice["similarity"])["penalty"]
    log: dict[str, object] = {"voices": len(heard.segment), "curve": curve, "choices": choices, "penalty": best}
    return invert(forward, people.centre, coordinates, best), log


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the adapter.")
    parser.add_argument("--corpus", type=Path, required=True, help="holds train/ and dev/, speaker folders below")
    parser.add_argument("--models", type=Path, default=Path(".cache/models"), help="filled by models.prepare (test)")
    parser.add_argument("--voices", type=int, default=VOICES)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    coordinates = Coordinates.of(np.load(options.models / "synthesizer_speakers.npy"))
    heard = hear_voices(options.models, coordinates, options.voices, options.workers)
    people = read_people(options.corpus, options.models, Booth(options.models, coordinates))
    adapter, log = train(heard, people, coordinates)
    (HERE / "adapter.onnx").write_bytes(to_onnx(adapter.weights, adapter.offset))
    np.save(STOCK, heard.embedding[: len(coordinates.voices)].astype(np.float16))
    (HERE / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
