"""Speech to text with the converted Whisper tiny, on whichever runtime runs the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000  # Hz
MAX_SECONDS = 30.0
START, TRANSCRIBE, NO_TIMES = 50_258, 50_359, 50_363
LANGUAGES = {"en": 50_259, "de": 50_261}
NO_SPEECH = 0.5  # 40 real sentences stay below 0.13, silence and noise above 0.58


class Runner(Protocol):
    """A loaded ONNX model: named arrays in, named arrays out; natively `models.runner.NativeRunner`."""

    async def run(self, feeds: Mapping[str, npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
        """One inference."""


class Recogniser:
    """`runner` runs recogniser.onnx, `tokens` is the content of recogniser_tokens.json."""

    def __init__(self, runner: Runner, tokens: bytes) -> None:
        self._runner = runner
        self._tokens: list[str] = json.loads(tokens)

    async def transcribe(self, samples: npt.NDArray[np.float32], language: str = "en") -> str:
        """What is said in float32 samples [n] at 16 kHz, up to 30 s of them; empty without speech.

        Raises ValueError for longer ones, KeyError for a language that is not in LANGUAGES.
        """
        if len(samples) > MAX_SECONDS * SAMPLE_RATE:
            raise ValueError(f"{len(samples) / SAMPLE_RATE:.0f} s, at most {MAX_SECONDS:.0f}")
        prompt = np.array([[START, LANGUAGES[language], TRANSCRIBE, NO_TIMES]], np.int64)
        outputs = await self._runner.run({"waveform": samples[np.newaxis], "prompt": prompt})
        if outputs["no_speech"][0] > NO_SPEECH:  # Whisper would make words up
            return ""
        characters = "".join(self._tokens[token] for token in outputs["tokens"])
        return characters.encode("latin-1").decode("utf-8", errors="replace").strip()
