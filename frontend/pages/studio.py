"""The studio's page: the script and its takes, the timeline, and beside them whatever other sections are plugged in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import panel as pn

from frontend.audio import Samples
from frontend.client import Speech
from frontend.library.voice import Voice
from frontend.pages.studio_cast import CastSection
from frontend.pages.studio_export import ExportSection
from frontend.pages.studio_lines import LinesSection
from frontend.pages.studio_script import ScriptSection
from frontend.pages.studio_sound import SoundSection
from frontend.pages.studio_timeline import TimelineSection
from frontend.pages.studio_video import VideoSection
from frontend.parts.controls import button, line, stack
from frontend.parts.problem import Problem
from frontend.parts.text import heading, paragraph
from frontend.studio.generation import Generation
from frontend.studio.line import Line
from frontend.studio.project import Project
from frontend.studio.request import speech_request
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App

TOGETHER_SECONDS = 0.05  # changes within it are told to the sections once


class Section(Protocol):
    """A part of the studio's page. It is made once a visit with `(app, studio)` and asks `studio` for everything:

    `studio.project` (immutable; `studio.change(project.replace(…))` makes the next state and an undo step),
    `studio.placed()` (start in seconds and samples of each line as they are to be heard, at `studio.rate` Hz),
    `studio.window(start, seconds)` (a stretch of the narration, mixed), `studio.timeline()`, `studio.take(number)`,
    `studio.seek(seconds)` and `studio.moved` for the playhead.
    """

    def view(self) -> pn.viewable.Viewable:
        """What is shown; asked for again when the language changes."""

    def leave(self) -> None:
        """Let go of sound, files and work under way: the page is left."""

    def changed(self, project: Project, takes: Takes) -> None:
        """The project, a take or a voice is another one now. Called often: do little, and nothing when all is equal."""

    def paint(self, dark: bool) -> None:
        """Take the colours of the light or the dark theme."""


# Sections of the page by where they stand. Each entry is the section's class.
ABOVE_TIMELINE: tuple[Callable[[App, Studio], Section], ...] = (VideoSection,)  # the video, with the clips under it
BELOW_TIMELINE: tuple[Callable[[App, Studio], Section], ...] = (SoundSection, ExportSection)  # effects, export


class StudioPage:
    """Script, voices, lines, timeline, and the sections."""

    name = "studio"
    wide = True

    def __init__(self, app: App) -> None:
        self._app, self._studio = app, app.studio
        self._generation = Generation(app.studio, self._speech)
        self._script = ScriptSection(app, app.studio)
        lines = LinesSection(app, app.studio, self._generation, self._script.edit)
        above = [section(app, app.studio) for section in ABOVE_TIMELINE]
        below = [section(app, app.studio) for section in BELOW_TIMELINE]
        self._sections: list[Section] = [
            self._script,
            CastSection(app, app.studio),
            lines,
            *above,
            TimelineSection(app, app.studio),
            *below,
        ]
        self._telling: asyncio.TimerHandle | None = None
        app.studio.changed = [self._tell_soon]
        app.studio.moved = []

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        shown = stack(
            stack(heading(words("studio.title"), self.name), paragraph(words("studio.lead"), "lead"), role="tight"),
            *(section.view() for section in self._sections),
            line(button(words("library.back"), self._app.go_home, "quiet", key="studio-back")),
        )
        self._tell()
        return shown

    def leave(self) -> None:
        """Silence, and no request under way."""
        self._generation.stop()
        for section in self._sections:
            section.leave()

    def paint(self, dark: bool) -> None:
        """Take the colours of the theme."""
        for section in self._sections:
            section.paint(dark)

    def _tell_soon(self) -> None:
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._tell)

    def _tell(self) -> None:
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        for section in self._sections:
            section.changed(self._studio.project, self._studio.takes)
        if not self._generation.running and self._generation.voices_used:
            self._app.start(self._count_use(self._generation.voices_used))
            self._generation.voices_used = set()

    @asynccontextmanager
    async def _speech(self, spoken: Line, voice: Voice) -> AsyncIterator[AsyncIterator[Samples]]:
        app = self._app
        async with aclosing(app.client.speak(speech_request(spoken, voice), app.words.language, Speech())) as stream:
            yield stream

    async def _count_use(self, ids: set[str]) -> None:
        """Of voices that the library keeps."""
        for id_ in ids & {voice.id for voice in self._app.vault.voices}:
            with suppress(*Problem):
                await self._app.vault.update(id_, lambda it: replace(it, used=it.used + 1))
