"""The timeline: clips of speech placed in time, overlaps found and mended, lines fitted into their cues.

Pure values: every change returns a new timeline, which is what makes undo a list of timelines.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from frontend.studio.line import NATURAL_SPEED_RANGE, Cue

SNAP_SECONDS = 0.15  # within this, a dragged clip takes the cue's or its neighbour's edge


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech of line number `line`, `seconds` long, starting at `start` seconds."""

    line: int
    start: float
    seconds: float

    @property
    def end(self) -> float:
        return self.start + self.seconds


@dataclass(frozen=True, slots=True)
class Fit:
    """What it takes to fit a line into its cue: the speed to ask for and the share of text to cut (0: none)."""

    speed: float
    cut: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """Clips ordered by start, one for each line that has speech."""

    clips: tuple[Clip, ...] = ()

    @classmethod
    def sequence(cls, parts: Iterable[tuple[int, float, float, float, float | None]]) -> Timeline:
        """Lines one after the other from (line, pause before, seconds, pause after, its own start or None)."""
        clips, at = [], 0.0
        for number, before, seconds, after, own in parts:
            start = own if own is not None else at + before
            clips.append(Clip(number, start, seconds))
            at = start + seconds + after
        return cls(_ordered(clips))

    @property
    def seconds(self) -> float:
        return max((clip.end for clip in self.clips), default=0.0)

    def moved(self, line: int, start: float, edges: Iterable[float] = ()) -> Timeline:
        """The clip of `line` starting at `start` (not before 0), snapped to the nearest of `edges` or neighbours."""
        near = [*edges, *(other.end for other in self.clips if other.line != line)]
        snapped = min(near, key=lambda edge: abs(edge - start), default=start)
        at = snapped if abs(snapped - start) <= SNAP_SECONDS else start
        return self.nudged(line, at)

    def nudged(self, line: int, start: float) -> Timeline:
        """The clip of `line` starting at `start` (not before 0), as exactly as that."""
        return self._with(dataclasses.replace(self[line], start=max(0.0, start)))

    def overlaps(self) -> list[tuple[int, int, float]]:
        """Neighbouring clips that sound at once, as (earlier line, later line, seconds)."""
        return [(a.line, b.line, a.end - b.start) for a, b in self._neighbours() if a.end - b.start > 1e-6]

    def spread(self) -> Timeline:
        """Overlaps mended by moving later clips back, each no further than needed."""
        clips: list[Clip] = []
        for clip in self.clips:
            clips.append(dataclasses.replace(clip, start=max(clip.start, clips[-1].end if clips else 0.0)))
        return Timeline(tuple(clips))

    def __getitem__(self, line: int) -> Clip:
        return next(clip for clip in self.clips if clip.line == line)

    def _with(self, changed: Clip) -> Timeline:
        return Timeline(_ordered(changed if clip.line == changed.line else clip for clip in self.clips))

    def _neighbours(self) -> Iterator[tuple[Clip, Clip]]:
        yield from zip(self.clips, self.clips[1:], strict=False)


def fit(seconds: float, speed: float, cue: Cue) -> Fit:
    """How a take of `seconds` at `speed` fits into `cue`: faster within natural limits, else cut that share of text.

    A take that is short enough keeps its speed; slow speech to fill a gap helps nobody.
    """
    room = cue.end - cue.start
    if seconds <= room:
        return Fit(speed, 0.0)
    needed = speed * seconds / room
    fastest = max(speed, NATURAL_SPEED_RANGE[1])
    return Fit(needed, 0.0) if needed <= fastest else Fit(fastest, 1.0 - fastest / needed)


def _ordered(clips: Iterable[Clip]) -> tuple[Clip, ...]:
    return tuple(sorted(clips, key=lambda clip: (clip.start, clip.line)))
