"""How well the marks survive, how often they are heard where they are not, and what they cost in sound and time.

Speech from our own synthesizer is marked, attacked and judged, whole and in crops. For each attack: the per cent in
which Perth's mark was found (the reference: what is published), the coded one, either, and the payload read.
FLOORS are what a change must not fall below; falling below ends the run with an error.

`python -m bench.marking FOLDER` looks for false alarms in the recordings (FLAC) below a folder besides the tests' own.
"""

from __future__ import annotations

import asyncio
import sys
import time
from itertools import repeat
from pathlib import Path

import numpy as np
import soundfile

from frontend.audio import resample
from frontend.detector import NEURAL_PRESENT, Detection, detect
from frontend.marks.coded import CODED_PRESENT
from models.evaluation.measures import Ears, words
from models.evaluation.metrics import edit_distance
from models.recogniser.recognition import Recogniser
from models.runner import NativeRunner
from models.synthesizer.synthesis import Synthesizer
from models.watermark.attacks import ATTACKS, RATE, Samples, Sound, level
from server.marking import MarkingModel, mark
from server.text import phoneme_ids, utterances
from tests.recordings import DATA

Shares = tuple[float, float, float, float]

MODELS = Path(__file__).parents[1] / ".cache" / "models"
CLIPS = 6
CROPS = {1: 3, 2: 2, 5: 1}  # seconds: how many of each clip
TEXTS = (
    "The harbour lay still under a thin layer of morning fog, and nobody on the pier said a word.",
    "She opened the letter twice, folded it again, and put it back where she had found it.",
    "Before you start, check that the valve is closed and the pressure has fallen below two bars.",
    "My grandmother kept bees for forty years and was stung, she claimed, exactly once.",
)
# At least so many per cent are found by either mark and have their payload read whole; by either in a crop of 1 s.
FLOORS = {
    "none": (100, 100),
    "MP3 128 kbit/s": (100, 100),
    "MP3 64 kbit/s": (100, 100),
    "Opus 48 kbit/s": (100, 95),
    "Opus 24 kbit/s": (100, 90),
    "AAC 64 kbit/s": (100, 100),
    "16 kHz": (100, 100),
    "8 kHz": (100, 95),
    "telephone (G.711)": (100, 95),
    "gain -20 dB": (100, 100),
    "gain +12 dB, clipped": (100, 95),
    "noise 20 dB below": (100, 60),
    "noise 10 dB below": (75, 0),
    "music 10 dB below": (100, 75),
    "music as loud": (75, 50),
    "speed 0.95": (100, 80),
    "speed 1.05": (100, 80),
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


def robustness(marked: list[Samples], decoder: NativeRunner) -> dict[str, list[Shares]]:
    """For each attack the shares of whole clips, then of crops of 1, 2 and 5 s."""
    head = "".join(f"{f'{s} s' if s else 'whole':>21}" for s in (0, *CROPS))
    print(f"{'attack':<22}{head}\n{'':<22}" + " Perth coded any payl" * (1 + len(CROPS)))
    table = {}
    for name, attack in ATTACKS.items():
        sounds = [attack(samples) for samples in marked]
        columns = [shares(judged(sounds, decoder))]
        for seconds, count in CROPS.items():
            columns.append(shares(judged([c for sound in sounds for c in crops(sound, seconds, count)], decoder)))
        table[name] = columns
        print(f"{name:<22}" + "".join("".join(f"{x:5.0f}" for x in column) + " " for column in columns), flush=True)
    return table


def false_alarms(sounds: list[Sound], decoder: NativeRunner, what: str) -> int:
    """Marks found where there is none, in a whole or in a second of it."""
    found = judged(sounds, decoder)
    seconds = [second for detection in found for second in detection.seconds]
    alarms = sum(detection.verdict != "none" for detection in found)
    print(
        f"{what:<26}{len(found):5}, {len(seconds)} s: {alarms} false alarms, {sum(s.marked for s in seconds)} s; "
        f"highest Perth {max(d.neural for d in found):.2f} (second {max(s.neural for s in seconds):.2f})"
        f", coded {max(d.coded for d in found):.1f}",
        flush=True,
    )
    return alarms


def spoken(folder: Path, clips: int) -> list[tuple[str, Samples]]:
    """Sentences, and how voices of the synthesizer's own table say them."""
    synthesizer, voices = Synthesizer(folder, threads=1), np.load(folder / "synthesizer_speakers.npy")
    rng = np.random.default_rng(2026)
    out = []
    for clip in range(clips):
        g = voices[rng.integers(len(voices))][np.newaxis].astype(np.float32)
        text = f"{TEXTS[clip % len(TEXTS)]} {TEXTS[(clip + 1) % len(TEXTS)]}"
        pieces = []
        for utterance in utterances(text, "en"):
            prior = synthesizer.prior(np.array(phoneme_ids(utterance.phonemes)), g, rng)
            pieces += list(synthesizer.stream(prior, g, repeat(384)))
        out.append((text, np.concatenate(pieces)))
    return out


def cost(speech: list[tuple[str, Samples]], marked: list[Samples], seconds: float) -> None:
    """What marking changes: level, voice, naturalness, words, time."""
    ears = Ears(MODELS, threads=1)
    recogniser = Recogniser(
        NativeRunner(MODELS / "recogniser.onnx", threads=1), (MODELS / "recogniser_tokens.json").read_bytes()
    )

    def errors(samples: Samples, text: str) -> int:
        heard = asyncio.run(recogniser.transcribe(resample(samples, RATE, 16_000)[: 30 * 16_000], "en"))
        return edit_distance(words(text), words(heard))

    plain = [samples for _, samples in speech]
    heard = [[ears.hear(samples, RATE) for samples in pair] for pair in zip(plain, marked, strict=True)]
    ratio = np.mean([20 * np.log10(level(a) / level(b - a)) for a, b in zip(plain, marked, strict=True)])
    louder = np.mean([20 * np.log10(level(b) / level(a)) for a, b in zip(plain, marked, strict=True)])
    judge = np.mean([a.judge @ b.judge / np.linalg.norm(a.judge) / np.linalg.norm(b.judge) for a, b in heard])
    said = sum(len(words(text)) for text, _ in speech)
    before, after = (
        100 * sum(errors(samples, text) for (text, _), samples in zip(speech, sounds, strict=True)) / said
        for sounds in (plain, marked)
    )
    print(f"signal to mark                 {ratio:6.1f} dB")
    print(f"level changes by               {louder:6.2f} dB")
    print(f"same voice, x-vector           {np.mean([a.encoder @ b.encoder for a, b in heard]):6.3f}  reference 1")
    print(f"same voice, ECAPA              {judge:6.3f}  reference 1")
    print(
        f"DNSMOS overall                 {np.mean([b.mos for _, b in heard]):6.2f}  "
        f"reference {np.mean([a.mos for a, _ in heard]):.2f}, unmarked"
    )
    print(f"word error rate                {after:6.1f} % reference {before:.1f} %, unmarked ({said} words)")
    print(f"marking, of the speech's time  {100 * seconds / sum(map(len, plain)) * RATE:6.2f} %\n", flush=True)


def main(folder: Path | None = None) -> None:
    """Print the tables. Exits with what fell below its floor."""
    speech, model = spoken(MODELS, CLIPS), MarkingModel(MODELS)
    start = time.process_time()
    marked = [mark(model, samples, RATE) for _, samples in speech]
    cost(speech, marked, time.process_time() - start)
    decoder = NativeRunner(MODELS / "watermark_decoder.onnx", threads=1)
    alarms = 0
    for place, what in ((DATA, "recordings of the tests"), (folder, "recordings of the folder")):
        if place:
            paths = sorted(place.rglob("*.flac"))
            alarms += false_alarms([soundfile.read(path, dtype="float32") for path in paths], decoder, what)
    alarms += false_alarms([(samples, RATE) for _, samples in speech], decoder, "generated speech, unmarked")
    table = robustness(marked, decoder)
    below = [
        name
        for name, (whole, second) in FLOORS.items()
        if min(table[name][0][2:]) < whole or table[name][1][2] < second
    ]
    if alarms:
        below.append("false alarms")
    if below:
        sys.exit(f"below the floor: {', '.join(below)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
