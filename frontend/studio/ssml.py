"""A subset of SSML 1.1 (W3C, 2010): break, prosody (rate, pitch), phoneme, sub, voice, p, s.

What it doesn't support it refuses by name instead of ignoring it: a person who wrote an emphasis wants to hear it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as default
from xml.parsers import expat

from frontend.studio.line import Line, ScriptError

SSML_MAX_CHARS = 1_000_000
MAX_DEPTH = 32
ATTRIBUTES = {
    "speak": {"version", "xmlns", "xml:lang"},
    "p": set(),
    "s": set(),
    "break": {"time", "strength"},
    "prosody": {"rate", "pitch"},
    "phoneme": {"alphabet", "ph"},
    "sub": {"alias"},
    "voice": {"name"},
}
BREAK_SECONDS = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.8, "x-strong": 1.2}
RATES = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.25, "x-fast": 1.75}
PITCHES = {"x-low": -4.0, "low": -2.0, "medium": 0.0, "default": 0.0, "high": 2.0, "x-high": 4.0}


@dataclass(frozen=True, slots=True)
class _Style:
    speaker: str = ""
    speed: float = 1.0
    pitch: float = 0.0


@dataclass(slots=True)
class _Reader:
    """Gathers text into lines; a new line begins where voice, rate or pitch change, and at p, s and break."""

    row: Callable[[], int]
    lines: list[Line] = default(default_factory=list)
    styles: list[_Style] = default(default_factory=lambda: [_Style()])
    tags: list[str] = default(default_factory=list)
    text: str = ""
    pause: float = 0.0
    pronunciations: dict[str, str] = default(default_factory=dict)
    replacement: dict[str, str] | None = None  # attributes of an open phoneme or sub
    replaced: str = ""

    def flush(self) -> None:
        spoken, style = " ".join(self.text.split()), self.styles[-1]
        if spoken:
            line = Line(spoken, style.speaker, style.speed, style.pitch, pronunciations=dict(self.pronunciations))
            self.lines.append(line.replace(pause_before=min(self.pause, 30.0)))
            self.pause = 0.0
        self.text, self.pronunciations = "", {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag not in ATTRIBUTES:
            raise ScriptError("ssml-unsupported", self.row(), f"<{tag}>")
        if unknown := sorted(set(attributes) - ATTRIBUTES[tag]):
            raise ScriptError("ssml-unsupported", self.row(), f"<{tag} {unknown[0]}>")
        if (tag == "speak") != (not self.tags) or self.replacement is not None or len(self.tags) >= MAX_DEPTH:
            raise ScriptError("ssml-nesting", self.row(), f"<{tag}>")
        self.tags.append(tag)
        style = self.styles[-1]
        if tag in {"phoneme", "sub"}:
            self.replacement, self.replaced = {"tag": tag, **attributes}, ""
            return
        if tag == "break":
            self.flush()
            self.pause += _seconds(attributes, self.row())
        elif tag in {"p", "s"}:
            self.flush()
        elif tag == "voice":
            self.flush()
            style = _Style(_needed(attributes, "name", tag, self.row()), style.speed, style.pitch)
        elif tag == "prosody":
            self.flush()
            speed = style.speed * _rate(attributes.get("rate", "default"), self.row())
            pitch = style.pitch + _pitch(attributes.get("pitch", "default"), self.row())
            style = _Style(style.speaker, speed, pitch)
        self.styles.append(style)

    def end(self, tag: str) -> None:
        self.tags.pop()
        if tag in {"phoneme", "sub"}:
            self._replace(self.replacement or {})
            self.replacement = None
            return
        if tag != "break":
            self.flush()
        self.styles.pop()

    def data(self, text: str) -> None:
        if self.replacement is not None:
            self.replaced += text
        else:
            self.text += text

    def _replace(self, attributes: dict[str, str]) -> None:
        word = " ".join(self.replaced.split())
        if attributes["tag"] == "sub":
            self.text += _needed(attributes, "alias", "sub", self.row())
            return
        if attributes.get("alphabet", "ipa") != "ipa":
            raise ScriptError("ssml-unsupported", self.row(), f"alphabet={attributes['alphabet']}")
        if not word:
            raise ScriptError("ssml-nesting", self.row(), "<phoneme>")
        self.pronunciations[word] = f"/{_needed(attributes, 'ph', 'phoneme', self.row())}/"
        self.text += word


def is_ssml(text: str) -> bool:
    """Whether a text is meant as SSML: it opens with a speak element."""
    return re.match(r"\s*(<\?xml[^>]*>\s*)?<speak[\s>]", text) is not None


def read_ssml(text: str) -> list[Line]:
    """Lines of an SSML document. Raises ScriptError("malformed-ssml" | "ssml-unsupported" | "ssml-nesting" | …)."""
    if len(text) > SSML_MAX_CHARS:
        raise ScriptError("script-too-long", detail=str(SSML_MAX_CHARS))
    parser = expat.ParserCreate()
    reader = _Reader(row=lambda: parser.CurrentLineNumber)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    parser.StartDoctypeDeclHandler = lambda *_: _refuse_doctype(parser.CurrentLineNumber)  # no entities, no bombs
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise ScriptError("malformed-ssml", error.lineno, expat.ErrorString(error.code)) from None
    if not reader.lines:
        raise ScriptError("empty-script")
    return reader.lines


def _refuse_doctype(row: int) -> None:
    raise ScriptError("ssml-unsupported", row, "<!DOCTYPE>")


def _needed(attributes: dict[str, str], name: str, tag: str, row: int) -> str:
    value = attributes.get(name, "").strip()
    if not value:
        raise ScriptError("ssml-missing-attribute", row, f"<{tag} {name}>")
    return value


def _seconds(attributes: dict[str, str], row: int) -> float:
    time, strength = attributes.get("time"), attributes.get("strength", "medium")
    if time is None and strength in BREAK_SECONDS:
        return BREAK_SECONDS[strength]
    match = re.fullmatch(r"\+?(\d{1,5}(?:\.\d{1,3})?)(ms|s)", time or "")
    if match is None:
        raise ScriptError("ssml-value", row, time or strength)
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _rate(value: str, row: int) -> float:
    if value in RATES:
        return RATES[value]
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)%", value)
    if match is None:
        raise ScriptError("ssml-value", row, value)
    return float(match[1]) / 100


def _pitch(value: str, row: int) -> float:
    if value in PITCHES:
        return PITCHES[value]
    match = re.fullmatch(r"([+-]\d{1,2}(?:\.\d+)?)st", value)
    if match is None:
        raise ScriptError("ssml-value", row, value)
    return float(match[1])
