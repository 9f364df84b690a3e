"""What is heard of a voice, foretold from its place among the synthesizer's own: kernel ridge regression.

Of the 512 numbers of a speaker vector, a few dozen combinations decide what is heard. Which ones, and how far apart two
voices lie along each, is learned with the regression itself (the "recursive feature machine" of A. Radhakrishnan et
al., Mechanism for feature learning in neural networks, Science 383, 2024): the metric is the mean outer product of the
gradients of what the last regression foretold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.adapter.train_voices import SEED, SEGMENTS, Heard

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

AXES = 40  # that are kept: beyond them one counts less than a two-hundredth of the first
ANCHORS = 800  # voices that the regression is written in (a subset of regressors)
METRIC_VOICES = 4_000  # and of so many the metric is learned
GRADIENTS = 400  # are averaged for a metric
CHANNELS = 64  # of what is foretold, its principal components: the rest is too faint to turn a metric
POWERS = (0.75, 0.5)  # of the metric, round by round: the first, from a straight guess, must be sharpened
NOISE = 1.0  # variance of what a segment adds, against the variance of what is heard
PITCH_NOISE = 0.05
JITTER = 1e-3  # keeps anchors that lie close together from being told apart by huge weights
GUESS_PENALTY, GUESS_SMOOTHING = 1_500.0, 25  # of the linear regression that the metric starts from; coordinates
SEGMENT_SHRINKAGE = 2.0  # voices by which a segment's mean is drawn to that of all


@dataclass(frozen=True, slots=True)
class Forward:
    """A voice at c [512] lies at z = c @ axes @ diag(scale); it is heard as level + exp(-|z - anchors|²/2) @ weights.

    Side by side: the app's embedding, ERes2Net's, and the pitch, 12 log2 of the median F0 in Hz. `rest` [2] is the
    power of either embedding that is not foretold.
    """

    axes: Doubles  # [512, k], orthonormal
    scale: Doubles  # [k]
    anchors: Doubles  # [m, k]
    weights: Doubles  # [m, d]
    level: Doubles  # [d]
    rest: Doubles

    def of(self, coordinates: Doubles) -> Doubles:
        """What is heard of voices c [n, 512], [n, d]."""
        return self.level + kernel(coordinates @ self.axes * self.scale, self.anchors) @ self.weights


def kernel(one: Doubles, other: Doubles) -> Doubles:
    """exp(-|x - y|²/2) of rows x [n, k] and y [m, k], [n, m]."""
    squares = (one**2).sum(axis=1)[:, np.newaxis] + (other**2).sum(axis=1) - 2 * one @ other.T
    values: Doubles = np.exp(-0.5 * np.maximum(squares, 0))
    return values


def ridge(x: Doubles, y: Doubles, penalty: float) -> Doubles:
    """Weights [inputs, outputs] that minimise |x @ weights - y|² + penalty |weights|²."""
    return np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y).astype(np.float64)


def fit_forward(heard: Heard, axes: int = AXES) -> Forward:
    """The regression on everything that was heard, the segments' own effects apart."""
    size = heard.embedding.shape[1]
    effects = _segment_effects(heard)
    embeddings = _both(heard) - effects[heard.segment]
    level = effects.mean(axis=0)
    basis, scale = _metric(heard.coordinates, embeddings)
    basis, scale = basis[:, :axes], scale[:axes]
    z = heard.coordinates @ basis * scale
    anchors = z[np.random.default_rng(SEED).permutation(len(z))[:ANCHORS]]
    among, all_of_them = kernel(anchors, anchors), kernel(anchors, z)
    weights = _regress(among, all_of_them, embeddings, NOISE)
    voiced = np.isfinite(heard.pitch)
    height = heard.pitch[voiced].mean()
    pitch = _regress(among, all_of_them[:, voiced], heard.pitch[voiced, np.newaxis] - height, PITCH_NOISE)
    off = ((embeddings - all_of_them.T @ weights) ** 2).mean(axis=0)
    rest = np.array([off[:size].sum(), off[size:].sum()])
    return Forward(basis, scale, anchors, np.hstack([weights, pitch]), np.append(level, height), rest)


