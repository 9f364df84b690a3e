"""Keep: the new voice, drawn; its name and colour; and whether it sounds like one that is already here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import panel as pn

from frontend.library.script import NAME_MAX_CHARS
from frontend.library.similarity import SAME_FROM, closest
from frontend.library.voice import COLOURS, Voice
from frontend.parts.controls import button, choice, line, stack, text_field
from frontend.parts.problem import Problem, problem
from frontend.parts.text import heading, markup, paragraph
from frontend.parts.voice import voice_view

if TYPE_CHECKING:
    from frontend.app import App


class KeepPage:
    """Into the library, or only for now."""

    name = "keep"

    def __init__(self, app: App, voice: Voice) -> None:
        self._app, self._voice = app, voice
        self._name, self._colour = voice.name, voice.colour

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, app = self._app.words, self._app
        self._alarm = markup("", visible=False)
        self._picture = stack(voice_view(self._voice, words, large=True))
        colours = {words(f"library.colour.{colour}"): colour for colour in COLOURS}
        found = closest(self._voice.profile, app.vault.voices)
        notes = []
        if found and found[1] >= SAME_FROM:
            said = words("library.duplicate", name=found[0].name, score=words.number(found[1], 2))
            notes.append(paragraph(said, "statement"))
        return stack(
            stack(heading(words("keep.title"), self.name), paragraph(words("keep.lead"), "lead"), role="tight"),
            self._picture,
            *notes,
            text_field(words("library.name"), self._name, self._named, max_length=NAME_MAX_CHARS),
            choice(words("library.colour"), colours, self._colour, self._coloured, sizing_mode="stretch_width"),
            self._alarm,
            line(
                button(words("keep.go"), self._keep, "primary", key="keep-go"),
                button(words("keep.once"), self._speak, "quiet", key="keep-once"),
            ),
        )

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _named(self, name: str) -> None:
        self._name = name

    def _coloured(self, colour: str) -> None:
        self._colour = colour
        self._voice = replace(self._voice, colour=colour)
        self._picture.objects = [voice_view(self._voice, self._app.words, large=True)]

    async def _keep(self) -> None:
        words = self._app.words
        try:
            self._voice = self._voice.renamed(self._name)
            await self._app.vault.add(self._voice)
        except ValueError:
            self._app.alarm(self._alarm, words("library.error.name"))
        except Problem as error:
            self._app.alarm(self._alarm, problem(error, words))
        else:
            self._speak()

    def _speak(self) -> None:
        from frontend.pages.speak import SpeakPage  # which leads back here

        self._app.session.voice = self._voice
        self._app.go(SpeakPage(self._app))
