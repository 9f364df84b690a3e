"""Lines in turn, each in its own voice; what can't be spoken is refused before anything is heard."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest

from frontend.prosody import measure
from models.contract import DIALOGUE_MAX_BYTES, SYNTHESIS_SAMPLE_RATE
from tests.server.listening import PATH, Profile, Watched, refused, spoken
from tests.server.test_timings import audio, events_of, timings

DIALOGUE = "/v1/audio/dialogue"
FIRST, SECOND = "Where were you last night?", "I was at home all evening, reading."


def lines(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    usual = ({"voice": "Ben", "input": FIRST}, {"voice": "Ann", "input": SECOND})
    return [line | change for line, change in zip(usual, changes or ({}, {}), strict=True)]


@pytest.fixture(scope="module")
def voices(profile: Profile, another_profile: Profile) -> dict[str, Profile]:
    return {"Ben": profile, "Ann": another_profile}


def test_each_line_is_spoken_in_its_voice_at_its_time(client: httpx.Client, voices: dict[str, Profile]) -> None:
    request = {
        "voices": voices,
        "lines": lines({"pause_after": 0.5}, {"pause_before": 0.7}),
        "response_format": "pcm",
        "stream_format": "sse",
    }
    events = events_of(client.post(DIALOGUE, json=request))
    first, second = timings(events)
    assert [(sentence["line"], sentence["text"]) for sentence in (first, second)] == [(0, FIRST[:-1]), (1, SECOND[:-1])]
    assert second["start"] == pytest.approx(first["end"] + 0.5 + 0.3 + 0.7, abs=0.01)  # 0.3 s are the sentence's own
    samples = (np.frombuffer(audio(events), "<i2") / 32_768).astype(np.float32)
    parts = [
        samples[round(sentence["start"] * SYNTHESIS_SAMPLE_RATE) : round(sentence["end"] * SYNTHESIS_SAMPLE_RATE)]
        for sentence in (first, second)
    ]
    low, high = (measure(part, SYNTHESIS_SAMPLE_RATE).f0_median_hz for part in parts)
    assert low < 1.3 * low < high
    gap = samples[round((first["end"] + 0.1) * SYNTHESIS_SAMPLE_RATE) : round(second["start"] * SYNTHESIS_SAMPLE_RATE)]
    assert np.abs(gap).max() < 0.01 * np.abs(samples).max()


def test_one_line_alone_is_the_same_speech_as_by_itself(client: httpx.Client, profile: Profile) -> None:
    line = {"input": "Doctor Lee said maybe.", "seed": 5, "speed": 1.2, "pronunciations": {"lee": "/lˈaɪ/"}}
    request = {"voices": {"A": profile}, "lines": [{"voice": "A", **line}], "response_format": "pcm"}
    answer = client.post(DIALOGUE, json=request)
    np.testing.assert_array_equal(np.frombuffer(answer.content, "<i2"), spoken(client, voice=profile, **line))


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"voice": "Cleo"}, "unknown-voice", "lines.1.voice"),
        ({"input": "…"}, "nothing-to-say", "lines.1.input"),
        ({"input": "Guten Tag, wie geht es Ihnen heute?"}, "unsupported-language", "lines.1.input"),
        ({"pronunciations": {"home": "/h7/"}}, "wrong-pronunciation", "lines.1.pronunciations.home"),
    ],
)
def test_a_line_that_cant_be_spoken_is_refused_before_the_others_are_heard(
    client: httpx.Client, watched: Watched, voices: dict[str, Profile], change: dict[str, Any], kind: str, field: str
) -> None:
    before = watched.pieces
    refused(client.post(DIALOGUE, json={"voices": voices, "lines": lines({}, change)}), kind, field)
    assert watched.pieces == before


def test_a_dialogue_may_be_longer_than_a_speech_but_not_endless(client: httpx.Client) -> None:
    headers = {"content-type": "application/json"}
    refused(client.post(DIALOGUE, content=b" " * DIALOGUE_MAX_BYTES, headers=headers), "not-json")
    refused(client.post(DIALOGUE, content=b" " * (DIALOGUE_MAX_BYTES + 1), headers=headers), "too-large")
    refused(client.post(PATH, content=b" " * DIALOGUE_MAX_BYTES, headers=headers), "too-large")
    refused(client.get(DIALOGUE), "method-not-allowed")
