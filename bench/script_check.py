"""How often is a reading taken for another text, or not taken for its own? The script check on real recordings.

Each recording of 6 to 14 s is taken as a script of two sentences. It is then checked against its own text (which has
to pass), against each other recording's text, and against its own first half with another's second (which must not).
German is checked on texts alone, as if a recogniser made no error: no German recording is at hand.

`python -m bench script_check` takes the recordings that ship with the tests; OWNVOICE_CORPUS names a folder of more, as
`build.py evaluate` takes it.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

from frontend.audio import Samples
from frontend.library.script import fresh_script
from frontend.library.script_check import READ_FROM, aligned_shares, sentence_scores
from models.evaluation.corpus import read_corpus
from models.recogniser.recognition import Recogniser
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.recordings import recordings

SECONDS = (6.0, 14.0)
RATE = 16_000
GERMAN_SCRIPTS = 30


def main() -> None:
    """Print the table."""
    recogniser = Recogniser(
        NativeRunner(MODELS / "recogniser.onnx", threads=1), (MODELS / "recogniser_tokens.json").read_bytes()
    )
    read = [
        (_halves(words), asyncio.run(recogniser.transcribe(samples)))
        for samples, words in _recordings()
        if SECONDS[0] <= len(samples) / RATE <= SECONDS[1]
    ]
    pairs = list(itertools.permutations(range(len(read)), 2))
    own = [min(aligned_shares(text, heard)) for text, heard in read]
    other = [min(aligned_shares(read[text][0], read[voice][1])) for voice, text in pairs]
    half = [min(aligned_shares([read[voice][0][0], read[text][0][1]], read[voice][1])) for voice, text in pairs]
    scripts = [fresh_script("de", "Ada", seed) for seed in range(GERMAN_SCRIPTS)]
    german = [
        min(sentence_scores(asked, said.text))
        for asked, said in itertools.permutations(scripts, 2)
        if not set(asked.sentences) & set(said.sentences)
    ]
    bounds = ", ".join(f"{language} {bound}" for language, bound in READ_FROM.items())
    print(f"Script check: a sentence counts as read from a share of its letters on: {bounds}; {len(read)} recordings")
    print("| read | judged | pass | share | lowest | highest |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, language, scores in (
        ("the text itself", "en", own),
        ("another text", "en", other),
        ("half of the text", "en", half),
        ("another German script, recognised without error", "de", german),
    ):
        passed = sum(score >= READ_FROM[language] for score in scores)
        share = f"{passed / len(scores):.3f}" if scores else "–"
        print(f"| {name} | {len(scores)} | {passed} | {share} | {min(scores):.2f} | {max(scores):.2f} |")


def _recordings() -> Iterator[tuple[Samples, str]]:
    """Samples at 16 kHz, and the words."""
    if folder := os.environ.get("OWNVOICE_CORPUS"):
        for speaker in read_corpus(Path(folder)):
            for recording in (*speaker.references, *speaker.others):
                if recording.words:
                    yield recording.samples, recording.words
    else:
        yield from ((recording.samples, recording.transcript) for recording in recordings())


def _halves(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


if __name__ == "__main__":
    main()
