"""The contract refuses what it must, names the field at fault, and round-trips what it may."""

import base64
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import contract
from models.contract import ContractError, decode_embedding, decode_json, encode_embedding
from models.requests import SpeechRequest, parse_dialogue_request, parse_speech_request

HASH = "a" * 64


def unit(seed: int = 0) -> Any:
    vector = np.random.default_rng(seed).standard_normal(contract.EMBEDDING_DIM).astype(np.float32)
    return vector / np.linalg.norm(vector)


def profile(**changes: Any) -> dict[str, Any]:
    return {
        "version": contract.PROFILE_VERSION,
        "encoder": {"id": contract.ENCODER_ID, "sha256": HASH},
        "embedding": encode_embedding(unit()),
        "prosody": {"f0_median_hz": 118.5, "f0_range_semitones": 7.25, "syllables_per_second": 4.5},
        "consent": {
            "statement_version": 1,
            "language": "en",
            "recorded_at": "2026-11-22T12:00:00Z",
            "script_sha256": "b" * 64,
        },
        **changes,
    }


def test_a_whole_request_is_accepted_with_the_defaults_of_the_schema() -> None:
    request = parse_speech_request({"input": "Hello.", "voice": profile()}, HASH)
    (line,) = request.lines
    assert request == SpeechRequest((line,))
    assert (line.input, line.speed, line.seed, line.pronunciations) == ("Hello.", 1.0, 0, {})
    np.testing.assert_array_equal(line.voice.embedding, unit())


def test_a_profile_fits_in_its_limit() -> None:
    assert len(json.dumps(profile()).encode()) <= contract.PROFILE_MAX_BYTES


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"input": ""}, "wrong-length", "input"),
        ({"input": " \n\t"}, "wrong-length", "input"),
        ({"input": "x" * (contract.INPUT_MAX_CHARS + 1)}, "wrong-length", "input"),
        ({"input": 7}, "wrong-type", "input"),
        ({"surprise": 1}, "unknown-field", "surprise"),
        ({"speed": 2.01}, "out-of-range", "speed"),
        ({"speed": math.nan}, "not-finite", "speed"),
        ({"speed": True}, "wrong-type", "speed"),
        ({"seed": -1}, "out-of-range", "seed"),
        ({"seed": 1.5}, "wrong-type", "seed"),
        ({"language": "xx"}, "unsupported-value", "language"),
        ({"response_format": "exe"}, "unsupported-value", "response_format"),
        ({"voice": "alloy"}, "unknown-voice", "voice"),
        ({"voice": 7}, "wrong-type", "voice"),
        ({"voice": "e30"}, "missing-field", "voice.version"),
        ({"voice": "x" * 9_999}, "wrong-length", "voice"),
        ({"model": "tts-2"}, "unsupported-value", "model"),
        ({"instructions": "Whisper."}, "no-instructions", "instructions"),
        ({"stream_format": "json"}, "unsupported-value", "stream_format"),
        ({"pronunciations": {"": "x"}}, "wrong-length", "pronunciations."),
        ({"pronunciations": {"cat": ""}}, "wrong-length", "pronunciations.cat"),
        ({"pronunciations": {"cat": "x" * 81}}, "wrong-length", "pronunciations.cat"),
        ({"pronunciations": {"cat": 5}}, "wrong-type", "pronunciations.cat"),
        ({"pronunciations": {str(n): "x" for n in range(65)}}, "wrong-length", "pronunciations"),
        ({"pronunciations": {"y" * 41: "x"}}, "wrong-length", f"pronunciations.{'y' * 40}"),
        ({"voice": profile(version=2)}, "unsupported-value", "voice.version"),
        ({"voice": profile(extra=1)}, "unknown-field", "voice.extra"),
        ({"voice": profile(encoder={"id": "other", "sha256": HASH})}, "unsupported-value", "voice.encoder.id"),
        (
            {"voice": profile(encoder={"id": contract.ENCODER_ID, "sha256": "c" * 64})},
            "unsupported-value",
            "voice.encoder.sha256",
        ),
        ({"voice": profile(embedding="")}, "wrong-length", "voice.embedding"),
        ({"voice": profile(embedding="!" * contract.EMBEDDING_BASE64_CHARS)}, "wrong-format", "voice.embedding"),
        ({"voice": profile(consent={})}, "missing-field", "voice.consent.statement_version"),
        (
            {"voice": profile(prosody={**profile()["prosody"], "f0_median_hz": math.nan})},
            "not-finite",
            "voice.prosody.f0_median_hz",
        ),
    ],
)
def test_a_broken_request_is_refused_with_the_field_at_fault(change: dict[str, Any], kind: str, field: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_speech_request({"input": "Hello.", "voice": profile(), **change}, HASH)
    assert (caught.value.kind, caught.value.field) == (kind, field)


def test_a_missing_voice_is_named() -> None:
    with pytest.raises(ContractError) as caught:
        parse_speech_request({"input": "Hello."}, HASH)
    assert (caught.value.kind, caught.value.field) == ("missing-field", "voice")


@pytest.mark.parametrize(("value", "kind"), [(np.nan, "not-finite"), (np.inf, "not-finite"), (3.0, "not-unit-norm")])
def test_an_embedding_that_is_no_unit_vector_is_refused(value: float, kind: str) -> None:
    vector = unit()
    vector[5] = value
    with pytest.raises(ContractError) as caught:
        decode_embedding(base64.b64encode(vector.tobytes()).decode())
    assert caught.value.kind == kind
    with pytest.raises(ContractError):
        encode_embedding(vector)


@given(st.integers(0, 2**32 - 1))
def test_an_embedding_survives_the_wire_bit_for_bit(seed: int) -> None:
    np.testing.assert_array_equal(decode_embedding(encode_embedding(unit(seed))), unit(seed))


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        (b"", "not-json", ""),
        (b"{", "not-json", ""),
        (b"1" * 5_000, "not-json", ""),
        (b"\xff", "not-utf8", ""),
        (b'"\\ud800"', "not-utf8", ""),
        (b'{"a": NaN}', "not-finite", ""),
        (b'{"a": -Infinity}', "not-finite", ""),
        (b'{"a": 1e999}', "not-finite", ""),
        (b'{"a": 1, "a": 2}', "duplicate-field", "a"),
        (b"[" * 100_000, "too-deep", ""),
    ],
)
def test_what_is_not_strict_json_is_refused_with_the_reason(body: bytes, kind: str, field: str) -> None:
    with pytest.raises(ContractError) as caught:
        decode_json(body)
    assert (caught.value.kind, caught.value.field) == (kind, field)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    seed = parse_speech_request({"input": "Hello.", "voice": profile(), "seed": 7.0}, HASH).lines[0].seed
    assert isinstance(seed, int)


