"""Train the adapter: learn how the heard voice follows the speaker vector, then solve for the vector of a voice.

    python -m models.adapter.train --corpus CORPUS [--models .cache/models]

Voices say two seconds each and are heard by two encoders, the app's and ERes2Net (`train_voices`): first the
synthesizer's own and mixtures of them; then, turn by turn, those that the adapter of the turn before makes for the
people of CORPUS/train, and a little off them, so that the fit is good where clones really lie.

A linear model of both embeddings and of the pitch is fitted to what was heard, the effects of the text and of the turn
apart. The adapter is its inverse: the vector whose voice comes closest to the person in both embeddings, in the metric
of what differs between recordings of one person (within-class covariance normalisation, A. Hatch et al., 2006), kept
small. Only the app's encoder hears the person; what ERes2Net would hear is predicted from it. A last step along the
pitch direction makes the voice as high as the person.

About 20 minutes of one core; what was heard is kept beside the models, so an interrupted run goes on. Writes
`adapter.onnx`, `training.json` (its curves) and `stock_embeddings.npy` (for the evaluation) to a folder of their own:
what ships is replaced by hand, with its report. The card says how these weights compare with those.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.adapter.fit import to_onnx
from models.adapter.people import Moments, People, moments, read_people
from models.adapter.train_voices import SEED, SEGMENTS, Coordinates, Heard, Studio, mixture

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

HELD_OUT = 250  # voices, for the curve
TEXT_SCALE = 30.0  # a segment's own effect on the embedding is hardly penalised
PITCH_PENALTY = 100.0
PITCH_TEXT_SCALE = 10.0
PREDICTION_PENALTY = 1.0
WITHIN_FLOOR = 1.0  # of the metric, against the mean variance within a person
JITTER = 0.35  # of a mixture that is added to a person's voice
SEMITONES_PER_NEPER = 12 / np.log(2)


@dataclass(frozen=True, slots=True)
class Settings:
    """Of a fit: its penalty, how much ERes2Net counts, the mean length of the vectors (a voice of the table: 22.6).

    `voice_weight` is that of a synthetic voice against a person's recording where ERes2Net's opinion is predicted.
    """

    forward_penalty: float
    listener: float
    voice_weight: float
    length: float


@dataclass(frozen=True, slots=True)
class Turn:
    """So many voices are drawn around the adapter's answers with these settings, and the first of them heard."""

    settings: Settings
    drawn: int
    heard: int


USUAL = 1_000  # voices of the first turn
TURNS = (Turn(Settings(1_200, 0, 0, 21), 800, 480), Turn(Settings(800, 1, 0, 24), 1_600, 1_080))
FINAL = Settings(1_200, 1, 0.3, 24)


@dataclass(frozen=True, slots=True)
class Forward:
    """How what is heard follows the coordinates c of a voice, text and turn apart.

    Both embeddings, side by side, change by c @ slope; the pitch, 12 log2 of the median F0 in Hz, is height + c @ lift.
    """

    slope: Doubles  # [512, 512 + 192]
    height: float
    lift: Doubles


def ridge(x: Doubles, y: Doubles, penalty: float, weight: Doubles | None = None) -> Doubles:
    """Weights [inputs, outputs] that minimise |x @ weights - y|² + penalty |weights|², rows weighted when asked."""
    weighted = x if weight is None else x * weight[:, np.newaxis]
    return np.linalg.solve(weighted.T @ x + penalty * np.eye(x.shape[1]), weighted.T @ y).astype(np.float64)


def effects(heard: Heard, turns: Integers, scale: float) -> Doubles:
    """Which segment each voice said, and in which turn: [n, SEGMENTS + turns]."""
    return np.hstack([scale * np.eye(SEGMENTS)[heard.segment], scale * np.eye(turns.max() + 1)[turns]])


