"""Checks of a reading that need more than its level: one speaker throughout, and the script really read.

They join those of `frontend.recording`: the same kind of `Check`, named "speakers" and "script".
"""

from __future__ import annotations

import numpy as np

from frontend.audio import Samples, trim_silence
from frontend.library.script import Script
from frontend.library.script_check import READ_FROM, sentence_scores
from frontend.recording import Check
from frontend.speaker import Runner, embed

ONE_SPEAKER_FROM = 0.40
"""Cosine of the two halves of a recording of 8 s or more.

Of 416 readings by one person (LibriSpeech, speechocean762) none is below it, the lowest at 0.41; of readings
spliced from two people, 0.3 % reach it (109,364 splices of LibriSpeech train-clean-100; 0.6 % of one sex).
"""


async def check_speakers(samples: Samples, rate: int, encoder: Runner) -> Check:
    """Whether both halves of the speech [n] sound like one person. Raises NoSpeechError when there is too little."""
    speech = trim_silence(samples, rate)
    middle = len(speech) // 2
    first, second = await embed(speech[:middle], rate, encoder), await embed(speech[middle:], rate, encoder)
    similarity = float(np.dot(first, second))
    return Check("speakers", similarity >= ONE_SPEAKER_FROM, similarity, ONE_SPEAKER_FROM)


def check_script(script: Script, transcript: str) -> Check:
    """Whether every sentence of the script was read, by what the recogniser heard."""
    worst = min(sentence_scores(script, transcript))
    limit = READ_FROM[script.language]
    return Check("script", worst >= limit, worst, limit)
