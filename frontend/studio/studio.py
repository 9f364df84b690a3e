"""A person's work in the studio while the app is open: the project and its history, its takes, the library's voices.

What a section of the studio's page needs is asked here; none of it touches Panel or the page.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from frontend.audio import Samples
from frontend.library.voice import Voice
from frontend.studio.history import History
from frontend.studio.line import Line
from frontend.studio.project import Cast, Project
from frontend.studio.takes import Takes
from frontend.studio.timeline import Timeline
from models.contract import SYNTHESIS_SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Placed:
    """Speech where it belongs: the line's number, its start in seconds, samples [n] at `Studio.rate`, the line."""

    number: int
    start: float
    samples: Samples
    line: Line


class Studio:
    """`changed` are called after every change of project, takes or voices; `moved` when the playhead moves."""

    rate = SYNTHESIS_SAMPLE_RATE  # Hz, of every take

    def __init__(self, voices: Callable[[], Sequence[Voice]]) -> None:
        self.takes = Takes()
        self.changed: list[Callable[[], None]] = []
        self.moved: list[Callable[[float], None]] = []
        self.playhead = 0.0  # s
        self.default: Voice | None = None  # who speaks lines without a name, until somebody is chosen
        self.saved: Project = Project()  # as last written to a file or read from one
        self._voices = voices
        self._history = History(Project())

    @property
    def project(self) -> Project:
        """As it is now."""
        return self._history.present

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return self._history.can_redo

    def change(self, project: Project) -> None:
        """The next state; one step for undo."""
        self._history.push(project)
        self.tell()

    def open(self, project: Project) -> None:
        """Another project; it has no past. Takes stay, and are found again where a line is the same."""
        self._history = History(project)
        self.saved = project
        self.tell()

    def undo(self) -> None:
        """One step back."""
        self._history.undo()
        self.tell()

    def redo(self) -> None:
        """One step forward again."""
        self._history.redo()
        self.tell()

    def tell(self) -> None:
        """Say that something changed."""
        for hear in tuple(self.changed):
            hear()

    def seek(self, seconds: float) -> None:
        """Move the playhead, whoever moves it: a click on the timeline, or the sound as it plays."""
        self.playhead = max(0.0, seconds)
        for hear in tuple(self.moved):
            hear(self.playhead)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Every voice at hand."""
        kept = tuple(self._voices())
        unkept = self.default is not None and all(voice.id != self.default.id for voice in kept)
        return (*kept, self.default) if unkept and self.default else kept

    def voice(self, speaker: str) -> Voice | None:
        """Who speaks for `speaker`; None when a person must choose. Nobody steps in for a voice that is not there."""
        voices, cast = self.voices, self.project.voices.get(speaker)
        if cast is None:
            named = [voice for voice in voices if voice.name.casefold() == speaker.casefold()]
            if speaker:
                return named[0] if len(named) == 1 else None
            return self.default or (voices[0] if len(voices) == 1 else None)
        if cast.id:
            return next((voice for voice in voices if voice.id == cast.id), None)
        named = [voice for voice in voices if voice.name == cast.name]
        return named[0] if len(named) == 1 else None

    def give(self, speaker: str, voice: Voice) -> None:
        """Have a voice speak for `speaker`."""
        voices = {**self.project.voices, speaker: Cast(voice.name, voice.id)}
        self.change(self.project.replace(voices=voices))

    def unvoiced(self) -> tuple[str, ...]:
        """Speakers whose voice must be chosen."""
        return tuple(speaker for speaker in self.project.speakers if self.voice(speaker) is None)

    def key(self, number: int) -> str:
        """What tells the voice of a line apart, for `takes`: it changes when the voice is improved."""
        voice = self.voice(self.project.lines[number].speaker)
        if voice is None:
            return ""
        return hashlib.sha256(json.dumps(voice.profile, sort_keys=True).encode()).hexdigest()

    def take(self, number: int) -> Samples | None:
        """Samples [n] of a line's take; None while there is none."""
        return self.takes.get(self.project.spoken(number), self.key(number))

    def seconds(self, number: int) -> float | None:
        """The length of a line's take; None while there is none."""
        length = self.takes.length(self.project.spoken(number), self.key(number))
        return None if length is None else length / self.rate

    def timeline(self) -> Timeline:
        """The clips of all lines that have a take."""
        return self.project.timeline([self.seconds(number) for number in range(len(self.project.lines))])

    def placed(self) -> list[Placed]:
        """All speech in the order of its start, as it is to be heard; effects and loudness are not applied yet."""
        found = []
        for clip in self.timeline().clips:
            samples = self.take(clip.line)
            assert samples is not None
            found.append(Placed(clip.line, clip.start, samples, self.project.lines[clip.line]))
        return found
