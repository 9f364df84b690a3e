"""The timbre filter at work: short-time spectra, each weighed by what the network says, and back to samples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.runner import session
from models.timbre.network import HOP, SEEN_FRAMES, SIZE

Floats = npt.NDArray[np.float32]

# What is between two hops lies in frames centred up to one hop off, whose gains depend on SEEN_FRAMES more on either
# side, and those on samples two hops further.
REACH = (1 + SEEN_FRAMES + SIZE // HOP // 2) * HOP

WINDOW = np.hanning(SIZE + 1)[:-1].astype(np.float32)  # periodic; its square, every HOP, sums to OVERLAP
OVERLAP = 1.5
MARGIN = SIZE // 2 + HOP  # before the first sample, so that it, too, lies in four frames


class Timbre:
    """The network, loaded from a file. Blocking and thread-safe: one serves all voices."""

    def __init__(self, path: Path) -> None:
        self._gains = session(path, threads=1)

    def of(self, samples: Floats, embedding: Floats) -> Floats:
        """Speech float32 [n HOP] at SYNTHESIS_SAMPLE_RATE, as the person of the unit embedding [512] would sound."""
        padded = np.pad(samples, MARGIN)
        frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]
        spectrum = np.fft.rfft(frames * WINDOW)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        (gain,) = self._gains.run(["gain"], {"power": power[np.newaxis], "embedding": embedding[np.newaxis]})
        shaped = (np.fft.irfft(spectrum * gain[0]) * (WINDOW / OVERLAP)).astype(np.float32)
        whole = np.zeros(len(padded), np.float32)
        for part in range(SIZE // HOP):  # every fourth frame lies beside the one before
            own = shaped[part :: SIZE // HOP].ravel()
            whole[part * HOP : part * HOP + len(own)] += own
        return whole[MARGIN:-MARGIN]

    def stream(self, pieces: Iterator[Floats], samples: int, embedding: Floats) -> Iterator[Floats]:
        """The pieces of a sentence of so many samples, filtered; all but the last wait for REACH samples of the next.

        Together they are the sentence filtered as a whole, to the last bits of a float.
        """
        held, done, heard = np.zeros(0, np.float32), 0, 0  # what is still needed, and how much of it is out already
        for piece in pieces:
            held, heard = np.concatenate([held, piece]), heard + len(piece)
            ready = len(held) if heard == samples else len(held) - REACH
            if ready > done:
                yield self.of(held, embedding)[done:ready]
                past = max(ready - REACH, 0)
                held, done = held[past:], ready - past
