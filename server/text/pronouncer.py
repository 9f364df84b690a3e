"""Words that are in no dictionary, read by a small network.

The net is that of hibari-tts (Apache-2.0): characters in, Misaki's phonemes out, greedy CTC; it was trained on
eSpeak NG's readings of some 400,000 words. `models.lexicon.surface` brings them into the synthesizer's notation.
"""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import numpy as np
import onnxruntime

from models.lexicon.surface import LETTERS, TOKEN, read_misaki, surface


class Pronouncer:
    """Reads single words with the network in `folder`. Thread-safe, deterministic."""

    def __init__(self, folder: Path) -> None:
        alphabet = json.loads((folder / "pronouncer.json").read_text("utf-8"))
        self._letters = {letter: number for number, letter in enumerate(alphabet["in"], 1)}
        self._sounds = ["", *alphabet["out"]]
        self._longest: int = alphabet["maxlen"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._net = onnxruntime.InferenceSession(
            folder / "pronouncer.onnx", options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, word: str) -> str:
        """The transcription of a lower-case word, "" when it has no letter that the network knows."""
        letters = [c if c in self._letters else unicodedata.normalize("NFKD", c)[0] for c in word]
        numbers = [self._letters[c] for c in letters if c in self._letters]
        return "".join(
            self._read(word, numbers[at : at + self._longest]) for at in range(0, len(numbers), self._longest)
        )

    def _read(self, word: str, numbers: list[int]) -> str:
        (best,) = self._net.run(None, {"chars": np.array([numbers], np.int64)})
        said, before = "", 0
        for number in best[0].tolist():
            said += self._sounds[number] if number != before else ""
            before = number
        known = "".join(token for token in TOKEN.findall(said) if token in LETTERS)
        return surface(word, read_misaki(known)) if known else ""
