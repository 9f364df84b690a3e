"""The verdict on a recording: real ones pass, spoilt ones fail for what was done to them and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from frontend.audio import Samples
from frontend.recording import check_recording
from tests.recordings import RATE, Recording, recordings


def failed(samples: Samples, rate: int) -> set[str]:
    return {check.name for check in check_recording(np.asarray(samples, np.float32), rate) if not check.passed}


@pytest.mark.parametrize("recording", recordings(), ids=lambda it: it.file.stem)
def test_good_recordings_pass(recording: Recording) -> None:
    assert failed(recording.samples, RATE) == set()


@pytest.mark.parametrize("recording", recordings()[::2], ids=lambda it: it.file.stem)
def test_each_fault_is_named(recording: Recording) -> None:
    samples, rate = recording.samples, RATE
    noise = np.random.default_rng(0).standard_normal(len(samples)).astype(np.float32)
    level = np.sqrt(np.mean(samples**2))
    assert failed(samples[: 3 * rate], rate) == {"speech"}
    assert failed(samples * 0.02, rate) == {"level"}
    assert failed(np.clip(samples * 15, -1, 1), rate) == {"clipping"}
    assert "noise" in failed(samples + 0.4 * level * noise, rate)


@pytest.mark.parametrize("seconds", [0, 10])
def test_silence_is_no_speech(seconds: int) -> None:
    assert {"speech", "level"} <= failed(np.zeros(seconds * 16_000, np.float32), 16_000)
