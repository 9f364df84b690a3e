"""How well the marks survive, and what they cost in sound and time.

Speech from our own synthesizer is marked, attacked and judged, whole and in crops. For each attack: the per cent in
which Perth's mark was found (the reference: what is published), the coded one, either, and the payload read.
FLOORS are what a change must not fall below; falling below ends the run with an error.
"""

from __future__ import annotations

import asyncio
import io
import sys
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import repeat
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import soundfile

from frontend.audio import resample
from frontend.detector import CODED_PRESENT, NEURAL_PRESENT, Detection, detect
from frontend.speaker import embed
from models.contract import SYNTHESIS_SAMPLE_RATE
from models.evaluation.metrics import edit_distance
from models.recogniser.recognition import Recogniser
from models.runner import NativeRunner
from models.synthesizer.synthesis import Synthesizer
from server.marking import MarkingModel, mark
from server.text import phoneme_ids, utterances

Samples = npt.NDArray[np.float32]
Sound = tuple[Samples, int]
Attack = Callable[[Samples], Sound]
Shares = tuple[float, float, float, float]

RATE = SYNTHESIS_SAMPLE_RATE
MODELS = Path(__file__).parents[1] / ".cache" / "models"
CLIPS = 8
CROPS = {1: 3, 2: 2, 5: 1}  # seconds: how many of each clip
TEXTS = (
    "The harbour lay still under a thin layer of morning fog, and nobody on the pier said a word.",
    "She opened the letter twice, folded it again, and put it back where she had found it.",
    "Before you start, check that the valve is closed and the pressure has fallen below two bars.",
    "My grandmother kept bees for forty years and was stung, she claimed, exactly once.",
)
# At least so many per cent of whole clips are found by either mark and have their payload read.
FLOORS = {
    "none": 100,
    "MP3 128 kbit/s": 100,
    "MP3 64 kbit/s": 100,
    "Opus 48 kbit/s": 100,
    "Opus 24 kbit/s": 100,
    "AAC 64 kbit/s": 100,
    "16 kHz": 100,
    "8 kHz": 100,
    "telephone (G.711)": 100,
    "gain -20 dB": 100,
    "gain +12 dB, clipped": 100,
    "noise 20 dB below": 100,
    "noise 10 dB below": 75,
    "music 10 dB below": 100,
    "music as loud": 75,
}


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


def judged(sounds: list[Sound], decoder: NativeRunner) -> list[Detection]:
    """What the detector says of each."""
    return [asyncio.run(detect(samples, rate, decoder)) for samples, rate in sounds]


def crops(sound: Sound, seconds: int, count: int) -> list[Sound]:
    """Stretches of the sound, somewhere."""
    samples, rate = sound
    rng = np.random.default_rng(len(samples))
    latest = max(len(samples) - seconds * rate, 0) + 1
    starts = rng.integers(0, latest, count if latest > 1 else 0)
    return [(samples[start : start + seconds * rate], rate) for start in starts]


def shares(detections: list[Detection]) -> Shares:
    """Per cent: Perth's mark, the coded mark, either, the payload."""
    neural = np.array([d.neural > NEURAL_PRESENT for d in detections])
    coded = np.array([d.coded > CODED_PRESENT for d in detections])
    payload = np.array([d.payload is not None for d in detections])
    a, b, c, d = (float(100 * part.mean()) for part in (neural, coded, neural | coded, payload))
    return a, b, c, d


def robustness(
    marked: list[Samples], decoder: NativeRunner, attacks: dict[str, Attack] = ATTACKS
) -> dict[str, list[tuple[float, float, float, float]]]:
    """For each attack the shares of whole clips, then of crops of 1, 2 and 5 s."""
    head = "".join(f"{f'{s} s' if s else 'whole':>21}" for s in (0, *CROPS))
    print(f"{'attack':<22}{head}\n{'':<22}" + " Perth coded any payl" * (1 + len(CROPS)))
    table = {}
    for name, attack in attacks.items():
        sounds = [attack(samples) for samples in marked]
        columns = [shares(judged(sounds, decoder))]
        for seconds, count in CROPS.items():
            columns.append(shares(judged([c for sound in sounds for c in crops(sound, seconds, count)], decoder)))
        table[name] = columns
        print(f"{name:<22}" + "".join("".join(f"{x:5.0f}" for x in column) + " " for column in columns), flush=True)
    return table


def spoken(folder: Path, clips: int) -> list[Samples]:
    """Sentences in voices of the synthesizer's own table."""
    synthesizer, voices = Synthesizer(folder, threads=1), np.load(folder / "synthesizer_speakers.npy")
    rng = np.random.default_rng(2026)
    out = []
    for clip in range(clips):
        g = voices[rng.integers(len(voices))][np.newaxis].astype(np.float32)
        pieces = []
        for text in (TEXTS[clip % len(TEXTS)], TEXTS[(clip + 1) % len(TEXTS)]):
            for utterance in utterances(text, "en"):
                prior = synthesizer.prior(np.array(phoneme_ids(utterance.phonemes)), g, rng)
                pieces += list(synthesizer.stream(prior, g, repeat(384)))
        out.append(np.concatenate(pieces))
    return out


def cost(speech: list[Samples], marked: list[Samples], folder: Path, seconds: float) -> None:
    """What marking changes: level, spectrum, voice, words, time."""
    pairs = list(zip(speech, marked, strict=True))
    encoder = NativeRunner(folder / "speaker_encoder.onnx", threads=1)
    recogniser = Recogniser(
        NativeRunner(folder / "recogniser.onnx", threads=1), (folder / "recogniser_tokens.json").read_bytes()
    )

    def words(samples: Samples) -> list[str]:
        return asyncio.run(recogniser.transcribe(resample(samples, RATE, 16_000)[: 30 * 16_000])).lower().split()

    ratios = [20 * np.log10(level(a) / level(b - a)) for a, b in pairs]
    voices = [[asyncio.run(embed(x, RATE, encoder)) for x in pair] for pair in pairs]
    heard = [(words(a), words(b)) for a, b in pairs]
    changed = sum(edit_distance(a, b) for a, b in heard) / sum(len(a) for a, _ in heard)
    print(f"signal to mark                 {np.mean(ratios):6.1f} dB")
    print(f"level changes by               {np.mean([20 * np.log10(level(b) / level(a)) for a, b in pairs]):6.2f} dB")
    print(f"same voice (x-vector cosine)   {np.mean([a @ b for a, b in voices]):6.3f}  reference 1")
    print(f"words heard otherwise          {100 * changed:6.1f} %   reference 0")
    print(f"marking, of the speech's time  {100 * seconds / sum(map(len, speech)) * RATE:6.2f} %\n")


def main() -> None:
    """Print both tables. Exits with what fell below its floor."""
    speech, model = spoken(MODELS, CLIPS), MarkingModel(MODELS)
    start = time.process_time()
    marked = [mark(model, samples, RATE) for samples in speech]
    cost(speech, marked, MODELS, time.process_time() - start)
    table = robustness(marked, NativeRunner(MODELS / "watermark_decoder.onnx", threads=1), ATTACKS)
    below = [name for name, floor in FLOORS.items() if min(table[name][0][2:]) < floor]
    if below:
        sys.exit(f"below the floor: {', '.join(below)}")


if __name__ == "__main__":
    main()
