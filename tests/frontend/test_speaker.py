"""The embedding on the real encoder: the same person is near, another is far, and capture's rate does not matter."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from frontend.audio import resample
from frontend.library.script import fresh_script
from frontend.library.voice import attestation, now
from frontend.profile import build_profile
from frontend.prosody import measure
from frontend.speaker import NoSpeechError, embed
from models.contract import EMBEDDING_DIM, PROFILE_MAX_BYTES, ContractError, parse_profile
from models.runner import NativeRunner
from tests.recordings import RATE, Recording, recordings

ENCODER = Path(__file__).parents[2] / ".cache/models/speaker_encoder.onnx"


@pytest.fixture(scope="module")
def encoder() -> NativeRunner:
    return NativeRunner(ENCODER, threads=1)


def embedding(recording: Recording, encoder: NativeRunner) -> npt.NDArray[np.float32]:
    return asyncio.run(embed(recording.samples, RATE, encoder))


def test_people_are_told_apart(encoder: NativeRunner) -> None:
    vectors = [embedding(recording, encoder) for recording in recordings()]
    woman, man = vectors[:2], vectors[2:]
    own = min(float(woman[0] @ woman[1]), float(man[0] @ man[1]))
    other = max(float(one @ two) for one in woman for two in man)
    assert own > 0.6
    assert other < 0.3


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_the_rate_and_level_of_capture_do_not_matter(encoder: NativeRunner, rate: int) -> None:
    samples, own_rate = recordings()[3].samples, RATE
    expected = asyncio.run(embed(samples, own_rate, encoder))
    got = asyncio.run(embed(0.5 * resample(samples, own_rate, rate), rate, encoder))
    assert got.shape == (EMBEDDING_DIM,)
    assert np.linalg.norm(got) == pytest.approx(1, abs=1e-6)
    assert float(got @ expected) > 0.99


def test_silence_has_no_speaker(encoder: NativeRunner) -> None:
    for seconds in (0, 5):
        with pytest.raises(NoSpeechError):
            asyncio.run(embed(np.zeros(seconds * 48_000, np.float32), 48_000, encoder))


def test_the_profile_keeps_the_contract(encoder: NativeRunner) -> None:
    samples, rate = recordings()[0].samples, RATE
    vector, prosody = asyncio.run(embed(samples, rate, encoder)), measure(samples, rate)
    consent, _ = attestation(fresh_script("en", "Ada", seed=1), now())
    profile = build_profile(vector, prosody, consent, encoder.sha256)
    back = parse_profile(profile, encoder.sha256)
    np.testing.assert_array_equal(back.embedding, vector)
    assert back.f0_median_hz == pytest.approx(prosody.f0_median_hz, abs=0.01)
    assert len(str(profile)) < PROFILE_MAX_BYTES
    with pytest.raises(ContractError):
        build_profile(vector * 2, prosody, consent, encoder.sha256)
