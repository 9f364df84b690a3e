"""Train the timbre filter: by which gains does a clone come closer to its person?

    python -m models.timbre.train --corpus CORPUS [--models .cache/models] [--output .cache/timbre]

Needs PyTorch besides (`pip install torch==2.13.0`), as nothing else here does. The people of CORPUS/train are cloned
from their recordings and read what others read (`clips`). The network of `network`, rebuilt with gradients, filters
what they read, and learns to bring it closer, by the app's encoder, to other recordings of the same person. Some clips
are sent towards another person of similar pitch instead: what a gain does to a voice is learned of them as well.
ERes2Net takes no part, and tells in the end, of people who were held out, whether another ear hears the difference.

Unlike a slope along the speaker vector, which moves the harmonics and is all ripple, a slope along gains is smooth.

Ten minutes of two cores for the clips, which are kept beside the models, and half an hour for the rest. Writes
`timbre.onnx` and `training.json` (its curves) to a folder of their own: what ships is replaced by hand, with its
report.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F

from models.adapter.people import People, read_people
from models.timbre.clips import SEED, Clips, read_clips
from models.timbre.encoder import Encoder
from models.timbre.filter import Timbre
from models.timbre.network import BANDS, to_onnx
from models.timbre.shaping import Filter, at_encoder_rate, new_weights

Integers = npt.NDArray[np.int64]

STEPS, TOGETHER = 2_400, 8  # clips
RATE, DECAY = 2e-3, 1e-3  # of AdamW (I. Loshchilov and F. Hutter, 2019), the rate falling to nothing as a cosine
WARM_UP = 20  # steps
LARGEST = 1.0  # of a gradient
GAIN_COST = 1e-3  # of a squared decibel, in cosine
CHANGE_COST = 1e-3  # and of one between two frames
STRANGERS = 0.3  # of the clips are sent towards another person,
NEAR = 3.0  # semitones away at most
JITTER = 0.02  # of an embedding's numbers
CURVE_STEPS = 100
HELD_OUT_PEOPLE = 40
HELD_OUT_CLIPS = 120


class Targets:
    """What a clip of each recording aims at, by both encoders: the mean of the person's other ones, or itself.

    `own` [n, 512] and `other` [n, 192], unit norm; `embedding` [n, 512] is what was heard of the recording.
    """

    def __init__(self, people: People) -> None:
        self._person, self._height = people.person, 12 * np.log2(people.hertz)
        rest = [self._rest(row) for row in range(len(people.person))]
        self.embedding, listener = (
            torch.tensor(heard, dtype=torch.float32) for heard in (people.embedding, people.listener)
        )
        self.own, self.other = (
            torch.stack([F.normalize(heard[which].mean(dim=0), dim=0) for which in rest])
            for heard in (self.embedding, listener)
        )

    def _rest(self, row: int) -> Integers:
        found = np.flatnonzero(self._person == self._person[row])
        return found[found != row] if len(found) > 1 else found

    def stranger(self, row: int, people: Integers, chance: np.random.Generator) -> int:
        """A recording of one of `people` of similar pitch."""
        near = np.abs(self._height - self._height[row]) < NEAR
        return int(chance.choice(np.flatnonzero(near & np.isin(self._person, people))))


class Training:
    """The clips, their people, and the network on its way."""

    def __init__(self, people: People, clips: Clips, models: Path) -> None:
        self._clips, self._targets, self._filter = clips, Targets(people), Filter()
        self._encoder, self._listener = (Encoder(models / name) for name in ("speaker_encoder.onnx", "eres2net.onnx"))
        chance = np.random.default_rng([SEED, 1])
        persons = chance.permutation(np.unique(people.person))
        self._known = persons[HELD_OUT_PEOPLE:]
        known = np.isin(people.person[clips.row], self._known)
        self.rows, self.held_out = np.flatnonzero(known), np.flatnonzero(~known)[:HELD_OUT_CLIPS]
        some = torch.tensor(clips.some(self.rows[:100]))
        level = self._filter.level(self._filter.spectrum(some).abs() ** 2)
        self.weights = new_weights(level.transpose(1, 2).reshape(-1, BANDS))

    def run(self) -> list[dict[str, float]]:
        """Train; the curve, by step: mean cosine to what clips aim at, and squared decibels."""
        chance = np.random.default_rng([SEED, 2])
        layers = [value for name, value in self.weights.items() if name not in ("mean", "spread")]
        descent = torch.optim.AdamW(layers, RATE, weight_decay=DECAY)
        curve: list[dict[str, float]] = []
        since = []
        for step in range(1, STEPS + 1):
            for group in descent.param_groups:
                group["lr"] = RATE * (1 + np.cos(np.pi * step / STEPS)) / 2 * min(1, step / WARM_UP)
            which = self.rows[chance.integers(len(self.rows), size=TOGETHER)]
            cosine, gain, change = self._figures(which, chance)
            descent.zero_grad()
            (GAIN_COST * gain + CHANGE_COST * change - cosine).backward()
            torch.nn.utils.clip_grad_norm_(layers, LARGEST)
            descent.step()
            since.append([float(figure.detach()) for figure in (cosine, gain)])
            if step % CURVE_STEPS == 0:
                means = np.mean(since, axis=0).tolist()
                curve.append({"step": step, **dict(zip(("cosine", "squared_decibels"), means, strict=True))})
                print(curve[-1], flush=True)
                since = []
        return curve

    def _figures(self, which: Integers, chance: np.random.Generator) -> tuple[Any, Any, Any]:
        """Of some clips: mean cosine to their aims, mean squared decibels, and those of changes between frames."""
        rows = [
            self._targets.stranger(row, self._known, chance) if chance.random() < STRANGERS else int(row)
            for row in self._clips.row[which]
        ]
        heard = self._targets.embedding[rows]
        noise = JITTER * torch.tensor(chance.standard_normal(heard.shape, np.float32))
        samples = torch.tensor(self._clips.some(which))
        filtered, raised = self._filter(self.weights, samples, F.normalize(heard + noise))
        cosine = (self._encoder(at_encoder_rate(filtered)) * self._targets.own[rows]).sum(dim=1).mean()
        return cosine, (raised**2).mean(), (raised.diff(dim=2) ** 2).mean()

    def closeness(self, timbre: Timbre | None) -> dict[str, float]:
        """Mean cosines of held-out people's clips to their other recordings, as they are or filtered."""
        spoken = self._clips.some(self.held_out)
        rows = self._clips.row[self.held_out]
        if timbre:
            people = self._targets.embedding[rows].numpy()
            spoken = np.array([timbre.of(*one) for one in zip(spoken, people, strict=True)])
        with torch.no_grad():
            heard = at_encoder_rate(torch.tensor(spoken))
            return {
                "embedding": float((self._encoder(heard) * self._targets.own[rows]).sum(dim=1).mean()),
                "listener": float((self._listener(heard) * self._targets.other[rows]).sum(dim=1).mean()),
            }


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the timbre filter.")
    parser.add_argument("--corpus", type=Path, required=True, help="holds utterances.tsv and train/")
    parser.add_argument("--models", type=Path, default=Path(".cache/models"), help="filled by models.prepare (test)")
    parser.add_argument("--output", type=Path, default=Path(".cache/timbre"))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.workers)
    people = read_people(options.corpus / "train", options.models)
    clips = read_clips(options.corpus, options.models, people, options.workers)
    training = Training(people, clips, options.models)
    curve = training.run()
    file = output / "timbre.onnx"
    file.write_bytes(to_onnx({name: value.detach().numpy() for name, value in training.weights.items()}))
    log = {
        "people": len(np.unique(people.person)) - HELD_OUT_PEOPLE,
        "clips": len(training.rows),
        "curve": curve,
        "held out, as spoken": training.closeness(None),
        "held out, filtered": training.closeness(Timbre(file)),
    }
    (output / "training.json").write_text(json.dumps(log, indent=1) + "\n", encoding="utf-8")
    print(log["held out, as spoken"], log["held out, filtered"])


if __name__ == "__main__":
    main()
