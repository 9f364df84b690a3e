"""What the browser and the server must agree on: rates, dimensions, limits and schemas.

The JSON Schemas below (draft 7) are the single definition. Validators are compiled from them,
OpenAPI embeds them, and both sides import this module, natively and in Pyodide.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import fastjsonschema
import numpy as np
import numpy.typing as npt

PROFILE_VERSION = 1
PROFILE_MAX_BYTES = 4096

ENCODER_ID = "pyannote-xvector-512"
ENCODER_SHA256 = "0bbd4ec37e6d02dc5dfd70ef82356889e7b387d17ec39d9c4fb886a6f066c7b2"  # of speaker_encoder.onnx
ENCODER_SAMPLE_RATE = 16_000  # Hz, mono float32 in [-1, 1]
EMBEDDING_DIM = 512
EMBEDDING_BYTES = EMBEDDING_DIM * 4  # little-endian float32
EMBEDDING_BASE64_CHARS = (EMBEDDING_BYTES + 2) // 3 * 4
UNIT_NORM_TOLERANCE = 1e-3

SYNTHESIS_SAMPLE_RATE = 22_050  # Hz, mono
SPEAKER_VECTOR_DIM = 512  # what the synthesizer is conditioned on; never leaves the server

RECORDING_SECONDS = 10.0  # what the script asks for
INPUT_MAX_CHARS = 5_000
DIALOGUE_MAX_VOICES = 8
DIALOGUE_MAX_LINES = 100
DIALOGUE_MAX_CHARS = 20_000  # of all its lines
DIALOGUE_MAX_BYTES = 256 * 1_024
NAME_MAX_CHARS = 40  # of a voice's name in a dialogue, which means something there alone
PRONUNCIATIONS_MAX = 64
WRITTEN_MAX_CHARS = 40  # of a word, or several in a row, that is to be said another way
SAID_MAX_CHARS = 80  # of how: "/IPA/" or a respelling
PAUSE_RANGE = (0.0, 10.0)  # s, before and after a line of a dialogue
SPEED_RANGE = (0.5, 2.0)
SEED_RANGE = (0, 2**32 - 1)
VOICE_TEXT_MAX_CHARS = -(-PROFILE_MAX_BYTES // 3) * 4  # a profile as a string: its JSON, or that in base64url
PRONUNCIATIONS_MAX_BYTES = PRONUNCIATIONS_MAX * (4 * (WRITTEN_MAX_CHARS + SAID_MAX_CHARS) + 8)
REQUEST_MAX_BYTES = (  # UTF-8 needs up to 4 bytes a character
    VOICE_TEXT_MAX_CHARS + 4 * INPUT_MAX_CHARS + PRONUNCIATIONS_MAX_BYTES + 1_024
)
SYNTHESIS_LANGUAGES = ("en",)
SYNTHESIS_MODELS = ("ownvoice", "tts-1")  # one model by its own name, and by that which clients send unasked
READING_LANGUAGES = ("en", "de")
STREAMED_FORMATS = ("wav", "pcm")  # as they are made; watermarked, but a stream can carry no signed statement
SIGNED_FORMATS = ("wav", "mp3", "flac")  # whole files, with Content Credentials; wav when `stream` is false
FILE_FORMATS = (*SIGNED_FORMATS, "opus")  # Ogg can carry none: marked, and its tags say what it is
STREAM_FORMATS = ("audio", "sse")
RESPONSE_FORMATS = ("wav", "pcm", "mp3", "flac", "opus")

SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}

PROFILE_SCHEMA: dict[str, Any] = {
    "title": "Profile",
    "description": "A voice: a speaker embedding, a little prosody, and the record of consent.",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "encoder", "embedding", "prosody", "consent"],
    "properties": {
        "version": {"type": "integer", "const": PROFILE_VERSION},
        "encoder": {
            "description": "The model that made the embedding; another one's is refused.",
            "type": "object",
            "additionalProperties": False,
            "required": ["id", "sha256"],
            "properties": {"id": {"type": "string", "const": ENCODER_ID}, "sha256": SHA256},
        },
        "embedding": {
            "description": f"Base64 of {EMBEDDING_DIM} little-endian float32, unit norm.",
            "type": "string",
            "minLength": EMBEDDING_BASE64_CHARS,
            "maxLength": EMBEDDING_BASE64_CHARS,
        },
        "prosody": {
            "type": "object",
            "additionalProperties": False,
            "required": ["f0_median_hz", "f0_range_semitones", "syllables_per_second"],
            "properties": {
                "f0_median_hz": {"type": "number", "minimum": 40, "maximum": 600},
                "f0_range_semitones": {"type": "number", "minimum": 0, "maximum": 48},
                "syllables_per_second": {"type": "number", "minimum": 0.5, "maximum": 12},
            },
        },
        "consent": {
            "type": "object",
            "additionalProperties": False,
            "required": ["statement_version", "language", "recorded_at", "script_sha256"],
            "properties": {
                "statement_version": {"type": "integer", "minimum": 1, "maximum": 1_000},
                "language": {"type": "string", "enum": list(READING_LANGUAGES)},
                "recorded_at": {
                    "description": "UTC, ISO 8601, to the second.",
                    "type": "string",
                    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$",
                },
                "script_sha256": SHA256,
            },
        },
    },
}


class ContractError(ValueError):
    """A value that breaks the contract: `kind` is stable, `field` a dotted path, `limit` what the rule asks."""

    def __init__(self, kind: str, field: str, limit: object = None) -> None:
        super().__init__(f"{kind}: {field or 'body'}" + (f" ({limit})" if limit is not None else ""))
        self.kind = kind
        self.field = field
        self.limit = limit


KIND_OF_RULE = {
    "additionalProperties": "unknown-field",
    "required": "missing-field",
    "type": "wrong-type",
    "const": "unsupported-value",
    "enum": "unsupported-value",
    "minimum": "out-of-range",
    "maximum": "out-of-range",
    "minLength": "wrong-length",
    "maxLength": "wrong-length",
    "minItems": "wrong-length",
    "maxItems": "wrong-length",
    "minProperties": "wrong-length",
    "maxProperties": "wrong-length",
    "propertyNames": "wrong-length",
    "pattern": "wrong-format",
}


class Rules:
    """A JSON Schema (draft 7) and the check that is compiled from it, once, when it is first needed."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self.schema = schema

    @functools.cached_property
    def _validate(self) -> Callable[[object], Any]:
        compiled: Callable[[object], Any] = fastjsonschema.compile(
            {"$schema": "http://json-schema.org/draft-07/schema#", **self.schema}
        )
        return compiled

    def check(self, value: object) -> dict[str, Any]:
        """The value with the schema's defaults put in. Raises ContractError for what breaks a rule first."""
        try:
            checked: dict[str, Any] = self._validate(value)
        except fastjsonschema.JsonSchemaValueException as error:
            path = [str(part) for part in error.path[1:]]
            rule = str(error.rule)
            if rule == "additionalProperties":
                path.append(min(set(error.value) - set(error.definition["properties"])))
            elif rule == "required":
                path.append(next(name for name in error.rule_definition if name not in error.value))
            elif rule == "propertyNames":
                longest = error.rule_definition["maxLength"]
                path.append(next(name for name in error.value if not 0 < len(name) <= longest)[:longest])
            limit = _limit(rule, error.definition)
            raise ContractError(KIND_OF_RULE.get(rule, "invalid"), ".".join(path), limit) from None
        return checked


