"""What is measured of a single piece of speech: speaker embeddings, words, naturalness, pitch and pace."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, resample
from frontend.prosody import NoVoiceError, Prosody, measure
from frontend.speaker import embed
from models.contract import ENCODER_SAMPLE_RATE
from models.runner import NativeRunner, session

DNSMOS_SAMPLES = 144_160  # 9.01 s, the only length that the predictor takes
DNSMOS_OVERALL = (-0.06766283, 1.11546468, 0.04602535)  # its authors' polynomial from raw output to scale
UNVOICED = Prosody(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True, slots=True)
class Heard:
    """Embeddings by the conditioning encoder [512] and the judge [192], DNSMOS overall (1 to 5), and prosody."""

    encoder: npt.NDArray[np.float32]
    judge: npt.NDArray[np.float32]
    mos: float
    prosody: Prosody


class Ears:
    """The evaluation's models, loaded from the folder that `models.prepare` filled (evaluate)."""

    def __init__(self, models: Path, threads: int) -> None:
        self._judge, self._naturalness = (session(models / name, threads) for name in ("ecapa.onnx", "dnsmos.onnx"))
        self.encoder = NativeRunner(models / "speaker_encoder.onnx", threads)

    def hear(self, samples: Samples, rate: int) -> Heard:
        """Everything but the words, of mono speech [n]. Raises NoSpeechError for less than a second of it."""
        at_encoder_rate = resample(samples, rate, ENCODER_SAMPLE_RATE)
        (judged,) = self._judge.run(["embedding"], {"waveform": at_encoder_rate[np.newaxis]})
        try:
            prosody = measure(samples, rate)
        except NoVoiceError:
            prosody = UNVOICED
        embedding = asyncio.run(embed(samples, rate, self.encoder))
        return Heard(embedding, judged[0], self._overall(at_encoder_rate), prosody)

    def _overall(self, samples: Samples) -> float:
        """DNSMOS (C. Reddy et al., 2022): the overall opinion predicted for the first 9 s, repeated when shorter."""
        window = np.resize(samples, DNSMOS_SAMPLES).astype(np.float32)
        raw = self._naturalness.run(None, {"input_1": window[np.newaxis]})[0][0][2]
        return float(np.polyval(DNSMOS_OVERALL, raw))


def words(text: str) -> Sequence[str]:
    """Lower-case words without punctuation, as both sides of a word error rate are compared."""
    return re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("’", "'")).split()
