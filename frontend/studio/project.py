"""A project: the script's lines, who speaks them, and how they are mixed. Immutable, so that undo is a list of them.

Speech is not part of it: takes are kept by key in `frontend.studio.takes`, and where a clip lies follows from the
lines and their takes. `frontend.studio.project_file` writes a project to a file and reads it back.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from frontend.studio.line import EMPHASES, Line
from frontend.studio.mix import LOUDNESS_TARGETS
from frontend.studio.timeline import Fit, Timeline, fit
from models.contract import SPEED_RANGE

LATE_SECONDS = 0.1  # that a take may last beyond its cue; nobody sees a subtitle stay that little
ORIGINAL_SOUNDS = ("duck", "replace", "keep")  # what becomes of a video's own sound


@dataclass(frozen=True, slots=True)
class Cast:
    """The voice that a speaker was given: its name, and in this browser its id ("" when read from a file)."""

    name: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """How the narration is to sound: an effect of `effects.EFFECTS` or "", LUFS, and one of ORIGINAL_SOUNDS."""

    effect: str = ""
    loudness: float = LOUDNESS_TARGETS[0]
    original: str = ORIGINAL_SOUNDS[0]


@dataclass(frozen=True, slots=True)
class Video:
    """The video that the narration is for, told by its name and length in seconds; its content is not kept."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Project:
    """All of it. `voices` by speaker as written in the script; `dictionary` holds word -> "say it like"."""

    lines: tuple[Line, ...] = ()
    voices: Mapping[str, Cast] = field(default_factory=dict)
    dictionary: Mapping[str, str] = field(default_factory=dict)
    mix: Mix = Mix()
    video: Video | None = None

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who speaks, in the order of their first lines; "" is the narrator, who has no name in the script."""
        return tuple(dict.fromkeys(line.speaker for line in self.lines))

    def spoken(self, number: int) -> Line:
        """The line as it is asked for: see `as_asked`."""
        return as_asked(self.lines[number], self.dictionary)

    def timeline(self, seconds: Sequence[float | None]) -> Timeline:
        """The clips of those lines whose take has a length."""
        return Timeline.sequence(
            (number, line.pause_before, length, line.pause_after, _own_start(line))
            for number, (line, length) in enumerate(zip(self.lines, seconds, strict=True))
            if length is not None
        )

    def replace(self, **changes: object) -> Project:
        """The same project with some fields changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def with_line(self, number: int, **changes: object) -> Project:
        """One line changed. Raises ScriptError for a value that no line may have."""
        return self.replace(
            lines=(*self.lines[:number], self.lines[number].replace(**changes), *self.lines[number + 1 :])
        )

    def with_new_line(self, number: int, line: Line) -> Project:
        """A line put in before the one of that number."""
        return self.replace(lines=(*self.lines[:number], line, *self.lines[number:]))

    def without_line(self, number: int) -> Project:
        """One line taken out."""
        return self.replace(lines=(*self.lines[:number], *self.lines[number + 1 :]))

    def fitted(self, seconds: Sequence[float | None]) -> Project:
        """Lines that are too long for their cue at the speed that fits, or at the fastest natural one."""
        fits = (cue_fit(line, length) for line, length in zip(self.lines, seconds, strict=True))
        lines = (
            line.replace(speed=math.ceil(100 * it.speed - 1e-6) / 100) if it else line
            for line, it in zip(self.lines, fits, strict=True)
        )
        return self.replace(lines=tuple(lines))

    def placed(self, timeline: Timeline, numbers: Iterable[int]) -> Project:
        """Those lines pinned where the timeline has them."""
        starts = {clip.line: clip.start for clip in timeline.clips}
        pinned = set(numbers) & set(starts)
        return self.replace(
            lines=tuple(line.replace(start=starts[n]) if n in pinned else line for n, line in enumerate(self.lines))
        )

    def rewritten(self, lines: Sequence[Line]) -> Project:
        """Another script in place of this one; a line that stays, or is still recognised, keeps its settings."""
        old = [(line.speaker, line.text) for line in self.lines]
        new = [(line.speaker, line.text) for line in lines]
        merged = list(lines)
        for what, a, to_a, b, to_b in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for before, after in zip(range(a, to_a), range(b, to_b), strict=False):
                if what == "equal" or _alike(self.lines[before].text, lines[after].text):
                    merged[after] = self.lines[before].replace(text=lines[after].text, speaker=lines[after].speaker)
        return self.replace(lines=tuple(merged))

    def script(self) -> str:
        """The lines as plain text, which `script.read_text` reads back."""
        return "\n\n".join(f"{line.speaker}: {line.text}" if line.speaker else line.text for line in self.lines)


def cue_fit(line: Line, seconds: float | None) -> Fit | None:
    """What it takes to fit a take of `seconds` into the cue of its line; None where it fits or nothing is known."""
    if line.cue is None or seconds is None or seconds <= line.cue.end - line.cue.start + LATE_SECONDS:
        return None
    return fit(seconds, line.speed, line.cue)


def as_asked(line: Line, dictionary: Mapping[str, str]) -> Line:
    """A line with those of the dictionary's words that occur in it, and with its emphasis as a speed."""
    known = {**dictionary, **line.pronunciations}
    speed = min(max(line.speed * EMPHASES[line.emphasis][0], SPEED_RANGE[0]), SPEED_RANGE[1])
    return line.replace(
        speed=speed, pronunciations={word: say for word, say in known.items() if holds(line.text, word)}
    )


def holds(text: str, word: str) -> bool:
    """Whether `word`, which may be several, stands in the text as a whole word, whatever its capitals."""
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _alike(text: str, other: str) -> bool:
    """Whether at least half of the shorter one's words stand in the other."""
    mine, theirs = set(text.casefold().split()), set(other.casefold().split())
    return 2 * len(mine & theirs) >= min(len(mine), len(theirs))


def _own_start(line: Line) -> float | None:
    if line.start is not None:
        return line.start
    return line.cue.start if line.cue is not None else None
