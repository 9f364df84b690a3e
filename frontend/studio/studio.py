"""A person's work in the studio while the app is open: the project and its history, its takes, the library's voices.

What a section of the studio's page needs is asked here; none of it touches Panel or the page.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from frontend.audio import Samples
from frontend.library.voice import Voice
from frontend.studio.history import History
from frontend.studio.line import Line
from frontend.studio.project import Cast, Project, as_asked
from frontend.studio.takes import Takes, key
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
        self.changed: list[Callable[[], None]] = []
        self.moved: list[Callable[[float], None]] = []
        self._voices = voices
        self.forget()

    def forget(self) -> None:
        """Begin with nothing: no script, no speech."""
        self.takes = Takes()
        self.playhead = 0.0  # s
        self.default = ""  # id of the voice that speaks lines without a name, until somebody is chosen
        self.saved = Project()  # as last written to a file, or read from one
        self._history = History(Project())
        self._keys: dict[int, tuple[Line, Mapping[str, str], str, str]] = {}  # of takes, by the id of their line
        self._voice_keys: dict[int, tuple[object, str]] = {}  # by the id of the profile

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

    def set_mix(self, **settings: Any) -> None:
        """Change fields of the project's `Mix`; nothing happens when they are so already."""
        mix = dataclasses.replace(self.project.mix, **settings)
        if mix != self.project.mix:
            self.change(self.project.replace(mix=mix))

    @property
    def unsaved(self) -> bool:
        """Whether closing the page would lose a script."""
        return bool(self.project.lines) and self.project != self.saved

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
        return tuple(self._voices())

    def voice(self, speaker: str) -> Voice | None:
        """Who speaks for `speaker`; None when a person must choose. Nobody steps in for a voice that is not there."""
        voices, cast = self.voices, self.project.voices.get(speaker)
        if cast is None and not speaker:
            asked = [voice for voice in voices if voice.id == self.default]
            return asked[0] if asked else voices[0] if len(voices) == 1 else None
        if cast is not None and cast.id:
            return next((voice for voice in voices if voice.id == cast.id), None)
        name = (cast.name if cast else speaker).casefold()
        named = [voice for voice in voices if voice.name.casefold() == name]
        return named[0] if len(named) == 1 else None

    def give(self, speaker: str, voice: Voice) -> None:
        """Have a voice speak for `speaker`."""
        voices = {**self.project.voices, speaker: Cast(voice.name, voice.id)}
        self.change(self.project.replace(voices=voices))

    def unvoiced(self) -> tuple[str, ...]:
        """Speakers whose voice must be chosen."""
        return tuple(speaker for speaker in self.project.speakers if self.voice(speaker) is None)

    def asked(self, number: int) -> tuple[Line, Voice]:
        """A line as it is asked for, and its voice. Raises LookupError when that must be chosen first."""
        voice = self.voice(self.project.lines[number].speaker)
        if voice is None:
            raise LookupError(self.project.lines[number].speaker)
        return self.project.spoken(number), voice

    def voice_key(self, voice: Voice | None) -> str:
        """What tells voices apart, for `takes`: it changes when a voice is improved. "" for none."""
        if voice is None:
            return ""
        profile, found = self._voice_keys.get(id(voice.profile), (None, ""))
        if profile is not voice.profile:
            found = hashlib.sha256(json.dumps(voice.profile, sort_keys=True).encode()).hexdigest()
            self._voice_keys[id(voice.profile)] = voice.profile, found
        return found

    def key(self, number: int) -> str:
        """The key of a line's take in `takes`."""
        line = self.project.lines[number]
        return self._key(line, self.voice_key(self.voice(line.speaker)))

    def _key(self, line: Line, voice: str) -> str:
        """Remembered for each line, since a chapter has thousands of them."""
        known, dictionary = self._keys.get(id(line)), self.project.dictionary
        if known is None or known[0] is not line or known[1] is not dictionary or known[2] != voice:
            known = self._keys[id(line)] = line, dictionary, voice, key(as_asked(line, dictionary), voice)
        return known[3]

    def take(self, number: int) -> Samples | None:
        """Samples [n] of a line's take; None while there is none."""
        return self.takes.get(self.key(number))

    def seconds(self) -> list[float | None]:
        """The length of each line's take; None while there is none."""
        project = self.project
        voices = {speaker: self.voice_key(self.voice(speaker)) for speaker in project.speakers}
        lengths = (self.takes.length(self._key(line, voices[line.speaker])) for line in project.lines)
        return [None if length is None else length / self.rate for length in lengths]

    def missing(self) -> list[int]:
        """Numbers of the lines that have no take."""
        return [number for number, seconds in enumerate(self.seconds()) if seconds is None]

    def timeline(self) -> Timeline:
        """The clips of all lines that have a take."""
        return self.project.timeline(self.seconds())

    def placed(self) -> Iterator[Placed]:
        """All speech in the order of its start, as it is to be heard; effects and loudness are not applied yet.

        One after the other, since a chapter's speech does not fit into memory twice.
        """
        for clip in self.timeline().clips:
            samples = self.take(clip.line)
            if samples is not None:
                yield Placed(clip.line, clip.start, samples, self.project.lines[clip.line])

    def window(self, start: float, seconds: float) -> Samples:
        """Samples [round(seconds * rate)] of the narration from `start` seconds on, clips that overlap added up."""
        first, length = round(start * self.rate), round(seconds * self.rate)
        mixed = np.zeros(length, np.float32)
        for clip in self.timeline().clips:
            if clip.start < start + seconds and clip.end > start:
                samples = self.take(clip.line)
                at = round(clip.start * self.rate) - first
                if samples is not None:
                    heard = samples[max(0, -at) : max(0, length - at)]
                    mixed[max(0, at) : max(0, at) + len(heard)] += heard
        return mixed
