"""How loud speech comes out: one gain for a whole stream, and a ceiling that nothing passes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

CEILING = 10 ** (-1 / 20)  # -1 dBFS
KNEE = 10 ** (-2 / 20)  # below it the limiter is the identity


def limit(samples: Floats) -> Floats:
    """Samples below KNEE as they are, those above bent smoothly so as never to reach CEILING.

    Without memory: a piece is limited the same whatever came before, so pieces join as they were.
    """
    excess = np.abs(samples) - KNEE
    span = CEILING - KNEE
    bent = np.sign(samples) * (KNEE + span * np.tanh(excess / span))
    return np.where(excess > 0, bent, samples).astype(np.float32)