@pytest.mark.parametrize(
    ("change", "limit"),
    [
        ({"input": ""}, (1, contract.INPUT_MAX_CHARS)),
        ({"speed": 9}, contract.SPEED_RANGE),
        ({"seed": "1"}, "integer"),
        ({"language": "xx"}, list(contract.SYNTHESIS_LANGUAGES)),
        ({"surprise": 1}, None),
    ],
)
def test_a_refusal_says_what_is_asked(change: dict[str, Any], limit: object) -> None:
    with pytest.raises(ContractError) as caught:
        parse_speech_request({"input": "Hello.", "voice": profile(), **change}, HASH)
    assert caught.value.limit == limit


@given(st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(), st.lists))
def test_strict_json_is_read_as_it_stands(value: object) -> None:
    assert decode_json(json.dumps(value).encode()) == value


def dialogue(**changes: Any) -> dict[str, Any]:
    voices = {"Ann": profile(), "Ben": json.dumps(profile(embedding=encode_embedding(unit(1))))}
    lines = [{"voice": "Ann", "input": "Hello."}, {"voice": "Ben", "input": "Yes?", "seed": 3, "pause_before": 0.5}]
    return {"voices": voices, "lines": lines, **changes}


def test_a_dialogue_gives_each_line_its_voice() -> None:
    request = parse_dialogue_request(dialogue(), HASH)
    assert [(line.input, line.seed, line.pause_before, line.path) for line in request.lines] == [
        ("Hello.", 0, 0.0, "lines.0."),
        ("Yes?", 3, 0.5, "lines.1."),
    ]
    for seed, line in enumerate(request.lines):
        np.testing.assert_array_equal(line.voice.embedding, unit(seed))


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"lines": [{"voice": "Cleo", "input": "Hi."}]}, "unknown-voice", "lines.0.voice"),
        ({"lines": [{"voice": "ann", "input": "Hi."}]}, "unknown-voice", "lines.0.voice"),
        ({"lines": [{"voice": "Ann", "input": " "}]}, "wrong-length", "lines.0.input"),
        ({"lines": [{"voice": "Ann", "input": "Hi.", "pause_after": 11}]}, "out-of-range", "lines.0.pause_after"),
        ({"lines": [{"voice": "Ann", "input": "Hi.", "speed": math.nan}]}, "not-finite", "lines.0.speed"),
        ({"lines": [{"voice": "Ann", "input": "Hi.", "pitch": 1}]}, "unknown-field", "lines.0.pitch"),
        ({"lines": [{"voice": "Ann"}]}, "missing-field", "lines.0.input"),
        ({"lines": []}, "wrong-length", "lines"),
        ({"lines": [{"voice": "Ann", "input": "x" * 4_001}] * 5}, "wrong-length", "lines"),
        ({"lines": [{"voice": "Ann", "input": "x"}] * 101}, "wrong-length", "lines"),
        ({"voices": {}}, "wrong-length", "voices"),
        ({"voices": {str(number): profile() for number in range(9)}}, "wrong-length", "voices"),
        ({"voices": {"Ann": "alloy"}}, "unknown-voice", "voices.Ann"),
        ({"voices": {"Ann": profile(version=2)}}, "unsupported-value", "voices.Ann.version"),
        ({"voices": {"": profile()}}, "wrong-length", "voices."),
    ],
)
def test_a_broken_dialogue_is_refused_with_the_field_at_fault(change: dict[str, Any], kind: str, field: str) -> None:
    with pytest.raises(ContractError) as caught:
        parse_dialogue_request(dialogue(**change), HASH)
    assert (caught.value.kind, caught.value.field) == (kind, field)


def test_a_voice_may_come_as_a_string() -> None:
    text = json.dumps(profile())
    packed = base64.urlsafe_b64encode(text.encode()).decode()
    for voice in (text, packed, packed.rstrip("=")):
        line = parse_speech_request({"input": "Hello.", "voice": voice}, HASH).lines[0]
        np.testing.assert_array_equal(line.voice.embedding, unit())
