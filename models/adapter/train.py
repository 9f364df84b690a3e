"""Train the adapter: learn how the heard voice follows the speaker vector, then solve for the vector of a voice.

    python -m models.adapter.train --corpus CORPUS [--models .cache/models]

Voices say two seconds each and are heard by two encoders, the app's and ERes2Net (`train_voices`): first the
synthesizer's own and mixtures of them; then those that the adapter so far makes for the people of CORPUS/train, and a
little off them, so that the fit is good where clones really lie.

What is heard is foretold from the vector's coordinates by kernel ridge regression (`forward`). The adapter is a network
that climbs to the voice which is foretold to be heard as the person (`solver`). Only the app's encoder hears the
person; what ERes2Net would hear is predicted from it.

About an hour of one core; what was heard is kept beside the models, so an interrupted run goes on. Writes
`adapter.onnx`, `training.json` (its curves) and `stock_embeddings.npy` (for the evaluation) to a folder of their own:
what ships is replaced by hand, with its report.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from models.adapter.forward import explained, fit_forward, ridge
from models.adapter.people import Moments, People, moments, read_people
from models.adapter.solver import Prediction, to_onnx
from models.adapter.train_voices import SEED, Coordinates, Heard, Studio, mixture

Doubles = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

HELD_OUT = 400  # voices of the last turn, for the curve
USUAL, AROUND = 3_000, (2_000, 1_500)  # voices of the first turn, and of those around people's clones
LENGTHS = (0.8, 1.25)  # of a voice around a clone, against the clone
JITTERS = (0.15, 0.5)  # of the mixture that is added to it
PREDICTION_PENALTY = 1.0
VOICE_WEIGHT = 0.1  # of a synthetic voice, against a person's recording


def predict_listener(real: Moments, heard: Heard) -> Prediction:
    """What ERes2Net hears of a person, from one embedding of theirs: learned of people and of synthetic voices."""
    voices = (part - part.mean(axis=0) for part in (heard.embedding, heard.listener))
    x, y = (
        np.vstack([of_people, np.sqrt(VOICE_WEIGHT) * of_voices])
        for of_people, of_voices in zip((real.embedding, real.listener), voices, strict=True)
    )
    size = real.embedding.shape[1]
    return Prediction(real.centre[:size], ridge(x, y, PREDICTION_PENALTY), real.centre[size:])


def train(heard: Heard, real: Moments, coordinates: Coordinates) -> bytes:
    """The adapter of everything heard so far, as a model."""
    return to_onnx(fit_forward(heard), predict_listener(real, heard), coordinates)


def clones(adapter: bytes, people: People) -> Floats:
    """The vectors [n, 512] that the adapter gives each recording."""
    session = onnxruntime.InferenceSession(adapter, providers=["CPUExecutionProvider"])
    rows = [
        session.run(["g"], {"embedding": embedding[np.newaxis], "prosody": np.array([[hertz, 0, 0]], np.float32)})[0][0]
        for embedding, hertz in zip(people.embedding.astype(np.float32), people.hertz, strict=True)
    ]
    return np.array(rows)


def around(centres: Doubles, coordinates: Coordinates, turn: int, count: int) -> tuple[Doubles, Integers]:
    """Voices [count, 512] near those of people's recordings, longer or shorter and a little off; and the rows."""
    chance = np.random.default_rng([SEED, 2, turn])
    rows = chance.integers(len(centres), size=count)
    pairs = coordinates.voices[chance.integers(len(coordinates.voices), size=(count, 2))]
    off = np.array([mixture(first, second, chance) * chance.uniform(*JITTERS) for first, second in pairs])
    return centres[rows] * chance.uniform(*LENGTHS, (count, 1)) + off, rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the adapter.")
    parser.add_argument("--corpus", type=Path, required=True, help="holds train/, a folder for each speaker below")
    parser.add_argument("--models", type=Path, default=Path(".cache/models"), help="filled by models.prepare (test)")
    parser.add_argument("--output", type=Path, default=Path(".cache/adapter"))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    coordinates = Coordinates.of(np.load(options.models / "synthesizer_speakers.npy"))
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    people = read_people(options.corpus / "train", options.models)
    real = moments(people)
    curve: list[dict[str, float]] = []
    with Studio(options.models, coordinates, options.workers) as studio:
        heard = studio.hear("usual", np.array([coordinates.draw(row) for row in range(USUAL)]))
        np.save(output / "stock_embeddings.npy", heard.embedding[: len(coordinates.voices)].astype(np.float16))
        for turn, count in enumerate(AROUND, 1):
            centres = coordinates.of_vectors(clones(train(heard, real, coordinates), people))
            voices, rows = around(centres, coordinates, turn, count)
            more = studio.hear(f"people{turn}", voices)
            curve.append({"turn": turn, "voices": len(heard.segment), **closeness(more, people, rows)})
            print(curve[-1])
            heard = heard + more
    log = {
        "people": len(np.unique(people.person)),
        "recordings": len(people.person),
        "turns": curve,
        "fit": learning_curve(heard),
    }
    (output / "adapter.onnx").write_bytes(train(heard, real, coordinates))
    (output / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


def closeness(heard: Heard, people: People, rows: Integers) -> dict[str, float]:
    """Mean cosine of each voice to the recording of a person that it was made for, by both encoders."""
    return {
        "embedding": float((heard.embedding * people.embedding[rows]).sum(axis=1).mean()),
        "listener": float((heard.listener * people.listener[rows]).sum(axis=1).mean()),
    }


def learning_curve(heard: Heard) -> list[dict[str, float]]:
    """How well the last voices are foretold by ever more of those before them."""
    before = len(heard.segment) - HELD_OUT
    curve = []
    for count in np.linspace(USUAL / 2, before, 4).astype(int):
        own, other = explained(heard, np.arange(count), np.arange(before, before + HELD_OUT))
        curve.append({"voices": int(count), "embedding": own, "listener": other})
        print(f"{count:6} voices: R² of held-out embeddings {own:.3f}, by ERes2Net {other:.3f}")
    return curve


if __name__ == "__main__":
    main()