PROFILE_RULES = Rules(PROFILE_SCHEMA)


def _limit(rule: str, definition: dict[str, Any]) -> object:
    """What a rule asks: both ends of a range, the choices, the type or the pattern; None where the kind says it all."""
    if rule == "propertyNames":
        return _limit("maxLength", definition[rule])
    for what in ("imum", "Length", "Items", "Properties"):
        if rule in {f"min{what}", f"max{what}"}:
            return definition.get(f"min{what}", 0), definition[f"max{what}"]
    return definition[rule] if rule in {"type", "const", "enum", "pattern"} else None


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked voice profile. `embedding` is float32 [EMBEDDING_DIM], unit norm."""

    embedding: npt.NDArray[np.float32]
    f0_median_hz: float
    f0_range_semitones: float
    syllables_per_second: float


def decode_json(body: bytes) -> object:
    """Strict JSON (RFC 8259, and I-JSON's rules of RFC 7493): UTF-8, finite numbers, no name twice, no lone surrogate.

    Raises ContractError of kind not-utf8, not-json, not-finite, duplicate-field or too-deep.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ContractError("not-utf8", "") from None
    try:
        value: object = json.loads(text, parse_constant=_number, parse_float=_number, object_pairs_hook=_unique)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # an escape such as \ud800, which is half a character
        raise ContractError("not-utf8", "") from None
    except RecursionError:
        raise ContractError("too-deep", "") from None
    except ContractError:
        raise
    except ValueError:
        raise ContractError("not-json", "") from None
    return value


def _number(literal: str) -> float:
    number = float(literal)
    if not math.isfinite(number):  # NaN and Infinity, which JSON does not know, or 1e999
        raise ContractError("not-finite", "")
    return number


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    decoded: dict[str, object] = {}
    for name, value in pairs:
        if name in decoded:
            raise ContractError("duplicate-field", name)
        decoded[name] = value
    return decoded


def encode_embedding(embedding: npt.NDArray[np.float32]) -> str:
    """Base64 of a unit-norm float32 [EMBEDDING_DIM]. Raises ContractError for any other."""
    _check_embedding(embedding)
    return base64.b64encode(embedding.astype("<f4").tobytes()).decode("ascii")


def decode_embedding(text: str, field: str = "embedding") -> npt.NDArray[np.float32]:
    """The inverse of `encode_embedding`. Raises ContractError for bad base64, size, NaN or norm."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ContractError("wrong-format", field, "base64") from None
    if len(raw) != EMBEDDING_BYTES:
        raise ContractError("wrong-length", field, EMBEDDING_BYTES)
    embedding = np.frombuffer(raw, dtype="<f4").astype(np.float32)
    _check_embedding(embedding, field)
    return embedding


def _check_embedding(embedding: npt.NDArray[np.float32], field: str = "embedding") -> None:
    if embedding.shape != (EMBEDDING_DIM,):
        raise ContractError("wrong-length", field, EMBEDDING_DIM)
    if not np.isfinite(embedding).all():
        raise ContractError("not-finite", field)
    with np.errstate(over="ignore"):
        norm = float(np.linalg.norm(embedding.astype(np.float64)))
    if abs(norm - 1) > UNIT_NORM_TOLERANCE:
        raise ContractError("not-unit-norm", field, 1)


def parse_profile(value: object, encoder_sha256: str, prefix: str = "") -> Profile:
    """A profile from decoded JSON, made by the encoder with that hash. Raises ContractError."""
    return known_profile(PROFILE_RULES.check(value), encoder_sha256, prefix)


def known_profile(checked: dict[str, Any], encoder_sha256: str, prefix: str) -> Profile:
    """A profile that keeps the rules of PROFILE_SCHEMA, if it also keeps those that no schema can say."""
    if checked["encoder"]["sha256"] != encoder_sha256:
        raise ContractError("unsupported-value", f"{prefix}encoder.sha256", encoder_sha256)
    for name, number in checked["prosody"].items():
        if not math.isfinite(number):  # NaN passes every comparison of a schema
            raise ContractError("not-finite", f"{prefix}prosody.{name}")
    return Profile(decode_embedding(checked["embedding"], f"{prefix}embedding"), **checked["prosody"])
