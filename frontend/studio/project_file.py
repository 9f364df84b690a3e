"""A project's file: versioned JSON that holds the script and its settings, of each voice its name alone, and no speech.

A file is taken whole or not at all; what it does not know it refuses by name.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import fastjsonschema

from frontend.studio.effects import EFFECTS
from frontend.studio.line import Cue, Line, ScriptError
from frontend.studio.mix import LOUDNESS_TARGETS
from frontend.studio.project import ORIGINAL_SOUNDS, Cast, Mix, Project, Video
from models.contract import decode_json

PROJECT_VERSION = 1
SUFFIX = ".ownvoice-project"
MIME = "application/json"
MAX_BYTES = 16 * 1024 * 1024
LINES_MAX = 20_000
WORDS_MAX = 5_000  # of the dictionary

_WORDS = {"type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 200}}
_NUMBER = {"type": "number"}
LINE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["text"],
    "properties": {
        "text": {"type": "string"},
        "speaker": {"type": "string", "maxLength": 200},
        **dict.fromkeys(("speed", "pitch", "pause_before", "pause_after", "start"), _NUMBER),
        "emphasis": {"type": "string"},
        "pronunciations": _WORDS,
        "take": {"type": "integer"},
        "cue": {"type": "array", "items": _NUMBER, "minItems": 2, "maxItems": 2},
    },
}
PROJECT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ownvoice_project", "lines", "voices", "dictionary", "mix"],
    "properties": {
        "ownvoice_project": {"const": PROJECT_VERSION},
        "lines": {"type": "array", "items": LINE_SCHEMA, "maxItems": LINES_MAX},
        "voices": {"type": "object", "additionalProperties": {"type": "string", "minLength": 1, "maxLength": 200}},
        "dictionary": {**_WORDS, "maxProperties": WORDS_MAX},
        "mix": {
            "type": "object",
            "additionalProperties": False,
            "required": ["effect", "loudness", "original"],
            "properties": {
                "effect": {"enum": ["", *EFFECTS]},
                "loudness": {"enum": list(LOUDNESS_TARGETS)},
                "original": {"enum": list(ORIGINAL_SOUNDS)},
            },
        },
        "video": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "seconds"],
            "properties": {"name": {"type": "string", "maxLength": 1_000}, "seconds": {**_NUMBER, "minimum": 0}},
        },
    },
}


class ProjectRefused(ValueError):
    """A file that is not taken: `kind` is "foreign", "newer" or "invalid", `detail` the place at fault."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail


def write_project(project: Project) -> bytes:
    """The project as a file: UTF-8 JSON. What a line has by default is left out."""
    content: dict[str, Any] = {
        "ownvoice_project": PROJECT_VERSION,
        "lines": [_line(line) for line in project.lines],
        "voices": {speaker: cast.name for speaker, cast in project.voices.items()},
        "dictionary": dict(project.dictionary),
        "mix": asdict(project.mix),
    }
    if project.video is not None:
        content["video"] = asdict(project.video)
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _line(line: Line) -> dict[str, Any]:
    plain = asdict(Line("-"))
    told = {name: value for name, value in asdict(line).items() if value != plain[name]}
    return {**told, "cue": [line.cue.start, line.cue.end]} if line.cue else told


def read_project(file: bytes) -> Project:
    """The project of a file. Raises ProjectRefused."""
    try:
        content = decode_json(file) if len(file) <= MAX_BYTES else None
    except ValueError:
        raise ProjectRefused("foreign") from None
    if not isinstance(content, dict) or not isinstance(version := content.get("ownvoice_project"), int):
        raise ProjectRefused("foreign")
    if version > PROJECT_VERSION:
        raise ProjectRefused("newer", str(version))
    try:
        _validator()(content)
    except fastjsonschema.JsonSchemaValueException as error:
        raise ProjectRefused("invalid", ".".join(map(str, error.path[1:]))) from None
    video = content.get("video")
    return Project(
        tuple(_read_line(number, told) for number, told in enumerate(content["lines"])),
        {speaker: Cast(name) for speaker, name in content["voices"].items()},
        content["dictionary"],
        Mix(**content["mix"]),
        Video(**video) if video else None,
    )


def _read_line(number: int, told: dict[str, Any]) -> Line:
    try:
        cue = Cue(*told["cue"]) if "cue" in told else None
        return Line(**{**told, "cue": cue})
    except ScriptError as error:
        raise ProjectRefused("invalid", f"lines.{number}: {error.kind} {error.detail}".strip()) from None


@functools.cache
def _validator() -> Callable[[object], Any]:
    compiled: Callable[[object], Any] = fastjsonschema.compile(
        {"$schema": "http://json-schema.org/draft-07/schema#", **PROJECT_SCHEMA}
    )
    return compiled
