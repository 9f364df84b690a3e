"""Every request that breaks a rule is refused with the rule and the field, in the reader's language."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.contract import EMBEDDING_DIM, INPUT_MAX_CHARS, PROFILE_MAX_BYTES, REQUEST_MAX_BYTES
from server.problems import CATALOGUES, STATUS, URN
from tests.server.listening import PATH, Profile, Watched, refused

JSON = {"content-type": "application/json"}


def vector(**changes: float) -> str:
    embedding = np.zeros(EMBEDDING_DIM, "<f4")
    embedding[0] = 1
    for place, value in changes.items():
        embedding[int(place[1:])] = value
    return base64.b64encode(embedding.tobytes()).decode()


@pytest.mark.parametrize(
    ("request_change", "voice_change", "kind", "field"),
    [
        ({"input": ""}, {}, "wrong-length", "input"),
        ({"input": " \n "}, {}, "wrong-length", "input"),
        ({"input": "a" * (INPUT_MAX_CHARS + 1)}, {}, "wrong-length", "input"),
        ({"input": None}, {}, "wrong-type", "input"),
        ({"model": "gpt-5"}, {}, "unsupported-value", "model"),
        ({"speed": 0}, {}, "out-of-range", "speed"),
        ({"speed": "fast"}, {}, "wrong-type", "speed"),
        ({"seed": 2**32}, {}, "out-of-range", "seed"),
        ({"language": "de"}, {}, "unsupported-value", "language"),
        ({"response_format": "mp2"}, {}, "unsupported-value", "response_format"),
        ({"voice": "alloy"}, {}, "unknown-voice", "voice"),
        ({"instructions": "Whisper."}, {}, "no-instructions", "instructions"),
        ({"pronunciations": {"hello": "/h7/"}}, {}, "wrong-pronunciation", "pronunciations.hello"),
        ({}, {"version": 2}, "unsupported-value", "voice.version"),
        ({}, {"encoder": {"id": "another", "sha256": "a" * 64}}, "unsupported-value", "voice.encoder.id"),
        (
            {},
            {"encoder": {"id": "pyannote-xvector-512", "sha256": "a" * 64}},
            "unsupported-value",
            "voice.encoder.sha256",
        ),
        ({}, {"embedding": base64.b64encode(bytes(4 * 511)).decode()}, "wrong-length", "voice.embedding"),
        ({}, {"embedding": vector(_7=np.nan)}, "not-finite", "voice.embedding"),
        ({}, {"embedding": vector(_7=np.inf)}, "not-finite", "voice.embedding"),
        ({}, {"embedding": vector(_7=2.0)}, "not-unit-norm", "voice.embedding"),
        ({}, {"consent": None}, "wrong-type", "voice.consent"),
        ({}, {"recording": "UklGRg=="}, "unknown-field", "voice.recording"),
    ],
)
def test_a_broken_field_is_named(
    client: httpx.Client,
    watched: Watched,
    profile: Profile,
    request_change: dict[str, Any],
    voice_change: dict[str, Any],
    kind: str,
    field: str,
) -> None:
    before = watched.pieces
    body = {"input": "Hello.", "voice": {**profile, **voice_change}, **request_change}
    problem = refused(client.post(PATH, json=body), kind, field)
    assert problem["detail"]
    assert watched.pieces == before


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        (b"", "not-json", None),
        (b"{", "not-json", None),
        (b"[]", "wrong-type", None),
        (b"\xff\xfe", "not-utf8", None),
        (b'{"input": "\\ud800"}', "not-utf8", None),
        (b'{"speed": NaN}', "not-finite", None),
        (b'{"speed": 1e999}', "not-finite", None),
        (b'{"input": "a", "input": "b"}', "duplicate-field", "input"),
        (b'{"a": ' * 4000, "too-deep", None),
        (b'{"input": "Hello."}', "missing-field", "voice"),
    ],
)
def test_a_broken_body_is_refused_with_the_reason(
    client: httpx.Client, body: bytes, kind: str, field: str | None
) -> None:
    refused(client.post(PATH, content=body, headers=JSON), kind, field)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
def test_anything_but_plain_json_is_refused(client: httpx.Client, headers: dict[str, str]) -> None:
    refused(client.post(PATH, content=b"{}", headers=headers), "unsupported-media-type")


def test_a_body_that_is_too_large_is_refused_whether_or_not_it_says_so(client: httpx.Client) -> None:
    def endless() -> Any:
        for _ in range(64):
            yield b" " * 1024

    refused(client.post(PATH, content=b" " * (REQUEST_MAX_BYTES + 1), headers=JSON), "too-large")
    refused(client.post(PATH, content=endless(), headers=JSON), "too-large")


def test_the_longest_text_with_the_largest_profile_fits(profile: Profile) -> None:
    assert len(json.dumps(profile)) <= PROFILE_MAX_BYTES
    body = {"input": "\U0001f600" * INPUT_MAX_CHARS, "voice": profile}
    assert len(json.dumps(body, ensure_ascii=False).encode()) <= REQUEST_MAX_BYTES


@pytest.mark.parametrize(
    ("accept", "language"),
    [("", "en"), ("de", "de"), ("de-AT, en;q=0.5", "de"), ("fr, de;q=0.2, en;q=0.9", "en"), ("xx;q=zz", "en")],
)
def test_the_reason_is_given_in_the_readers_language(client: httpx.Client, accept: str, language: str) -> None:
    answer = client.post(PATH, json={"input": 5}, headers={"accept-language": accept})
    problem = refused(answer, "missing-field", "voice")
    assert answer.headers["content-language"] == language
    assert problem["title"] == CATALOGUES[language]["missing-field.title"]
    assert problem["detail"] == CATALOGUES[language]["missing-field.detail"].format(field="voice")


def test_other_addresses_methods_and_hosts_are_refused(client: httpx.Client) -> None:
    refused(client.get("/v1/audio/voices"), "not-found")
    refused(client.get("/../server/app.py"), "not-found")
    answer = client.get(PATH)
    refused(answer, "method-not-allowed")
    assert answer.headers["allow"] == "POST"
    for name in ("attacker.example", "localhost.attacker.example", "[::", ""):
        refused(client.get("/healthz", headers={"host": name}), "wrong-host")
    for name in ("localhost", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"):
        assert client.get("/healthz", headers={"host": name}).status_code == 200


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    place=st.sampled_from(["speed", "seed", "language", "response_format", "voice", "prosody", "consent", "extra", ""]),
    value=VALUES,
)
def test_no_body_makes_it_fail(client: httpx.Client, profile: Profile, place: str, value: Any) -> None:
    voice = {**profile, place: value} if place in profile else profile
    request: Any = {"input": "Hm.", "voice": voice} | ({} if place in profile else {place: value})
    answer = client.post(PATH, content=json.dumps(request if place else value).encode(), headers=JSON)
    assert answer.status_code == 200 or answer.json()["type"].removeprefix(URN) in STATUS
    assert answer.status_code < 500
