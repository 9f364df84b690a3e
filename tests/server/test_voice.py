"""A voice is the person's own: its vector and its pace come from the profile, and there is no other to fall back on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from models.contract import SPEAKER_VECTOR_DIM, parse_profile
from models.synthesizer.synthesis import Synthesizer
from server.synthesis import ADAPTER
from server.voice import PACE_LIMITS, UnusableVoiceError, Voices
from server.weights import ENCODER_SHA256
from tests.server.listening import MODELS, Profile


@pytest.fixture(scope="module")
def synthesizer() -> Synthesizer:
    return Synthesizer(MODELS, threads=1)


def paced(profile: Profile, rate: float) -> Profile:
    return {**profile, "prosody": {**profile["prosody"], "syllables_per_second": rate}}


def test_two_people_have_two_vectors(synthesizer: Synthesizer, profile: Profile, another_profile: Profile) -> None:
    voices = Voices(ADAPTER, synthesizer)
    one, other = (voices.of(parse_profile(value, ENCODER_SHA256)).g for value in (profile, another_profile))
    assert one.shape == (1, SPEAKER_VECTOR_DIM)
    assert np.abs(one - other).max() > 0.05


def test_the_pace_is_the_persons_within_what_sounds_natural(synthesizer: Synthesizer, profile: Profile) -> None:
    voices = Voices(ADAPTER, synthesizer)
    slowest, slow, fast, fastest = (
        voices.of(parse_profile(paced(profile, rate), ENCODER_SHA256)).stretch for rate in (1, 4, 5, 12)
    )
    assert (slowest, fastest) == (PACE_LIMITS[1], PACE_LIMITS[0])
    assert slow == pytest.approx(fast * 5 / 4, rel=0.1)  # the adapter, too, hears the pace


def test_a_profile_that_makes_no_voice_is_refused(tmp_path: Path, synthesizer: Synthesizer, profile: Profile) -> None:
    nan = helper.make_tensor("nan", TensorProto.FLOAT, [1, 1], [np.nan])
    vectors = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, [1, SPEAKER_VECTOR_DIM])]
    prosody = helper.make_tensor_value_info("prosody", TensorProto.FLOAT, [1, 3])
    output = helper.make_tensor_value_info("g", TensorProto.FLOAT, [1, SPEAKER_VECTOR_DIM])
    node = helper.make_node("Add", ["embedding", "nan"], ["g"])
    graph = helper.make_graph([node], "broken", [*vectors, prosody], [output], [nan])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8), tmp_path / "a.onnx")
    with pytest.raises(UnusableVoiceError):
        Voices(tmp_path / "a.onnx", synthesizer).of(parse_profile(profile, ENCODER_SHA256))
