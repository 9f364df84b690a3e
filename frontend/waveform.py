"""A waveform as it is drawn: the lowest and highest sample of each of a few hundred columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples


def envelope(samples: Samples, columns: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Minimum and maximum of `columns` equal stretches of samples [n], each [columns]; 0 where there is none."""
    if not len(samples):
        return np.zeros(columns, np.float32), np.zeros(columns, np.float32)
    edges = np.linspace(0, len(samples), columns + 1).astype(np.intp)[:-1]
    starts = np.minimum(edges, len(samples) - 1)
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
