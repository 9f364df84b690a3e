"""A stored voice, version 1: what it is called, how it sounds, and each reading with the consent given for it.

The JSON form is what the vault seals and what an export holds; both are checked here on the way in.
"""

from __future__ import annotations

import functools
import json
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

import fastjsonschema

from frontend.library.script import NAME_MAX_CHARS, Script, script_sha256
from frontend.library.statement import CURRENT, written
from frontend.library.voiceprint import BANDS, VoicePrint
from models.contract import PROFILE_SCHEMA, ContractError, parse_profile

VOICE_VERSION = 1
COLOURS = ("clay", "amber", "moss", "teal", "sky", "violet", "rose", "slate")
READINGS_MAX = 8
INSTANT = PROFILE_SCHEMA["properties"]["consent"]["properties"]["recorded_at"]

PRINT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["spectrum_db", "f0_low_hz", "f0_high_hz"],
    "properties": {
        "spectrum_db": {
            "type": "array",
            "minItems": BANDS,
            "maxItems": BANDS,
            "items": {"type": "number", "minimum": -60, "maximum": 0},
        },
        "f0_low_hz": {"type": "number", "minimum": 20, "maximum": 1_000},
        "f0_high_hz": {"type": "number", "minimum": 20, "maximum": 1_000},
    },
}
CONSENT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["written", "script", "nonce"],
    "properties": {
        "written": {"type": "string", "minLength": 1, "maxLength": 4_000},
        "script": {"type": "string", "minLength": 1, "maxLength": 2_000},
        "nonce": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
    },
}
READING_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["profile", "print", "consent"],
    "properties": {"profile": PROFILE_SCHEMA, "print": PRINT_SCHEMA, "consent": CONSENT_SCHEMA},
}
VOICE_SCHEMA: dict[str, Any] = {
    "title": "Voice",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "id", "name", "colour", "created_at", "used", "profile", "readings"],
    "properties": {
        "version": {"type": "integer", "const": VOICE_VERSION},
        "id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
        "name": {"type": "string", "minLength": 1, "maxLength": NAME_MAX_CHARS, "pattern": r"^\S(.*\S)?$"},
        "colour": {"type": "string", "enum": list(COLOURS)},
        "created_at": INSTANT,
        "used": {"type": "integer", "minimum": 0},
        "profile": PROFILE_SCHEMA,
        "readings": {"type": "array", "minItems": 1, "maxItems": READINGS_MAX, "items": READING_SCHEMA},
    },
}


class VoiceError(ValueError):
    """A voice that cannot be taken: `kind` is "newer", "foreign-encoder", "invalid" or "consent"."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to, in full; version, language, time and hash stand in the profile beside it."""

    written: str
    script: str
    nonce: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One recording's result: a profile v1 as the contract has it, its picture, and the consent read aloud in it."""

    profile: dict[str, Any]
    print: VoicePrint
    consent: Consent


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the library. `profile` is what goes to the server, made from all `readings`."""

    id: str
    name: str
    colour: str
    created_at: str
    used: int
    profile: dict[str, Any]
    readings: tuple[Reading, ...]

    def renamed(self, name: str) -> Voice:
        """The same voice under another name. Raises ValueError for an empty or over-long one."""
        return replace(self, name=checked_name(name))

    def to_json(self) -> dict[str, Any]:
        """The version 1 form, which `from_json` reads back to an equal voice."""
        return {"version": VOICE_VERSION, **json.loads(json.dumps(asdict(self)))}


def now() -> str:
    """This moment as the contract writes it: UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def checked_name(name: str) -> str:
    """A name with its blanks tidied. Raises ValueError unless 1 to NAME_MAX_CHARS characters remain."""
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME_MAX_CHARS:
        raise ValueError(f"a name has 1 to {NAME_MAX_CHARS} characters")
    return name


def attestation(script: Script, recorded_at: str) -> tuple[dict[str, Any], Consent]:
    """The profile's `consent` object and the full record, for a script that was read at that time."""
    told = {
        "statement_version": CURRENT,
        "language": script.language,
        "recorded_at": recorded_at,
        "script_sha256": script.sha256,
    }
    return told, Consent(written(script.language), script.text, script.nonce)


def new_voice(name: str, colour: str, reading: Reading) -> Voice:
    """A voice of one reading, created now. Raises ValueError for a bad name or colour."""
    if colour not in COLOURS:
        raise ValueError(f"no colour {colour!r}")
    return Voice(uuid.uuid4().hex, checked_name(name), colour, now(), 0, reading.profile, (reading,))


@functools.cache
def _validator() -> Callable[[object], Any]:
    compiled: Callable[[object], Any] = fastjsonschema.compile(
        {"$schema": "http://json-schema.org/draft-07/schema#", **VOICE_SCHEMA}
    )
    return compiled


def from_json(value: object, encoder_sha256: str | None) -> Voice:
    """A checked voice from decoded JSON; None while the encoder is not loaded yet. Raises VoiceError.

    "newer": a later version's; "foreign-encoder": made by another encoder; "consent": the record does not match
    the hash that its profile carries; "invalid": anything else.
    """
    if not isinstance(value, dict):
        raise VoiceError("invalid", "not an object")
    version = value.get("version")
    if isinstance(version, int) and version > VOICE_VERSION:
        raise VoiceError("newer", f"version {version}")
    try:
        _validator()(value)
    except fastjsonschema.JsonSchemaValueException as error:
        kind = "foreign-encoder" if "encoder" in error.path else "invalid"
        raise VoiceError(kind, ".".join(map(str, error.path[1:]))) from None
    readings = tuple(
        Reading(entry["profile"], _print(entry["print"]), Consent(**entry["consent"])) for entry in value["readings"]
    )
    for sent in (value["profile"], *(reading.profile for reading in readings)):
        try:
            parse_profile(sent, encoder_sha256 or value["profile"]["encoder"]["sha256"])
        except ContractError as error:
            raise VoiceError("foreign-encoder" if "encoder" in error.field else "invalid", str(error)) from None
    for reading in readings:
        record = reading.consent
        if script_sha256(record.nonce, record.script) != reading.profile["consent"]["script_sha256"]:
            raise VoiceError("consent", "script does not match its hash")
    kept = {name: value[name] for name in ("id", "name", "colour", "created_at", "used", "profile")}
    return Voice(**kept, readings=readings)


def _print(value: dict[str, Any]) -> VoicePrint:
    return VoicePrint(tuple(value["spectrum_db"]), value["f0_low_hz"], value["f0_high_hz"])
