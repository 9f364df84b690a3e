"""How loud speech comes out: one gain for a whole stream, and a ceiling that nothing passes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

GAIN = 10 ** (-3 / 20)  # the synthesizer's voices peak at -3.6 dBFS (0.9 dB deviation), clones up to -0.9 dBFS
KNEE = 10 ** (-4 / 20)  # below it the limiter is the identity
CEILING = 10 ** (-2.5 / 20)  # which leaves the mark, that may raise a peak by 1.3 dB, room below full scale


def limit(samples: Floats) -> Floats:
    """Samples below KNEE as they are, those above bent smoothly so as never to reach CEILING.

    Without memory: a piece is limited the same whatever came before, so pieces join as they were.
    """
    excess = np.abs(samples, dtype=np.float64) - KNEE  # in single precision the ceiling is passed by a last bit
    span = CEILING - KNEE
    bent = np.sign(samples) * (KNEE + span * np.tanh(excess / span))
    return np.where(excess > 0, bent, samples).astype(np.float32)
