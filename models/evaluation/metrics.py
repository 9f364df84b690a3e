"""The figures of the report, as plain functions of embeddings, words and frequencies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

RESAMPLES = 2_000
CONFIDENCE = 0.95


def unit(vectors: npt.ArrayLike) -> Doubles:
    """Vectors [..., D] at length 1."""
    values = np.asarray(vectors, np.float64)
    result: Doubles = values / np.linalg.norm(values, axis=-1, keepdims=True)
    return result


def pooled(vectors: npt.ArrayLike) -> Doubles:
    """One voice of several recordings [K, D]: the mean of their unit vectors, at length 1 [D]."""
    return unit(unit(vectors).mean(axis=0))


def matched(similarity: Doubles) -> Doubles:
    """Of cosines [N, N] of voice i to person j: each voice to its own person [N]."""
    return np.diag(similarity)


def mismatched(similarity: Doubles, alike: Booleans) -> Doubles:
    """Each voice to other people for whom `alike` [N, N] holds, on average [N]; NaN for one who has no such other."""
    others = alike & ~np.eye(len(alike), dtype=bool)
    count = others.sum(axis=1)
    total = np.where(others, similarity, 0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def mean(values: Doubles) -> float:
    """The mean of what is known; NaN stands for people with nothing to compare, such as the only one of their sex."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def share(matched_: Doubles, floor: Doubles, ceiling: Doubles) -> float:
    """How far the mean goes from the mean floor (0) to the mean ceiling (1)."""
    low = mean(floor)
    return (mean(matched_) - low) / (mean(ceiling) - low)


def top_one(similarity: Doubles) -> Doubles:
    """1 for each voice that is closer to its own person than to any other of the N, else 0 [N]."""
    own: Booleans = similarity.argmax(axis=1) == np.arange(len(similarity))
    return own.astype(np.float64)


def equal_error_rate(genuine: Doubles, impostor: Doubles) -> float:
    """The rate at which a threshold refuses as many genuine trials as it accepts impostors, between 0 and 1."""
    thresholds = np.unique(np.concatenate([genuine, impostor]))
    thresholds = np.append(thresholds, np.inf)
    refused = np.searchsorted(np.sort(genuine), thresholds, side="left") / len(genuine)
    accepted = 1 - np.searchsorted(np.sort(impostor), thresholds, side="left") / len(impostor)
    crossing = int(np.argmax(refused >= accepted))
    if crossing == 0:
        return float((refused[0] + accepted[0]) / 2)
    before, after = (refused - accepted)[crossing - 1 : crossing + 1]
    weight = before / (before - after)
    return float(refused[crossing - 1] + weight * (refused[crossing] - refused[crossing - 1]))


def interval(count: int, statistic: Callable[[npt.NDArray[np.int64]], float], seed: int = 0) -> tuple[float, float]:
    """The percentile bootstrap over people: 95 % of `statistic(indices)` for resampled indices [count] lie within.

    B. Efron (1979). Resamples for which the statistic is not finite say nothing and are left out.
    """
    generator = np.random.default_rng(seed)
    values = np.array([statistic(generator.integers(0, count, count)) for _ in range(RESAMPLES)])
    values = values[np.isfinite(values)]
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2))
    return float(low), float(high)


def edit_distance(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Fewest words inserted, deleted or replaced (V. Levenshtein, 1966)."""
    row = list(range(len(hypothesis) + 1))
    for i, expected in enumerate(reference, start=1):
        diagonal, row[0] = row[0], i
        for j, heard in enumerate(hypothesis, start=1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (expected != heard))
    return row[-1]


def semitones(frequency: npt.ArrayLike, reference: npt.ArrayLike) -> Doubles:
    """How far a frequency lies above a reference."""
    return 12 * np.log2(np.asarray(frequency, np.float64) / np.asarray(reference, np.float64))


def correlation(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Pearson's r over the pairs that are finite; NaN for fewer than three."""
    first, second = np.asarray(x, np.float64), np.asarray(y, np.float64)
    finite = np.isfinite(first) & np.isfinite(second)
    return float(np.corrcoef(first[finite], second[finite])[0, 1]) if finite.sum() > 2 else float("nan")
