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
import onnxruntime  # type: ignore[import-untyped]

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]

SAMPLES_PER_FRAME = 256
CONTEXT_FRAMES = 11  # how far, on either side, the decoder sees; `tests/models/test_synthesizer.py` derives it

# The published voice's own settings.
NOISE_SCALE = 0.333
DURATION_NOISE_SCALE = 0.333


@dataclass(frozen=True, slots=True)
class Latent:
    """A sentence before it is heard: z float32 [1, 192, T], and how many of the T frames each phoneme takes."""

    z: Floats
    durations: Integers


class Synthesizer:
    """The three networks of `models.synthesizer.convert`, loaded from the folder that holds them."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self._encoder, self._flow, self._decoder = (
            onnxruntime.InferenceSession(
                folder / f"synthesizer_{part}.onnx", options, providers=["CPUExecutionProvider"]
            )
            for part in ("encoder", "flow", "decoder")
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
        """One sentence, phoneme_ids int64 [N] and g float32 [1, 512]; a length_scale of 2 speaks half as fast.

        All chance comes from `noise`: an equally seeded generator gives the same latent bit for bit.
        """
        length = len(phoneme_ids)
        mean, log_std, durations = self._encoder.run(
            ["mean", "log_std", "durations"],
            {
                "phoneme_ids": phoneme_ids[np.newaxis],
                "g": g,
                "length_scale": np.array(length_scale, np.float32),
                "duration_noise_scale": np.array(duration_noise_scale, np.float32),
                "duration_noise": noise.standard_normal((1, 2, length), np.float32),
            },
        )
        (z,) = self._flow.run(
            ["z"],
            {
                "frame_mean": np.repeat(mean, durations, axis=2),
                "frame_log_std": np.repeat(log_std, durations, axis=2),
                "noise": noise.standard_normal((1, mean.shape[1], int(durations.sum())), np.float32),
                "noise_scale": np.array(noise_scale, np.float32),
                "g": g,
            },
        )
        return Latent(z, durations)

    def decode(self, z: Floats, g: Floats, chunk_frames: Iterator[int] | None = None) -> Iterator[Floats]:
        """The waveform float32 [256 T] of z [1, 192, T], in pieces of `chunk_frames` frames; whole when None.

        Each piece is decoded with the context that the decoder sees, so that the pieces join without
        a seam: together they are the whole, to the last bits of a float.
        """
        frames = z.shape[2]
        start = 0
        while start < frames:
            stop = frames if chunk_frames is None else min(start + next(chunk_frames), frames)
            first, last = max(start - CONTEXT_FRAMES, 0), min(stop + CONTEXT_FRAMES, frames)
            (waveform,) = self._decoder.run(["waveform"], {"z": z[:, :, first:last], "g": g})
            yield waveform[(start - first) * SAMPLES_PER_FRAME : (stop - first) * SAMPLES_PER_FRAME]
            start = stop
