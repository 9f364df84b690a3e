"""How close the adapter's voices come, by an encoder that it does not use (ERes2Net)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample
from models.adapter.voices import Floats, Listener, Voices
from models.contract import ENCODER_SAMPLE_RATE, SYNTHESIS_SAMPLE_RATE
from models.runner import session


class Judge:
    """ERes2Net: two recordings in, cosine of their embeddings out."""

    def __init__(self, path: Path, threads: int) -> None:
        self._session = session(path, threads)

    def embed(self, recording: Samples) -> Floats:
        """Unit vector [192] of a recording at 16 kHz."""
        embedding: Floats = self._session.run(["embedding"], {"waveform": recording[np.newaxis]})[0][0]
        return embedding


def figures(
    listener: Listener, judge: Judge, kept: Voices, estimates: Floats, mean_voice: Floats, seed: int
) -> dict[str, float]:
    """What is reached for voices held out of the fit: `estimates` [n, 512] of each row of `kept`, resynthesized.

    The clone of each voice and the voice itself read again; both are compared with a recording of every voice.
    """
    rows = range(len(kept.voice))
    chance = np.random.default_rng([seed, 1])
    own = [listener.record(kept.g[row], chance) for row in rows]
    again = [listener.record(kept.g[row], chance) for row in rows]
    clones = [listener.record(estimates[row], chance) for row in rows]
    reference = np.array([judge.embed(_heard(recording)) for recording in own])
    ceiling, matched = (np.array([judge.embed(_heard(r)) for r in group]) @ reference.T for group in (again, clones))
    floor = judge.embed(_heard(listener.record(mean_voice, chance))) @ reference.T
    f0 = np.log2([[listener.hear(recording)[1][0] for recording in group] for group in (own, clones)])
    others = ~np.eye(len(rows), dtype=bool)
    return {
        "cosine, the voice itself in another recording": float(np.diag(ceiling).mean()),
        "cosine, its clone": float(np.diag(matched).mean()),
        "cosine, clones of other voices": float(matched[others].mean()),
        "cosine, the mean voice": float(floor.mean()),
        "share of clones closest to their own voice of all held out": _own_first(matched),
        "correlation of log F0, voice and clone": float(np.corrcoef(f0)[0, 1]),
        "median error of F0, semitones": float(np.median(np.abs(12 * (f0[0] - f0[1])))),
    }


def _heard(recording: Samples) -> Samples:
    return resample(recording, SYNTHESIS_SAMPLE_RATE, ENCODER_SAMPLE_RATE)


def _own_first(cosines: npt.NDArray[np.float32]) -> float:
    return float(np.mean(cosines.argmax(axis=1) == np.arange(len(cosines))))
