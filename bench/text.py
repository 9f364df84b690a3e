"""The text front end: processor time a sentence, and how near its phonemes are to eSpeak NG's, as in training.

    python -m bench.text [FILE]

FILE holds a sentence a line; without one, the sentences below are read. The second figure needs the program
`espeak-ng`, which the project neither installs nor ships.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from models.evaluation.metrics import edit_distance
from server.text import utterances, warm_up

SENTENCES = (
    "The boy was there when the sun rose.",
    "A rod is used to catch pink salmon.",
    "The source of the huge river is the clear spring.",
    "Kick the ball straight and follow through.",
    "Help the woman get back to her feet.",
    "A pot of tea helps to pass the evening.",
    "Smoky fires lack flame and heat.",
    "The soft cushion broke the man's fall.",
    "The salt breeze came across from the sea.",
    "The girl at the booth sold fifty bonds.",
)  # IEEE Recommended Practice for Speech Quality Measurements, 1969, list 2


def main(lines: Sequence[str] = SENTENCES) -> None:
    sentences = [line.strip() for line in lines if line.strip()]
    warm_up()
    began = time.process_time()
    ours = [" ".join(utterance.phonemes for utterance in utterances(sentence)) for sentence in sentences]
    spent = time.process_time() - began
    print(f"{len(sentences)} sentences, {1000 * spent / len(sentences):.2f} ms of processor time each")
    if shutil.which("espeak-ng") is None:
        print("espeak-ng is not installed: no reference for the phonemes")
        return
    theirs = [_espeak(sentence) for sentence in sentences]
    for name, ignored in (("all signs", "[.,;:!?]"), ("without stress and spaces", "[.,;:!? ˈˌ]")):
        pairs = [(re.sub(ignored, "", a), re.sub(ignored, "", b)) for a, b in zip(ours, theirs, strict=True)]
        errors = sum(edit_distance(a, b) for a, b in pairs)
        print(f"phoneme error rate against espeak-ng, {name}: {errors / sum(len(b) for _, b in pairs):.2%}")


def _espeak(sentence: str) -> str:
    command = ["espeak-ng", "-q", "--ipa", "-v", "en-us", sentence]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8").splitlines() if sys.argv[1:] else SENTENCES)
