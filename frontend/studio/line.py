"""One line of a script: what is said, by whom, and how."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field

from models.contract import INPUT_MAX_CHARS, SEED_RANGE, SPEED_RANGE

PITCH_RANGE = (-6.0, 6.0)  # semitones; beyond, a voice stops sounding like the person
PAUSE_RANGE = (0.0, 30.0)  # s
NATURAL_SPEED_RANGE = (0.8, 1.3)  # listeners judge read speech natural about here; outside, we warn
START_MAX = 86_400.0  # s; a day of speech
# The voice has no handle on a single word's stress, so a line is emphasised as a whole, by what a listener hears as
# weight: a little slower (factor on its speed) and a little louder (dB).
EMPHASES = {"": (1.0, 0.0), "moderate": (0.94, 1.5), "strong": (0.88, 3.0)}


class ScriptError(ValueError):
    """A script that can't be read: `kind` is stable (a catalogue key), `line` 1-based in the source."""

    def __init__(self, kind: str, line: int = 0, detail: str = "") -> None:
        super().__init__(f"{kind}, line {line}: {detail}")
        self.kind = kind
        self.line = line
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Cue:
    """Where a line belongs in a video, in seconds from its start."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.start) and math.isfinite(self.end) and 0 <= self.start < self.end):
            raise ScriptError("cue-order", detail=f"{self.start} --> {self.end}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line is spoken in one voice and generated on its own. Pauses in seconds, pitch in semitones."""

    text: str
    speaker: str = ""  # as written in the script; empty: the script's default voice
    speed: float = 1.0
    pitch: float = 0.0
    pause_before: float = 0.0
    pause_after: float = 0.0
    pronunciations: dict[str, str] = field(default_factory=dict)
    take: int = 0
    cue: Cue | None = None
    emphasis: str = ""  # one of EMPHASES
    start: float | None = None  # s, where a person placed it; else it starts with its cue or after the line before

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ScriptError("empty-line")
        if len(self.text) > INPUT_MAX_CHARS:
            raise ScriptError("line-too-long", detail=str(INPUT_MAX_CHARS))
        for name, value, (low, high) in (
            ("speed", self.speed, SPEED_RANGE),
            ("pitch", self.pitch, PITCH_RANGE),
            ("pause_before", self.pause_before, PAUSE_RANGE),
            ("pause_after", self.pause_after, PAUSE_RANGE),
            ("take", self.take, SEED_RANGE),
            ("start", self.start or 0.0, (0.0, START_MAX)),
        ):
            if not low <= value <= high:  # NaN fails too
                raise ScriptError("out-of-range", detail=f"{name}={value}")
        if self.emphasis not in EMPHASES:
            raise ScriptError("out-of-range", detail=f"emphasis={self.emphasis}")

    def replace(self, **changes: object) -> Line:
        """The same line with some fields changed, checked again."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]
