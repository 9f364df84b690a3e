"""Voices in and out of JSON, how alike they are, and better ones out of several readings."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from frontend.library.similarity import closest, cosine, improved, likeness, mean_direction, without_last_reading
from frontend.library.voice import READINGS_MAX, VoiceError, from_json, new_voice
from models.contract import PROFILE_MAX_BYTES, decode_embedding, parse_profile
from tests.frontend.library.doubles import ENCODER, reading, voice


def test_json_comes_back_equal() -> None:
    anna = improved(voice(0, "Änne 🎙"), reading(9, near=0))
    assert from_json(json.loads(json.dumps(anna.to_json())), ENCODER) == anna
    assert len(json.dumps(anna.profile)) <= PROFILE_MAX_BYTES


@pytest.mark.parametrize(
    ("path", "value", "kind"),
    [
        (("version",), 2, "newer"),
        (("version",), "1", "invalid"),
        (("name",), "", "invalid"),
        (("name",), " x", "invalid"),
        (("colour",), "red; background: url(x)", "invalid"),
        (("id",), "../x", "invalid"),
        (("surprise",), 1, "invalid"),
        (("readings",), [], "invalid"),
        (("profile", "embedding"), "AAAA", "invalid"),
        (("profile", "version"), 2, "invalid"),
        (("profile", "encoder", "sha256"), "0" * 64, "foreign-encoder"),
        (("profile", "encoder", "id"), "other", "foreign-encoder"),
        (("readings", 0, "profile", "encoder", "sha256"), "0" * 64, "foreign-encoder"),
        (("readings", 0, "consent", "script"), "I agree to anything.", "consent"),
        (("readings", 0, "print", "spectrum_db"), [0.0], "invalid"),
    ],
)
def test_each_fault_is_refused(path: tuple[Any, ...], value: object, kind: str) -> None:
    spoilt: Any = copy.deepcopy(voice().to_json())
    inner = spoilt
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(VoiceError) as refusal:
        from_json(spoilt, ENCODER)
    assert refusal.value.kind == kind


@pytest.mark.parametrize("value", [None, [], "voice", 1])
def test_no_object_is_no_voice(value: object) -> None:
    with pytest.raises(VoiceError):
        from_json(value, ENCODER)


def test_names_are_tidied() -> None:
    assert new_voice("  Anna \t Lena ", "moss", reading()).name == "Anna Lena"
    with pytest.raises(ValueError):
        voice().renamed(" ")
    with pytest.raises(ValueError):
        new_voice("Anna", "magenta", reading())


def test_readings_average_and_come_off_again() -> None:
    anna, second = voice(0), reading(9, near=0)
    better = improved(anna, second)
    assert without_last_reading(better) == anna
    mean = mean_direction([decode_embedding(it.profile["embedding"]) for it in better.readings])
    assert np.array_equal(decode_embedding(better.profile["embedding"]), mean)
    assert better.profile["consent"] == second.profile["consent"]
    assert better.profile["prosody"]["f0_median_hz"] == 124.5
    parse_profile(better.profile, ENCODER)
    with pytest.raises(ValueError):
        without_last_reading(anna)
    with pytest.raises(ValueError, match="another"):
        improved(anna, reading(1))
    while len(better.readings) < READINGS_MAX:
        better = improved(better, reading(20 + len(better.readings), near=0))
    with pytest.raises(ValueError, match="holds"):
        improved(better, second)


def test_likeness() -> None:
    assert [likeness(it) for it in (1.0, 0.5, 0.49, 0.35, 0.34, -1.0)] == [
        "same",
        "same",
        "unsure",
        "unsure",
        "different",
        "different",
    ]
    anna, ben = voice(0), voice(1)
    found = closest(reading(9, near=1).profile, [anna, ben])
    assert found is not None and found[0] == ben and found[1] == cosine(reading(9, near=1).profile, ben.profile)
    assert closest(anna.profile, []) is None
