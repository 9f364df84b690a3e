"""Short videos, made here: a moving picture and music under it, as a camera or a screen recorder would leave them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

SIZE = (320, 180)
RATE = 48_000
FRAMES_PER_SECOND = 25


def shoot(path: Path, seconds: float, picture: str = "libx264", sound: str = "aac") -> Path:
    """A video of that length; the container follows from the file's name."""
    with av.open(path, "w") as file:
        video = file.add_stream(picture, rate=FRAMES_PER_SECOND)
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = *SIZE, "yuv420p"
        audio = file.add_stream(sound, rate=RATE, layout="stereo")
        assert isinstance(audio, av.AudioStream)
        for number in range(round(seconds * FRAMES_PER_SECOND)):
            file.mux(video.encode(av.VideoFrame.from_ndarray(_picture(number), format="rgb24")))
        file.mux(video.encode(None))
        fifo = av.AudioFifo()
        fifo.write(_frame(music(seconds)))
        while frame := fifo.read(960, partial=True):
            frame.sample_rate = RATE
            file.mux(audio.encode(frame))
        file.mux(audio.encode(None))
    return path


def music(seconds: float) -> npt.NDArray[np.float32]:
    """A soft chord that swells, different left and right: [2, n]."""
    time = np.arange(round(seconds * RATE)) / RATE
    swell = 0.05 * (1.2 + np.sin(2 * np.pi * 0.25 * time))
    left = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 277.2))
    right = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220.0, 329.6))
    return np.stack([swell * left, swell * right]).astype(np.float32)


def _picture(number: int) -> npt.NDArray[np.uint8]:
    """A bright bar that walks over a slowly changing ground."""
    width, height = SIZE
    picture = np.full((height, width, 3), (20 + number % 60, 40, 70), np.uint8)
    at = 3 * number % (width - 24)
    picture[:, at : at + 24] = (240, 220, 150)
    return picture


def _frame(samples: npt.NDArray[np.float32]) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
    frame.sample_rate = RATE
    return frame
