"""The study: every person is cloned, every clone and every baseline heard, every figure computed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample
from models.contract import ENCODER_ID, ENCODER_SAMPLE_RATE, SYNTHESIS_SAMPLE_RATE, Profile
from models.evaluation import metrics
from models.evaluation.clones import StockNarrator, nearest, record_profile, speak
from models.evaluation.corpus import Recording, Speaker
from models.evaluation.measures import Ears, Heard, words
from models.evaluation.room import BROWSER_RATE, in_a_room
from models.recogniser.recognition import Recogniser
from models.runner import NativeRunner
from server.marking import MarkingModel
from server.synthesis import ADAPTER, TIMBRE, Narrator

TEXTS = (  # several, as of a person's recordings: in one sentence, chance tells voices apart as much as they do
    (
        "A white dog slept all morning in front of the old library, and nobody expected the seventh train to arrive "
        "so early."
    ),
    "Please bring three green apples, some fresh bread and a bottle of milk when you come home from work.",
    "The captain checked the weather twice before the small boat left the harbour at sunrise.",
)
SEED = 20_261_122
JUDGE = "ecapa"
CLONE, ROOM, FIRST, NEAREST, MEAN, RANDOM = (
    "clone",
    "clone from a browser recording in a room",
    "first adapter",
    "nearest stock voice",
    "mean voice",
    "random stock voice",
)
STOCK = (NEAREST, MEAN, RANDOM)
WEIGHTS = {"adapter": ADAPTER, "timbre": TIMBRE}
FIRST_ADAPTER = Path(__file__).parent / "first_adapter.onnx"
STOCK_EMBEDDINGS = Path(__file__).parent / "stock_embeddings.npy"  # float16 [904, 512], unit norm, one per voice
LOW_VOICE_HZ = 160.0  # parts people by pitch where their sex is unknown

Progress = Callable[[str], None]


@dataclass(slots=True)
class System:
    """What one way of making a voice gave of each of the TEXTS, in the order of the people."""

    heard: list[list[Heard]] = field(default_factory=list)
    transcripts: list[list[str]] = field(default_factory=list)


class Study:
    """Holds the models; `run` gives the report as JSON-ready data."""

    def __init__(self, models: Path, threads: int, progress: Progress) -> None:
        self._progress = progress
        self._ears = Ears(models, threads)
        runner = NativeRunner(models / "recogniser.onnx", threads)
        self._recogniser = Recogniser(runner, (models / "recogniser_tokens.json").read_bytes())
        self._marking = MarkingModel(models, threads)
        self._narrators = {CLONE: Narrator(models), FIRST: Narrator(models, FIRST_ADAPTER, None)}
        self._stock = StockNarrator(models, np.load(models / "synthesizer_speakers.npy"))
        self._stock_embeddings = np.load(STOCK_EMBEDDINGS)

    def run(self, speakers: list[Speaker]) -> dict[str, Any]:
        """Every figure for these people. Raises NoSpeechError, NoVoiceError for a reference without a voice."""
        references = [[self._hear_recording(r) for r in speaker.references] for speaker in speakers]
        others = [[self._hear_recording(r) for r in speaker.others] for speaker in speakers]
        systems = {name: System() for name in (CLONE, ROOM, FIRST, *STOCK)}
        for index, speaker in enumerate(speakers):
            self._progress(f"{index + 1} of {len(speakers)}: {speaker.name}")
            for name, spoken in self._voices(index, speaker):
                systems[name].heard.append([self._ears.hear(one, SYNTHESIS_SAMPLE_RATE) for one in spoken])
                systems[name].transcripts.append([self._transcribe(one, SYNTHESIS_SAMPLE_RATE) for one in spoken])
        transcripts = [
            (recording.words, self._transcribe(recording.samples, ENCODER_SAMPLE_RATE))
            for speaker in speakers
            for recording in speaker.references
            if recording.words
        ]
        alike = _alike(speakers, references)
        return {
            "speakers": len(speakers),
            "texts": TEXTS,
            **{f"{name}_sha256": hashlib.sha256(file.read_bytes()).hexdigest() for name, file in WEIGHTS.items()},
            "similarity": {
                ENCODER_ID: similarity_figures(references, others, systems, alike, "encoder"),
                JUDGE: similarity_figures(references, others, systems, alike, "judge"),
            },
            "intelligibility": _intelligibility(systems, transcripts),
            "naturalness": _naturalness(systems, [heard for group in references for heard in group]),
            "prosody": {name: prosody_figures(references, system.heard) for name, system in systems.items()},
        }

    def _voices(self, index: int, speaker: Speaker) -> list[tuple[str, list[Samples]]]:
        """The texts in each system's voice of this person."""
        chance = np.random.default_rng([SEED, index])
        reference = np.concatenate([recording.samples for recording in speaker.references])
        profile = record_profile(reference, ENCODER_SAMPLE_RATE, self._ears.encoder)
        captured = in_a_room(reference, ENCODER_SAMPLE_RATE, chance)
        room_profile = record_profile(captured, BROWSER_RATE, self._ears.encoder)
        voices = [
            (name, self._read(self._narrators[which], of, index))
            for name, which, of in ((CLONE, CLONE, profile), (ROOM, CLONE, room_profile), (FIRST, FIRST, profile))
        ]
        table = self._stock.table
        picks = {
            NEAREST: table[nearest(profile.embedding, self._stock_embeddings)],
            MEAN: table.mean(axis=0),
            RANDOM: table[chance.integers(len(table))],
        }
        for name, g in picks.items():
            self._stock.choose(g)
            voices.append((name, self._read(self._stock, profile, index)))
        return voices

    def _read(self, narrator: Narrator, profile: Profile, seed: int) -> list[Samples]:
        return [speak(narrator, self._marking, profile, text, seed) for text in TEXTS]

    def _hear_recording(self, recording: Recording) -> Heard:
        return self._ears.hear(recording.samples, ENCODER_SAMPLE_RATE)

    def _transcribe(self, samples: Samples, rate: int) -> str:
        return asyncio.run(self._recogniser.transcribe(resample(samples, rate, ENCODER_SAMPLE_RATE)))


