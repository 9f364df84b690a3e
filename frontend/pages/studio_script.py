"""Writing: a script typed or pasted, or a file opened; the project saved, opened, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import panel as pn

from frontend.bridge import call
from frontend.parts import icons
from frontend.parts.controls import button, line, stack, text_area
from frontend.parts.text import markup, paragraph
from frontend.studio.line import ScriptError
from frontend.studio.project import Project
from frontend.studio.project_file import MAX_BYTES, MIME, SUFFIX, ProjectRefused, read_project, write_project
from frontend.studio.reading import SUFFIXES, decoded, read
from frontend.studio.script import SCRIPT_MAX_CHARS
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes
from frontend.words import Words

if TYPE_CHECKING:
    from frontend.app import App


class ScriptSection:
    """The whole text at once; away while there are lines, until it is asked for."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._text = ""
        self._editing = self._guarded = False

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._field = text_area(
            words("studio.script.label"),
            self._text,
            self._typed,
            placeholder=words("studio.script.placeholder"),
            rows=8,
            auto_grow=True,
            max_rows=18,
            max_length=SCRIPT_MAX_CHARS,
            css_classes=["studio-text"],
        )
        self._cancel = button(words("studio.script.cancel"), self._close, "quiet", key="studio-cancel")
        self._writing = stack(
            self._field,
            paragraph(words("studio.script.hint"), "note"),
            line(
                button(words("studio.script.use"), self._use, "primary", key="studio-use"),
                button(words("studio.file.open"), self._open, "plain", icons.OPEN, key="studio-open"),
                self._cancel,
            ),
            role="tight",
        )
        self._undo = button(words("studio.undo"), self._studio.undo, "icon", icons.UNDO, key="studio-undo")
        self._redo = button(words("studio.redo"), self._studio.redo, "icon", icons.REDO, key="studio-redo")
        self._bar = line(
            button(words("studio.script.edit"), self.edit, "plain", icons.PENCIL, key="studio-edit"),
            button(words("studio.file.open"), self._open, "plain", icons.OPEN, key="studio-open-other"),
            button(words("studio.file.save"), self._save, "plain", icons.SAVE, key="studio-save"),
            line(self._undo, self._redo, role="close"),
        )
        self._alarm = markup("", visible=False)
        return stack(self._bar, self._writing, self._alarm, role="tight")

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def changed(self, project: Project, takes: Takes) -> None:
        """Writing shows where there is nothing yet."""
        self._writing.visible = self._editing or not project.lines
        self._bar.visible = bool(project.lines) and not self._editing
        self._cancel.visible = self._editing
        if self._studio.unsaved != self._guarded:
            self._guarded = self._studio.unsaved
            call("boot.guard", unsaved=self._guarded)
        self._undo.disabled, self._redo.disabled = not self._studio.can_undo, not self._studio.can_redo

    def edit(self) -> None:
        """Show the script as one text."""
        self._editing, self._text = True, self._studio.project.script()
        self._field.value = self._text
        self._studio.tell()
        self._app.start(self._app.focus("studio-text"))

    def _close(self) -> None:
        self._editing = self._alarm.visible = False
        self._studio.tell()

    def _typed(self, text: str) -> None:
        self._text = text

    def _use(self) -> None:
        self._take(self._text, "")

    def _take(self, text: str, name: str) -> None:
        """Have the lines of a text in place of those there are."""
        words, studio = self._app.words, self._studio
        known = {*studio.project.speakers, *studio.project.voices, *(voice.name for voice in studio.voices)}
        try:
            lines = read(text, name, known - {""})
        except ScriptError as error:
            self._app.alarm(self._alarm, script_problem(error, words))
            return
        self._close()
        studio.change(studio.project.rewritten(lines))
        count = len(lines)
        self._app.announce(words("studio.script.read.one" if count == 1 else "studio.script.read.many", count=count))
        self._app.start(self._app.focus("studio-speak"))

    async def _open(self) -> None:
        accept = ",".join((*SUFFIXES, SUFFIX))
        picked = await call("library.choose", accept=accept, limit=MAX_BYTES + 1)
        if not picked:
            return
        content = np.asarray(picked["bytes"], np.uint8).tobytes()
        if picked["name"].endswith(SUFFIX):
            self._open_project(content)
            return
        try:
            self._take(decoded(content), picked["name"])
        except ScriptError as error:
            self._app.alarm(self._alarm, script_problem(error, self._app.words))

    def _open_project(self, content: bytes) -> None:
        words = self._app.words
        try:
            project = read_project(content)
        except ProjectRefused as refusal:
            self._app.alarm(self._alarm, words(f"studio.file.error.{refusal.kind}", detail=refusal.detail))
            return
        self._close()
        self._studio.saved = project
        self._studio.change(project)  # undo brings back what was here
        self._app.announce(words("studio.file.opened"))

    def _save(self) -> None:
        project = self._studio.project
        call("boot.save", name=self._app.words("studio.file.name") + SUFFIX, mime=MIME, data=write_project(project))
        self._studio.saved = project
        self._studio.tell()
        self._app.announce(self._app.words("studio.file.saved"))


def script_problem(error: ScriptError, words: Words) -> str:
    """What is wrong with a script, and in which line of it."""
    said = words(f"studio.error.{error.kind}", detail=error.detail)
    return words("studio.error.at", line=error.line, text=said) if error.line else said
