"""When each word and phoneme is heard, from the durations that the synthesizer itself decided on.

Nothing after it moves a sample: the limiter has no memory, and of the marker come as many samples as went in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from models.contract import SYNTHESIS_SAMPLE_RATE
from models.synthesizer.synthesis import SAMPLES_PER_FRAME, Integers
from server.text import Spoken, Utterance, Word

# One sound with its marks of stress, length and voice, of those that `models.synthesizer.phonemes` knows.
SOUND = re.compile("[ˈˌ]*[^ˈˌː ][ː\u0303\u0329]*")


@dataclass(frozen=True, slots=True)
class TimedPhoneme:
    """A sound in IPA; its stress mark stands before it. Times in seconds from the beginning of the audio."""

    phoneme: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class TimedSpoken:
    """A word as it is said."""

    word: str
    start: float
    end: float
    phonemes: tuple[TimedPhoneme, ...]


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as it is written: `input[start_char:end_char]` is `text`, heard as `spoken`."""

    text: str
    start_char: int
    end_char: int
    start: float
    end: float
    spoken: tuple[TimedSpoken, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is spoken in one breath: a sentence or a clause of line `line` (from 0), without the pause after it."""

    line: int
    text: str
    start: float
    end: float
    words: tuple[TimedWord, ...]


def timed(utterance: Utterance, durations: Integers, line: int, first_sample: int) -> Sentence:
    """`durations` int64 [2 n + 3] in frames, of the ids of n phonemes; `first_sample` is where the utterance begins."""
    ends = first_sample + SAMPLES_PER_FRAME * np.cumsum(durations)
    # Phoneme i has id 2 i + 2, the pads around it belong half to either neighbour.
    middles = (ends - durations * (SAMPLES_PER_FRAME / 2))[1::2]
    bounds = [round(float(sample) / SYNTHESIS_SAMPLE_RATE, 3) for sample in middles]

    def phonemes(spoken: Spoken) -> tuple[TimedPhoneme, ...]:
        base = spoken.first_phoneme
        sounds = SOUND.finditer(utterance.phonemes, base, spoken.last_phoneme + 1)
        return tuple(TimedPhoneme(sound[0], bounds[sound.start()], bounds[sound.end()]) for sound in sounds)

    def said(spoken: Spoken) -> TimedSpoken:
        sounds = phonemes(spoken)
        return TimedSpoken(spoken.word, sounds[0].start, sounds[-1].end, sounds)

    def word(written: Word) -> TimedWord:
        spoken = tuple(map(said, written.spoken))
        return TimedWord(written.text, written.start_char, written.end_char, spoken[0].start, spoken[-1].end, spoken)

    last = round(float(ends[-1]) / SYNTHESIS_SAMPLE_RATE, 3)
    first = round(first_sample / SYNTHESIS_SAMPLE_RATE, 3)
    return Sentence(line, utterance.text, first, last, tuple(map(word, utterance.words)))
