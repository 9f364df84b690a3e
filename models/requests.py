"""What a request for speech may hold: one text in one voice, or a dialogue. Both are read into a `SpeechRequest`."""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass, field
from typing import Any

from models.contract import (
    DIALOGUE_MAX_CHARS,
    DIALOGUE_MAX_LINES,
    DIALOGUE_MAX_VOICES,
    INPUT_MAX_CHARS,
    NAME_MAX_CHARS,
    PAUSE_RANGE,
    PROFILE_SCHEMA,
    PRONUNCIATIONS_MAX,
    RESPONSE_FORMATS,
    SAID_MAX_CHARS,
    SEED_RANGE,
    SPEED_RANGE,
    STREAM_FORMATS,
    STREAMED_FORMATS,
    SYNTHESIS_LANGUAGES,
    SYNTHESIS_MODELS,
    VOICE_TEXT_MAX_CHARS,
    WRITTEN_MAX_CHARS,
    ContractError,
    Profile,
    Rules,
    decode_json,
    known_profile,
)

VOICE_SCHEMA: dict[str, Any] = {
    "description": "The voice itself, for none is kept here: a profile, or a string that holds the profile's JSON "
    "or the base64url of it, for clients that can send nothing but a string.",
    "anyOf": [PROFILE_SCHEMA, {"type": "string", "maxLength": VOICE_TEXT_MAX_CHARS}],
}
LINE: dict[str, Any] = {
    "input": {"type": "string", "minLength": 1, "maxLength": INPUT_MAX_CHARS},
    "speed": {"type": "number", "minimum": SPEED_RANGE[0], "maximum": SPEED_RANGE[1], "default": 1.0},
    "seed": {
        "description": "The same request with the same seed gives the same samples.",
        "type": "integer",
        "minimum": SEED_RANGE[0],
        "maximum": SEED_RANGE[1],
        "default": 0,
    },
    "pronunciations": {
        "description": "Words, or several in a row, and how they are said: IPA between slashes, as /wˈɪn/, or a "
        "respelling, as nuh-VAH-duh. Found as whole words in any case of letters; one written in capitals, as US, "
        "is found in capitals alone, since us is another word.",
        "type": "object",
        "maxProperties": PRONUNCIATIONS_MAX,
        "propertyNames": {"minLength": 1, "maxLength": WRITTEN_MAX_CHARS},
        "additionalProperties": {"type": "string", "minLength": 1, "maxLength": SAID_MAX_CHARS},
        "default": {},
    },
}
ANSWER: dict[str, Any] = {
    "model": {
        "description": "There is one model; the field is there for clients that must send it.",
        "type": "string",
        "enum": list(SYNTHESIS_MODELS),
        "default": SYNTHESIS_MODELS[0],
    },
    "language": {"type": "string", "enum": list(SYNTHESIS_LANGUAGES), "default": "en"},
    "response_format": {"type": "string", "enum": list(RESPONSE_FORMATS), "default": "wav"},
    "stream": {
        "description": "False: the answer comes whole and signed. Matters for wav alone; pcm always streams, the "
        "others never do.",
        "type": "boolean",
        "default": True,
    },
    "stream_format": {
        "description": "sse: the answer is text/event-stream, whatever the response_format: base64 of the audio in "
        "pieces, and when each word and phoneme is heard.",
        "type": "string",
        "enum": list(STREAM_FORMATS),
        "default": "audio",
    },
}


def _speech(voice: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "SpeechRequest",
        "type": "object",
        "additionalProperties": False,
        "required": ["input", "voice"],
        "properties": {"voice": voice, **LINE, **ANSWER},
    }


def _dialogue(voice: dict[str, Any]) -> dict[str, Any]:
    pause = {"type": "number", "minimum": PAUSE_RANGE[0], "maximum": PAUSE_RANGE[1], "default": 0.0}
    name = {"type": "string", "minLength": 1, "maxLength": NAME_MAX_CHARS}
    line = {
        "title": "DialogueLine",
        "type": "object",
        "additionalProperties": False,
        "required": ["voice", "input"],
        "properties": {
            "voice": {"description": "One of the names in `voices`.", **name},
            **LINE,
            "pause_before": {"description": "Seconds of silence besides the text's own.", **pause},
            "pause_after": {"description": "Seconds of silence besides the text's own.", **pause},
        },
    }
    return {
        "title": "DialogueRequest",
        "description": f"Lines in turn, at most {DIALOGUE_MAX_CHARS} characters of input together.",
        "type": "object",
        "additionalProperties": False,
        "required": ["voices", "lines"],
        "properties": {
            "voices": {
                "description": "The voices by names that mean something in this request alone.",
                "type": "object",
                "minProperties": 1,
                "maxProperties": DIALOGUE_MAX_VOICES,
                "propertyNames": {"minLength": 1, "maxLength": NAME_MAX_CHARS},
                "additionalProperties": voice,
            },
            "lines": {"type": "array", "minItems": 1, "maxItems": DIALOGUE_MAX_LINES, "items": line},
            **ANSWER,
        },
    }