def fit_forward(heard: Heard, turns: Integers, penalty: float) -> Forward:
    """The linear model of all voices that were heard; the pitch's height is that of the last turn."""
    c, y = heard.coordinates, np.hstack([heard.embedding, heard.listener])
    slope = ridge(np.hstack([c, effects(heard, turns, TEXT_SCALE)]), y - y.mean(axis=0), penalty)[: c.shape[1]]
    voiced = np.isfinite(heard.pitch)
    height = float(heard.pitch[voiced].mean())
    inputs = np.hstack([c, effects(heard, turns, PITCH_TEXT_SCALE)])[voiced]
    pitch = ridge(inputs, heard.pitch[voiced] - height, PITCH_PENALTY)
    return Forward(slope, height + PITCH_TEXT_SCALE * float(pitch[-1]), pitch[: c.shape[1]])


def explained(heard: Heard, turns: Integers, rest: Integers, held_out: Integers, penalty: float) -> tuple[float, float]:
    """R² of held-out embeddings (the app's encoder, ERes2Net) about their means, by a model of the rest."""
    forward = fit_forward(heard.rows(rest), turns[rest], penalty)
    test = heard.rows(held_out)
    effect = effects(test, turns[held_out], 1.0)
    aside = np.eye(len(effect)) - effect @ np.linalg.pinv(effect)
    truth = aside @ np.hstack([test.embedding, test.listener])
    error = (truth - aside @ test.coordinates @ forward.slope) ** 2
    size = test.embedding.shape[1]
    own, other = (1 - error[:, part].sum() / (truth[:, part] ** 2).sum() for part in (slice(size), slice(size, None)))
    return float(own), float(other)


def predict_listener(real: Moments, heard: Heard, turns: Integers, voice_weight: float) -> Doubles:
    """Weights [512, 192]: what ERes2Net hears of a person, about its mean, from one embedding about its mean."""
    effect = effects(heard, turns, 1.0)
    aside = np.linalg.pinv(effect)
    x, y = (part - effect @ (aside @ part) for part in (heard.embedding, heard.listener))
    weight = np.concatenate([np.ones(len(real.embedding)), np.full(len(x), voice_weight)])
    inputs, outputs = np.vstack([real.embedding, x]), np.vstack([real.listener, y])
    return ridge(inputs, outputs, PREDICTION_PENALTY, weight)


@dataclass(frozen=True, slots=True)
class Adapter:
    """c = (embedding - centre) @ inverse, then moved in pitch by the shortest step in the coordinates."""

    centre: Doubles
    inverse: Doubles
    forward: Forward

    @property
    def step(self) -> Doubles:
        """A semitone up."""
        lift = self.forward.lift
        step: Doubles = lift / (lift @ lift)
        return step

    def of(self, embeddings: Doubles, hertz: Doubles) -> Doubles:
        """Coordinates [n, 512] of embeddings [n, 512] and median F0s [n]."""
        c = (embeddings - self.centre) @ self.inverse
        wanted = 12 * np.log2(hertz) - self.forward.height
        moved: Doubles = c + np.outer(wanted - c @ self.forward.lift, self.step)
        return moved

    def weights(self, coordinates: Coordinates) -> tuple[Doubles, Doubles]:
        """Weights and offset of g as a function of the features of `models.adapter.fit`."""
        unmoved = self.inverse @ (np.eye(len(self.step)) - np.outer(self.forward.lift, self.step))
        pitch = SEMITONES_PER_NEPER * (self.step @ coordinates.axes)[np.newaxis]
        weights = np.vstack([unmoved @ coordinates.axes, pitch, np.zeros((2, pitch.shape[1]))])
        offset = coordinates.mean - (self.centre @ unmoved + self.forward.height * self.step) @ coordinates.axes
        return weights, offset


def invert(forward: Forward, real: Moments, listener: Doubles, weight: float) -> Adapter:
    """The adapter of a forward model; `listener` is what `predict_listener` gives, `weight` how much it counts.

    The penalty on the coordinates equals the mean weight of what is heard.
    """
    size = real.embedding.shape[1]
    own, other = forward.slope[:, :size], forward.slope[:, size:]
    own_metric, other_metric = (_metric(real.within[part, part]) for part in (slice(size), slice(size, None)))
    gram = own @ own_metric @ own.T + weight * other @ other_metric @ other.T
    seen = own @ own_metric + weight * other @ other_metric @ listener.T
    penalty = np.trace(gram) / len(gram)
    inverse = np.linalg.solve(gram + penalty * np.eye(len(gram)), seen).T
    return Adapter(real.centre, inverse, forward)