def _voice(heard: list[Heard], encoder: str) -> metrics.Doubles:
    return metrics.pooled([getattr(one, encoder) for one in heard])


def _alike(speakers: list[Speaker], references: list[list[Heard]]) -> metrics.Booleans:
    """Who is compared with whom: people of the same sex, or of similar pitch where it isn't known of everyone."""
    if all(speaker.sex for speaker in speakers):
        groups = np.array([speaker.sex for speaker in speakers])
    else:
        groups = np.array([heard[0].prosody.f0_median_hz < LOW_VOICE_HZ for heard in references])
    alike: metrics.Booleans = groups[:, np.newaxis] == groups
    return alike


def similarity_figures(
    references: list[list[Heard]],
    others: list[list[Heard]],
    systems: dict[str, System],
    alike: metrics.Booleans,
    encoder: str,
) -> dict[str, Any]:
    """Cosines by one encoder: people's own, each system's, and how far a system goes from floor to ceiling."""
    people = np.array([_voice(heard, encoder) for heard in others])
    real = np.array([_voice(heard, encoder) for heard in references]) @ people.T
    ceiling, floor = metrics.matched(real), metrics.mismatched(real, alike)
    figures: dict[str, Any] = {
        "ceiling": _mean(ceiling),
        "floor": _mean(floor),
        "people_top_one": _mean(metrics.top_one(real)),
        "people_equal_error_rate": _equal_error_rate(real),
        "systems": {},
    }
    cosines = {
        name: np.array([_voice(heard, encoder) for heard in system.heard]) @ people.T
        for name, system in systems.items()
    }
    best_stock = metrics.matched(cosines[NEAREST])
    for name, cosine in cosines.items():
        own, foreign = metrics.matched(cosine), metrics.mismatched(cosine, alike)
        figures["systems"][name] = {
            "matched": _mean(own),
            "mismatched": _mean(foreign),
            "gap": _mean(own - foreign),
            "share": _share(own, floor, ceiling),
            "share_of_one_sentence": _share(_one_by_one(systems[name].heard, people, encoder), floor, ceiling),
            "over_nearest_stock": _mean(own - best_stock),
            "top_one": _mean(metrics.top_one(cosine)),
            "equal_error_rate": _equal_error_rate(cosine),
        }
    return figures


