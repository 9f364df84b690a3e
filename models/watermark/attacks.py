"""What may happen to a marked sound on its way: compressed, narrowed, covered, played faster. For the benchmark."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt
import soundfile

from frontend.audio import resample
from models.contract import SYNTHESIS_SAMPLE_RATE

Samples = npt.NDArray[np.float32]
Sound = tuple[Samples, int]
Attack = Callable[[Samples], Sound]

RATE = SYNTHESIS_SAMPLE_RATE


def coded_by(codec: str, container: str, bit_rate: int, rate: int = RATE) -> Attack:
    """Encode and decode with FFmpeg's `codec`."""

    def attack(samples: Samples) -> Sound:
        file = io.BytesIO()
        with av.open(file, "w", format=container) as writer:
            stream = writer.add_stream(codec, rate=rate)
            assert isinstance(stream, av.AudioStream)
            stream.bit_rate = bit_rate
            stream.layout = "mono"
            frame = av.AudioFrame.from_ndarray(resample(samples, RATE, rate)[np.newaxis], format="flt", layout="mono")
            frame.sample_rate = rate
            resampler = av.AudioResampler(stream.format, "mono", rate, stream.frame_size or None)
            for piece in (*resampler.resample(frame), *resampler.resample(None), None):
                writer.mux(stream.encode(piece))
        file.seek(0)
        return decoded(file)

    return attack


def decoded(file: io.BytesIO) -> Sound:
    """Mono float32 of the first audio stream."""
    with av.open(file, "r") as reader:
        rate = reader.streams.audio[0].rate
        resampler = av.AudioResampler("flt", "mono", rate)
        frames = [f.to_ndarray()[0] for frame in reader.decode(audio=0) for f in resampler.resample(frame)]
    return np.concatenate(frames).astype(np.float32), rate


def level(samples: Samples) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def noise(decibels: float) -> Attack:
    """White noise so far below the speech."""

    def attack(samples: Samples) -> Sound:
        noise = np.random.default_rng(7).standard_normal(len(samples)).astype(np.float32)
        return samples + noise * (level(samples) / level(noise) * 10 ** (-decibels / 20)), RATE

    return attack


def music(decibels: float) -> Attack:
    """Music at so many dB relative to the speech."""

    def attack(samples: Samples) -> Sound:
        song = band(len(samples))
        return samples + song * (level(samples) / level(song) * 10 ** (decibels / 20)), RATE

    return attack


def band(length: int) -> Samples:
    """Chords with decaying overtones, a bass line and a beat at 100 to the minute."""
    rng = np.random.default_rng(11)
    t = np.arange(length) / RATE
    beat = 0.6
    out = np.zeros(length)
    for start in np.arange(0, length / RATE, beat):
        here = t >= start
        since = t[here] - start
        root = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        for ratio in (0.5, 1, 1.26, 1.498, 2):
            for overtone in range(1, 9):
                wave = np.sin(2 * np.pi * root * ratio * overtone * since + rng.uniform(0, 6.28))
                out[here] += wave * np.exp(-2.5 * since) / overtone**1.3
        out[here] += rng.standard_normal(len(since)) * np.exp(-35 * since) * 1.5
    return out.astype(np.float32)


def at_rate(rate: int) -> Attack:
    """Resampled, and left so."""
    return lambda samples: (resample(samples, RATE, rate), rate)


def telephone(samples: Samples) -> Sound:
    """G.711 mu-law at 8 kHz, 300 to 3400 Hz."""
    narrow = resample(samples, RATE, 8000)
    spectrum = np.fft.rfft(narrow)
    hertz = np.fft.rfftfreq(len(narrow), 1 / 8000)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    file = io.BytesIO()
    soundfile.write(file, np.fft.irfft(spectrum, len(narrow)), 8000, format="WAV", subtype="ULAW")
    file.seek(0)
    return soundfile.read(file, dtype="float32")[0], 8000


def speed(factor: float) -> Attack:
    """Played faster, pitch and all."""
    return lambda samples: (resample(samples, round(RATE * factor), RATE), RATE)


def tempo(factor: float) -> Attack:
    """Played faster at the same pitch (FFmpeg's atempo, a WSOLA)."""

    def attack(samples: Samples) -> Sound:
        graph = av.filter.Graph()
        source = graph.add_abuffer(sample_rate=RATE, format="flt", layout="mono", time_base=Fraction(1, RATE))
        stretch, sink = graph.add("atempo", str(factor)), graph.add("abuffersink")
        source.link_to(stretch)
        stretch.link_to(sink)
        graph.configure()
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate = RATE
        graph.push(frame)
        graph.push(None)
        return np.concatenate([f.to_ndarray()[0] for f in _pulled(graph)]).astype(np.float32), RATE

    return attack


def _pulled(graph: av.filter.Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = graph.pull()
            assert isinstance(frame, av.AudioFrame)
            yield frame
        except (av.error.EOFError, av.error.BlockingIOError):
            return


ATTACKS: dict[str, Attack] = {
    "none": lambda samples: (samples, RATE),
    "MP3 128 kbit/s": coded_by("libmp3lame", "mp3", 128_000),
    "MP3 64 kbit/s": coded_by("libmp3lame", "mp3", 64_000),
    "Opus 48 kbit/s": coded_by("libopus", "ogg", 48_000, 48_000),
    "Opus 24 kbit/s": coded_by("libopus", "ogg", 24_000, 48_000),
    "AAC 64 kbit/s": coded_by("aac", "mp4", 64_000, 44_100),
    "16 kHz": at_rate(16_000),
    "8 kHz": at_rate(8_000),
    "telephone (G.711)": telephone,
    "gain -20 dB": lambda samples: (samples * np.float32(0.1), RATE),
    "gain +12 dB, clipped": lambda samples: ((samples * np.float32(4)).clip(-1, 1), RATE),
    "noise 20 dB below": noise(20),
    "noise 10 dB below": noise(10),
    "music 10 dB below": music(-10),
    "music as loud": music(0),
    "music 10 dB above": music(10),
    "speed 0.95": speed(0.95),
    "speed 1.05": speed(1.05),
    "tempo 0.95": tempo(0.95),
    "tempo 1.05": tempo(1.05),
}
