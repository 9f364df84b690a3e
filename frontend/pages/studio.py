"""The studio's page: the script and its takes, the timeline, and beside them whatever other sections are plugged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import panel as pn

from frontend.parts.controls import button, line, stack
from frontend.parts.text import heading, paragraph
from frontend.studio.project import Project
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App


class Section(Protocol):
    """A part of the studio's page. It is made once a visit with `(app, studio)` and asks `studio` for everything:

    `studio.project` (immutable; `studio.change(project.replace(…))` makes the next state and an undo step),
    `studio.placed()` (start in seconds and samples of each line as they are to be heard, at `studio.rate` Hz),
    `studio.timeline()`, `studio.take(number)`, `studio.seek(seconds)` and `studio.moved` for the playhead.
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
ABOVE_TIMELINE: tuple[Callable[[App, Studio], Section], ...] = ()  # the video, with the clips under it
BELOW_TIMELINE: tuple[Callable[[App, Studio], Section], ...] = ()  # effects, export


class StudioPage:
    """Script, takes, timeline, and the sections."""

    name = "studio"

    def __init__(self, app: App) -> None:
        self._app, self._studio = app, app.studio
        self._above = [section(app, app.studio) for section in ABOVE_TIMELINE]
        self._below = [section(app, app.studio) for section in BELOW_TIMELINE]
        self._studio.changed = [self._tell_sections]
        self._studio.moved = []

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        return stack(
            stack(heading(words("studio.title"), self.name), paragraph(words("studio.lead"), "lead"), role="tight"),
            *(section.view() for section in (*self._above, *self._below)),
            line(button(words("library.back"), self._app.go_home, "quiet", key="studio-back")),
        )

    def leave(self) -> None:
        """Silence, and no request under way."""
        for section in (*self._above, *self._below):
            section.leave()

    def paint(self, dark: bool) -> None:
        """Take the colours of the theme."""
        for section in (*self._above, *self._below):
            section.paint(dark)

    def _tell_sections(self) -> None:
        for section in (*self._above, *self._below):
            section.changed(self._studio.project, self._studio.takes)