def _one_by_one(heard: list[list[Heard]], people: metrics.Doubles, encoder: str) -> metrics.Doubles:
    """Each voice's cosine to its own person when a single sentence is heard, on average over the sentences [N]."""
    voices = np.array([[metrics.unit(getattr(one, encoder)) for one in voice] for voice in heard])
    cosines: metrics.Doubles = np.einsum("nkd,nd->n", voices, people) / voices.shape[1]
    return cosines


def _share(own: metrics.Doubles, floor: metrics.Doubles, ceiling: metrics.Doubles) -> dict[str, float]:
    return _interval(len(own), lambda rows: metrics.share(own[rows], floor[rows], ceiling[rows]))


def prosody_figures(people: list[list[Heard]], clones: list[list[Heard]]) -> dict[str, float]:
    """Pitch and pace of clones against what was measured of the people's references, medians of what each said."""
    ours, theirs = (_median(group, "f0_median_hz") for group in (clones, people))
    our_rate, their_rate = (_median(group, "syllables_per_second") for group in (clones, people))
    error = metrics.semitones(ours, theirs)
    return {
        "f0_median_error_semitones": float(np.nanmedian(np.abs(error))),
        "f0_bias_semitones": float(np.nanmedian(error)),
        "f0_correlation": metrics.correlation(np.log(ours), np.log(theirs)),
        "rate_error_percent": float(100 * np.nanmedian(np.abs(our_rate / their_rate - 1))),
    }


def _median(voices: list[list[Heard]], quantity: str) -> metrics.Doubles:
    return np.array([np.nanmedian([getattr(heard.prosody, quantity) for heard in voice]) for voice in voices])


def _intelligibility(systems: dict[str, System], recordings: list[tuple[str, str]]) -> dict[str, Any]:
    expected = [words(text) for text in TEXTS]
    voices = {
        name: [list(zip(expected, map(words, heard), strict=True)) for heard in system.transcripts]
        for name, system in systems.items()
    }
    voices["stock voices"] = [voice for name in STOCK for voice in voices[name]]
    voices["recordings"] = [[(words(said), words(heard))] for said, heard in recordings]
    return {name: _word_error_rate(group) for name, group in voices.items() if group}


def _word_error_rate(voices: list[list[tuple[Sequence[str], Sequence[str]]]]) -> dict[str, float]:
    """Of all words together; the interval resamples voices, since one that mumbles does so in every text."""
    errors = np.array([sum(metrics.edit_distance(*pair) for pair in voice) for voice in voices])
    said = np.array([sum(len(reference) for reference, _ in voice) for voice in voices])
    return _interval(len(voices), lambda rows: float(errors[rows].sum() / said[rows].sum()))


def _naturalness(systems: dict[str, System], recordings: list[Heard]) -> dict[str, Any]:
    opinions = {name: [_opinion(heard) for heard in system.heard] for name, system in systems.items()}
    opinions["stock voices"] = [mos for name in STOCK for mos in opinions[name]]
    opinions["recordings"] = [heard.mos for heard in recordings]
    return {name: _mean(np.array(values)) for name, values in opinions.items()}


def _opinion(heard: list[Heard]) -> float:
    return float(np.mean([one.mos for one in heard]))


def _interval(count: int, statistic: Callable[[npt.NDArray[np.int64]], float]) -> dict[str, float]:
    low, high = metrics.interval(count, statistic)
    return {"value": statistic(np.arange(count)), "low": low, "high": high}


def _mean(values: metrics.Doubles) -> dict[str, float]:
    return _interval(len(values), lambda rows: metrics.mean(values[rows]))


def _equal_error_rate(cosine: metrics.Doubles) -> float:
    own = np.eye(len(cosine), dtype=bool)
    return metrics.equal_error_rate(cosine[own], cosine[~own])