def explained(heard: Heard, rest: Integers, held_out: Integers) -> tuple[float, float]:
    """R² of held-out embeddings (the app's encoder, ERes2Net) about their segments' means, by a model of the rest."""
    known, test = heard.rows(rest), heard.rows(held_out)
    size = known.embedding.shape[1]
    forward = fit_forward(known)
    truth = _both(test) - _segment_effects(known)[test.segment]
    off = truth - (forward.of(test.coordinates) - forward.level)[:, :-1]
    wrong, power = (off**2).sum(axis=0), (truth**2).sum(axis=0)
    return float(1 - wrong[:size].sum() / power[:size].sum()), float(1 - wrong[size:].sum() / power[size:].sum())


def _both(heard: Heard) -> Doubles:
    return np.hstack([heard.embedding, heard.listener])


def _segment_effects(heard: Heard) -> Doubles:
    """Of each segment, what voices that say it have in common in both embeddings [SEGMENTS, d]."""
    both = _both(heard)
    mean = both.mean(axis=0)
    sums, counts = np.zeros((SEGMENTS, both.shape[1])), np.bincount(heard.segment, minlength=SEGMENTS)
    np.add.at(sums, heard.segment, both - mean)
    effects: Doubles = mean + sums / (counts + SEGMENT_SHRINKAGE)[:, np.newaxis]
    return effects


def _regress(among: Doubles, kernels: Doubles, values: Doubles, noise: float) -> Doubles:
    """Weights of anchors (C. Rasmussen and C. Williams, Gaussian processes for machine learning, 2006, eq. 8.11)."""
    gram = kernels @ kernels.T + noise * (among + JITTER * np.eye(len(among)))
    return np.linalg.solve(gram, kernels @ values).astype(np.float64)


def _metric(coordinates: Doubles, values: Doubles) -> tuple[Doubles, Doubles]:
    """Orthonormal axes [512, 512], by falling importance, and how much each counts: a usual voice lies 1 away."""
    chance = np.random.default_rng([SEED, 3])
    some = chance.permutation(len(coordinates))[:METRIC_VOICES]
    c, y = coordinates[some], values[some]
    transform = np.diag(_first_guess(c, y))
    for power in POWERS:
        z = c @ transform
        near = kernel(z, z)
        weights = np.linalg.solve(near + NOISE * np.eye(len(z)), y)
        foretold = near @ weights
        weights = weights @ np.linalg.eigh(foretold.T @ foretold)[1][:, -CHANNELS:]
        rows = chance.permutation(len(z))[:GRADIENTS]
        product = np.zeros((c.shape[1], c.shape[1]))
        for row in rows:
            pull = near[row][:, np.newaxis] * weights
            slope = transform @ (z.T @ pull - np.outer(z[row], pull.sum(axis=0)))
            product += slope @ slope.T
        strength, axes = np.linalg.eigh(product)
        strength, axes = strength[::-1], axes[:, ::-1]
        scale = np.maximum(strength / strength[0], 1e-12) ** power
        scale /= np.linalg.norm(scale)
        transform = axes * scale @ axes.T
    return axes, scale


def _first_guess(c: Doubles, y: Doubles) -> Doubles:
    """How much each coordinate counts in a linear regression, its neighbours averaged."""
    strength = (ridge(c, y, GUESS_PENALTY) ** 2).sum(axis=1)
    around = np.pad(strength, GUESS_SMOOTHING // 2, mode="edge")
    power = np.convolve(around, np.ones(GUESS_SMOOTHING) / GUESS_SMOOTHING, "valid")
    guess: Doubles = np.sqrt(power / power.sum())
    return guess