SPEECH_REQUEST_SCHEMA = _speech(VOICE_SCHEMA)
DIALOGUE_REQUEST_SCHEMA = _dialogue(VOICE_SCHEMA)
SPEECH_RULES = Rules(_speech(PROFILE_SCHEMA))  # by then a voice that came as a string is an object
DIALOGUE_RULES = Rules(_dialogue(PROFILE_SCHEMA))


@dataclass(frozen=True, slots=True)
class Line:
    """A text in one voice. Pauses in seconds, besides the text's own; `path` leads to its fields in the request."""

    input: str
    voice: Profile
    speed: float = 1.0
    seed: int = 0
    pronunciations: dict[str, str] = field(default_factory=dict)
    pause_before: float = 0.0
    pause_after: float = 0.0
    path: str = ""


@dataclass(frozen=True, slots=True)
class SpeechRequest:
    """A checked request: what to say, and how the answer shall come. Defaults are those of the schema."""

    lines: tuple[Line, ...]
    language: str = "en"
    response_format: str = "wav"
    stream: bool = True
    stream_format: str = "audio"

    @property
    def streamed(self) -> bool:
        """Whether the sound is sent as it is made; else it is a whole file."""
        return self.response_format in STREAMED_FORMATS and (self.stream or self.response_format == "pcm")

    @property
    def characters(self) -> int:
        """Of all texts together."""
        return sum(len(line.input) for line in self.lines)


def parse_speech_request(value: object, encoder_sha256: str) -> SpeechRequest:
    """A request of one line from decoded JSON. Raises ContractError."""
    if isinstance(value, dict):
        if value.get("instructions"):
            raise ContractError("no-instructions", "instructions")
        value = {name: item for name, item in value.items() if name != "instructions"}
        value |= {"voice": _unpacked(value["voice"], "voice")} if "voice" in value else {}
    checked = SPEECH_RULES.check(value)
    voice = known_profile(checked["voice"], encoder_sha256, "voice.")
    return _request((_line(checked, voice),), checked)


def parse_dialogue_request(value: object, encoder_sha256: str) -> SpeechRequest:
    """A request of several lines from decoded JSON. Raises ContractError; no voice stands in for an unknown one."""
    if isinstance(value, dict) and isinstance(value.get("voices"), dict):
        voices = {name: _unpacked(voice, f"voices.{name}") for name, voice in value["voices"].items()}
        value = {**value, "voices": voices}
    checked = DIALOGUE_RULES.check(value)
    profiles = {
        name: known_profile(voice, encoder_sha256, f"voices.{name}.") for name, voice in checked["voices"].items()
    }
    lines = []
    for number, line in enumerate(checked["lines"]):
        if line["voice"] not in profiles:
            raise ContractError("unknown-voice", f"lines.{number}.voice")
        lines.append(_line(line, profiles[line["voice"]], f"lines.{number}."))
    request = _request(tuple(lines), checked)
    if request.characters > DIALOGUE_MAX_CHARS:
        raise ContractError("wrong-length", "lines", (1, DIALOGUE_MAX_CHARS))
    return request


def _unpacked(voice: object, path: str) -> object:
    """A voice as it came, or the object that a string holds."""
    if not isinstance(voice, str):
        return voice
    if len(voice) > VOICE_TEXT_MAX_CHARS:
        raise ContractError("wrong-length", path, (1, VOICE_TEXT_MAX_CHARS))
    try:
        if voice.lstrip().startswith("{"):
            return decode_json(voice.encode())
        return decode_json(base64.b64decode(voice + "=" * (-len(voice) % 4), b"-_", validate=True))
    except ValueError:  # a name, most likely
        raise ContractError("unknown-voice", path) from None


def _line(checked: dict[str, Any], voice: Profile, path: str = "") -> Line:
    for name in ("speed", "pause_before", "pause_after"):
        if not math.isfinite(checked.get(name, 0)):
            raise ContractError("not-finite", f"{path}{name}")
    if not checked["input"].strip():
        raise ContractError("wrong-length", f"{path}input", (1, INPUT_MAX_CHARS))
    return Line(
        checked["input"],
        voice,
        checked["speed"],
        int(checked["seed"]),  # JSON Schema lets 7.0 pass
        checked["pronunciations"],
        checked.get("pause_before", 0.0),
        checked.get("pause_after", 0.0),
        path,
    )


def _request(lines: tuple[Line, ...], checked: dict[str, Any]) -> SpeechRequest:
    names = ("language", "response_format", "stream", "stream_format")
    return SpeechRequest(lines, **{name: checked[name] for name in names})
