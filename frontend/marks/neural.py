"""Perth's mark: its decoder's score for each second, near 1 where the mark is and near 0 elsewhere."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

from frontend.speaker import Runner
from models.watermark.spectrum import FRAMES_PER_SECOND, NEURAL_BINS, ComplexArray, FloatArray, levels

BRANCHES = {"slow": 1.25, "normal": 1.0, "fast": 0.75}  # how far each branch of Perth's decoder stretches time
BATCH_SECONDS = 20  # what the decoder sees at once


async def find_neural(
    spectrum: ComplexArray, audible: npt.NDArray[np.bool_], decoder: Runner
) -> tuple[FloatArray, float]:
    """Perth's score for each second [S], and over all that is audible."""
    count = len(audible)
    scores = np.zeros((count, len(BRANCHES), 2), np.float32)  # mean attention and presence of each branch
    for first in range(0, count, BATCH_SECONDS):
        last = min(first + BATCH_SECONDS, count)
        stop = last * FRAMES_PER_SECOND if last < count else len(spectrum)
        seen = levels(spectrum[first * FRAMES_PER_SECOND : stop, :NEURAL_BINS]).T
        feeds = {name: _stretched(seen, factor)[np.newaxis] for name, factor in BRANCHES.items()}
        outputs = await decoder.run(feeds)
        for branch, name in enumerate(BRANCHES):
            frames = outputs[f"{name}_scores"][0]
            edges = np.linspace(0, frames.shape[1], last - first + 1).astype(int)
            for second, (a, b) in enumerate(itertools.pairwise(edges), first):
                scores[second, branch] = frames[:, a:b].mean(axis=1)
    whole = _attended(scores[audible].mean(axis=0)) if audible.any() else np.float32(0)
    return np.where(audible, _attended(scores), 0).astype(np.float32), float(whole)


def _attended(scores: FloatArray) -> FloatArray:
    """Presence of the branches [..., 3, 2] weighted by their attention, held to [0, 1]."""
    weights = np.exp(scores[..., 0] - scores[..., 0].max(axis=-1, keepdims=True))
    presence = (weights * scores[..., 1]).sum(axis=-1) / weights.sum(axis=-1)
    return np.asarray(presence.clip(0, 1), np.float32)


def _stretched(frames: FloatArray, factor: float) -> FloatArray:
    """Linear interpolation of [bins, T] to int(T * factor) frames, ends kept (align_corners)."""
    position = np.linspace(0, frames.shape[1] - 1, int(frames.shape[1] * factor))
    before = np.minimum(position.astype(int), frames.shape[1] - 2)
    weight = (position - before).astype(np.float32)
    return np.asarray(frames[:, before] * (1 - weight) + frames[:, before + 1] * weight, np.float32)