def _metric(within: Doubles) -> Doubles:
    """What differs between recordings of one person counts little; [d, d]."""
    size = len(within)
    return np.linalg.inv(within / np.trace(within) * size + WITHIN_FLOOR * np.eye(size)).astype(np.float64)


def train(heard: Heard, turns: Integers, real: Moments, settings: Settings) -> Adapter:
    """The adapter of everything heard so far."""
    forward = fit_forward(heard, turns, settings.forward_penalty)
    listener = predict_listener(real, heard, turns, settings.voice_weight)
    return invert(forward, real, listener, settings.listener)


def stretch(adapter: Adapter, real: Moments, length: float) -> Adapter:
    """The adapter with vectors of that mean length, before their step in pitch: the fit has drawn them to the mean."""
    now = np.linalg.norm(real.embedding @ adapter.inverse, axis=1).mean()
    return replace(adapter, inverse=adapter.inverse * length / now)


def around(
    adapter: Adapter, people: People, coordinates: Coordinates, number: int, turn: Turn
) -> tuple[Doubles, Integers]:
    """Voices [heard, 512] that the adapter makes of people's recordings, a little off; and the recordings' rows."""
    chance = np.random.default_rng([SEED, 2, number])
    rows = np.concatenate([chance.permutation(len(people.hertz)) for _ in range(number + 1)])[: turn.drawn]
    c = adapter.of(people.embedding[rows], people.hertz[rows])
    c = c * turn.settings.length / np.linalg.norm(c, axis=1).mean()
    voices = coordinates.voices

    def pick() -> Doubles:
        own: Doubles = voices[chance.integers(len(voices))]
        return own

    off = np.array([mixture(pick(), pick(), chance) for _ in rows])
    return (c + JITTER * off)[: turn.heard], rows[: turn.heard]


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
        turns = np.zeros(USUAL, np.int64)
        for number, turn in enumerate(TURNS, 1):
            voices, rows = around(train(heard, turns, real, turn.settings), people, coordinates, number, turn)
            more = studio.hear(f"people{number}", voices)
            curve.append({"turn": number, "voices": len(turns), **closeness(more, people, rows)})
            print(curve[-1])
            heard, turns = heard + more, np.concatenate([turns, np.full(turn.heard, number)])
    learning = learning_curve(heard, turns)
    adapter = stretch(train(heard, turns, real, FINAL), real, FINAL.length)
    (output / "adapter.onnx").write_bytes(to_onnx(*adapter.weights(coordinates)))
    log = {"people": len(np.unique(people.person)), "recordings": len(people.person), "turns": curve, "fit": learning}
    (output / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")


def closeness(heard: Heard, people: People, rows: Integers) -> dict[str, float]:
    """Mean cosine of each voice to the recording of a person that it was made for, by both encoders."""
    return {
        "embedding": float((heard.embedding * people.embedding[rows]).sum(axis=1).mean()),
        "listener": float((heard.listener * people.listener[rows]).sum(axis=1).mean()),
    }


def learning_curve(heard: Heard, turns: Integers) -> list[dict[str, float]]:
    """How well held-out voices of the last turn are foretold by ever more of the others, in the order of the turns."""
    held_out = np.flatnonzero(turns == turns.max())[-HELD_OUT:]
    curve = []
    for count in np.linspace(500, held_out[0], 5).astype(int):
        own, other = explained(heard, turns, np.arange(count), held_out, FINAL.forward_penalty)
        curve.append({"voices": int(count), "embedding": own, "listener": other})
        print(f"{count:6} voices: R² of held-out embeddings {own:.3f}, by ERes2Net {other:.3f}")
    return curve


if __name__ == "__main__":
    main()
