"""Phonemes and a speaker vector in, waveform out, chunk by chunk.

Blocking and thread-safe: one warm `Synthesizer` serves concurrent callers, each with its own random
generator, so that what one hears never depends on the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from models.runner import session

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

SAMPLES_PER_FRAME = 256
CONTEXT_FRAMES = 11  # how far, on either side, the decoder sees; `tests/models/test_synthesizer.py` derives it
FLOW_CONTEXT_FRAMES = 32  # and the flow: four couplings of four convolutions that see two frames further each
FLOW_AHEAD_FRAMES = 256  # the flow runs ahead of the decoder by so much, once the first piece is out

# The published voice's own settings.
NOISE_SCALE = 0.333
DURATION_NOISE_SCALE = 0.333


@dataclass(frozen=True, slots=True)
class Prior:
    """What a sentence is drawn from: mean, log_std and noise float32 [1, 192, T], and each phoneme's share of T."""

    mean: Floats
    log_std: Floats
    noise: Floats
    noise_scale: float
    durations: Integers


@dataclass(frozen=True, slots=True)
class Latent:
    """A sentence before it is heard: z float32 [1, 192, T], and how many of the T frames each phoneme takes."""

    z: Floats
    durations: Integers


class Synthesizer:
    """The three networks of `models.synthesizer.convert`, loaded from the folder that holds them."""

    def __init__(self, folder: Path, threads: int) -> None:
        self._encoder, self._flow, self._decoder = (
            session(folder / f"synthesizer_{part}.onnx", threads) for part in ("encoder", "flow", "decoder")
        )

    def prior(
        self,
        phoneme_ids: Integers,
        g: Floats,
        noise: np.random.Generator,
        length_scale: float = 1.0,
        noise_scale: float = NOISE_SCALE,
        duration_noise_scale: float = DURATION_NOISE_SCALE,
        stretch: float = 1.0,
    ) -> Prior:
        """One sentence, phoneme_ids int64 [N] and g float32 [1, 512]; a length_scale of 2 speaks about half as fast.

        The network rounds each phoneme up to whole frames, so that what is fast comes out too slow; `stretch` scales
        the finished durations instead, their sum to the nearest frame. All chance comes from `noise`: an equally
        seeded generator gives the same speech bit for bit.
        """
        mean, log_std, durations = self._encoder.run(
            ["mean", "log_std", "durations"],
            {
                "phoneme_ids": phoneme_ids[np.newaxis],
                "g": g,
                "length_scale": np.array(length_scale, np.float32),
                "duration_noise_scale": np.array(duration_noise_scale, np.float32),
                "duration_noise": noise.standard_normal((1, 2, len(phoneme_ids)), np.float32),
            },
        )
        durations = np.diff(np.rint(np.cumsum(durations) * stretch), prepend=0).astype(np.int64)
        return Prior(
            np.repeat(mean, durations, axis=2),
            np.repeat(log_std, durations, axis=2),
            noise.standard_normal((1, mean.shape[1], int(durations.sum())), np.float32),
            noise_scale,
            durations,
        )

    def encode(
        self,
        phoneme_ids: Integers,
        g: Floats,
        noise: np.random.Generator,
        length_scale: float = 1.0,
        noise_scale: float = NOISE_SCALE,
        duration_noise_scale: float = DURATION_NOISE_SCALE,
    ) -> Latent:
        """The whole latent of a sentence; the arguments are those of `prior`."""
        prior = self.prior(phoneme_ids, g, noise, length_scale, noise_scale, duration_noise_scale)
        return Latent(self._flow_part(prior, g, 0, prior.noise.shape[2]), prior.durations)

    def decode(self, z: Floats, g: Floats, chunk_frames: Iterator[int] | None = None) -> Iterator[Floats]:
        """The waveform float32 [256 T] of z [1, 192, T], in pieces of `chunk_frames` frames; whole when None.

        Each piece is decoded with the context that the decoder sees, so that the pieces join without
        a seam: together they are the whole, to the last bits of a float.
        """
        for start, stop in _pieces(z.shape[2], chunk_frames):
            yield self._decode_part(z, g, start, stop)

    def stream(self, prior: Prior, g: Floats, chunk_frames: Iterator[int]) -> Iterator[Floats]:
        """The waveform of a sentence in pieces of `chunk_frames` frames, each made only when it is asked for.

        The flow, too, runs piece by piece, so that the first is heard long before a long sentence is through.
        """
        frames = prior.noise.shape[2]
        z = np.empty_like(prior.noise)
        ready = 0
        for start, stop in _pieces(frames, chunk_frames):
            needed = min(stop + CONTEXT_FRAMES, frames)
            if ready < needed:
                until = min(needed + FLOW_AHEAD_FRAMES, frames) if start else needed
                z[:, :, ready:until] = self._flow_part(prior, g, ready, until)
                ready = until
            yield self._decode_part(z, g, start, stop)

    def _flow_part(self, prior: Prior, g: Floats, start: int, stop: int) -> Floats:
        first, last = max(start - FLOW_CONTEXT_FRAMES, 0), min(stop + FLOW_CONTEXT_FRAMES, prior.noise.shape[2])
        z: Floats
        (z,) = self._flow.run(
            ["z"],
            {
                "frame_mean": prior.mean[:, :, first:last],
                "frame_log_std": prior.log_std[:, :, first:last],
                "noise": prior.noise[:, :, first:last],
                "noise_scale": np.array(prior.noise_scale, np.float32),
                "g": g,
            },
        )
        return z[:, :, start - first : stop - first]

    def _decode_part(self, z: Floats, g: Floats, start: int, stop: int) -> Floats:
        first, last = max(start - CONTEXT_FRAMES, 0), min(stop + CONTEXT_FRAMES, z.shape[2])
        waveform: Floats
        (waveform,) = self._decoder.run(["waveform"], {"z": z[:, :, first:last], "g": g})
        return waveform[(start - first) * SAMPLES_PER_FRAME : (stop - first) * SAMPLES_PER_FRAME]


def _pieces(frames: int, sizes: Iterator[int] | None) -> Iterator[tuple[int, int]]:
    """Starts and stops; what would be left over as less than a third of a piece joins it, and saves a context."""
    start = 0
    while start < frames:
        size = frames if sizes is None else next(sizes)
        stop = frames if frames - start < size + size // 3 else start + size
        yield start, stop
        start = stop
