"""Sound with our marks on it, intact or worn down, for tests of what looks for them."""

from __future__ import annotations

import io

import av
import numpy as np
import numpy.typing as npt
import soundfile

from frontend.audio import resample
from models.contract import SYNTHESIS_SAMPLE_RATE
from server.credentials import Credentials
from server.files import File
from server.marking import MarkingModel, mark
from tests.recordings import DATA

Samples = npt.NDArray[np.float32]
RATE = SYNTHESIS_SAMPLE_RATE
SIDE = 64  # pixels


def voice(seconds: int = 7) -> Samples:
    """So many seconds of a real voice, unmarked, at the synthesizer's rate."""
    samples, rate = soundfile.read(DATA / "2961-961-0010.flac", dtype="float32")
    return resample(samples, rate, RATE)[: seconds * RATE]


def partly_marked(model: MarkingModel, first: int, seconds: int = 7) -> Samples:
    """The voice, marked from second `first` on."""
    speech = voice(seconds)
    return np.concatenate([speech[: first * RATE], mark(model, speech, RATE)[first * RATE :]])


def worn_down(model: MarkingModel) -> Samples:
    """Marked, with its phases turned so far that the coded mark is gone and Perth's alone remains."""
    marked = mark(model, voice(), RATE)
    spectrum = np.fft.rfft(marked)
    hertz = np.fft.rfftfreq(len(marked), 1 / RATE)
    knots = hertz[:: len(hertz) // 400]
    turns = 3 * np.random.default_rng(3).standard_normal(len(knots))
    spectrum *= np.exp(1j * np.interp(hertz, knots, turns))
    return np.fft.irfft(spectrum, len(marked)).astype(np.float32)


def film(samples: Samples) -> bytes:
    """An MP4 with a moving picture and that sound."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as writer:
        picture = writer.add_stream("mpeg4", rate=10)
        sound = writer.add_stream("aac", rate=RATE)
        assert isinstance(picture, av.VideoStream) and isinstance(sound, av.AudioStream)
        picture.width = picture.height = SIDE
        picture.pix_fmt = "yuv420p"
        sound.layout = "mono"
        sound.bit_rate = 64_000
        for number in range(10 * len(samples) // RATE):
            still = np.full((SIDE, SIDE, 3), 20 * number % 256, np.uint8)
            writer.mux(picture.encode(av.VideoFrame.from_ndarray(still, format="rgb24")))
        writer.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = RATE
        resampler = av.AudioResampler(sound.format, "mono", RATE, sound.frame_size)
        for piece in (*resampler.resample(frame), *resampler.resample(None), None):
            writer.mux(sound.encode(piece))
    return file.getvalue()


def signed_file(samples: Samples, response_format: str, credentials: Credentials) -> bytes:
    """A whole file as the server makes it."""
    file = File(response_format, "en")
    file.write(samples)
    return file.close(credentials)
