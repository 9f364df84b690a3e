"""One voice: its name and colour, how like another it is, better with more readings, exported, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from frontend.library.similarity import cosine, likeness, without_last_reading
from frontend.library.voice import COLOURS, READINGS_MAX, Voice
from frontend.pages.transfer import ExportPage
from frontend.parts.controls import button, choice, line, stack, text_field
from frontend.parts.problem import Problem, problem
from frontend.parts.text import heading, markup, paragraph, paragraph_html
from frontend.parts.voice import voice_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App


class VoicePage:
    """All that can be done with one voice."""

    name = "voice"

    def __init__(self, app: App, id_: str) -> None:
        self._app, self._id = app, id_
        self._sure = False

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, vault = self._app.words, self._app.vault
        try:
            voice = vault.voice(self._id)
        except KeyError:  # deleted or locked in another tab
            return self._app.home().view()
        self._name, self._colour = voice.name, voice.colour
        self._alarm = markup("", visible=False)
        others = {other.name: other for other in vault.voices if other.id != voice.id}
        colours = {words(f"library.colour.{colour}"): colour for colour in COLOURS}
        return stack(
            heading(voice.name, self.name),
            voice_view(voice, words, large=True),
            self._alarm,
            stack(
                text_field(words("library.name"), voice.name, self._named, max_length=60),
                choice(words("library.colour"), colours, voice.colour, self._coloured, sizing_mode="stretch_width"),
                line(button(words("library.save"), self._save, "plain", key="voice-save")),
                role="card",
            ),
            self._readings(voice),
            *([self._comparison(voice, others)] if others else []),
            self._endings(),
        )

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _readings(self, voice: Voice) -> pn.viewable.Viewable:
        words = self._app.words
        entries = [button(words("library.improve"), self._improve, "plain", key="voice-improve")]
        if len(voice.readings) > 1:
            entries.append(button(words("library.undo"), self._undo, "quiet", key="voice-undo"))
        entries[0].disabled = len(voice.readings) >= READINGS_MAX
        return stack(paragraph(words("library.improve.text"), "note"), line(*entries), role="card")

    def _comparison(self, voice: Voice, others: dict[str, Voice]) -> pn.viewable.Viewable:
        words = self._app.words
        verdict = markup("")

        def compare(other: Voice | None) -> None:
            if other is None:
                verdict.object = ""
                return
            similarity = cosine(voice.profile, other.profile)
            said = words(f"library.likeness.{likeness(similarity)}", score=words.number(similarity, 2))
            verdict.object = paragraph_html(said, "note")
            self._app.announce(said)

        entries = {words("library.compare.none"): None, **others}
        return stack(
            choice(words("library.compare"), entries, None, compare, sizing_mode="stretch_width"), verdict, role="card"
        )

    def _endings(self) -> pn.viewable.Viewable:
        app, words = self._app, self._app.words
        self._ask = paragraph(words("library.delete.sure"), "alarm")
        self._delete = button(words("library.delete"), self._remove, "quiet", key="voice-delete")
        self._keep = button(words("library.keep"), self._spare, "plain", key="voice-keep", visible=False)
        self._ask.visible = False
        return stack(
            self._ask,
            line(
                button(words("library.export.one"), self._export, "plain", key="voice-export"),
                self._keep,
                self._delete,
                button(words("library.back"), app.go_home, "quiet", key="voice-back"),
            ),
        )

    def _export(self) -> None:
        self._app.go(ExportPage(self._app, self._id))

    def _named(self, name: str) -> None:
        self._name = name

    def _coloured(self, colour: str) -> None:
        self._colour = colour

    async def _save(self) -> None:
        from dataclasses import replace

        try:
            await self._change(lambda voice: replace(voice.renamed(self._name), colour=self._colour))
        except ValueError:
            self._app.alarm(self._alarm, self._app.words("library.error.name"))

    async def _undo(self) -> None:
        await self._change(without_last_reading)

    async def _change(self, change: Callable[[Voice], Voice]) -> None:
        try:
            await self._app.vault.update(self._id, change)
        except Problem as error:
            self._app.alarm(self._alarm, problem(error, self._app.words))
            return
        self._app.announce(self._app.words("library.saved"))
        self._app.go(VoicePage(self._app, self._id))

    def _improve(self) -> None:
        from frontend.pages.consent import ConsentPage

        self._app.session.forget()
        self._app.session.improves = self._id
        self._app.go(ConsentPage(self._app))

    async def _remove(self) -> None:
        if not self._sure:
            self._sure = self._ask.visible = self._keep.visible = True
            self._delete.name = self._app.words("library.delete.yes")
            self._app.announce(self._app.words("library.delete.sure"), assertive=True)
            await self._app.focus("voice-keep")
            return
        try:
            await self._app.vault.delete(self._id)
        except Problem as error:
            self._app.alarm(self._alarm, problem(error, self._app.words))
            return
        self._app.session.forget()
        self._app.announce(self._app.words("library.deleted"))
        self._app.go_home()

    async def _spare(self) -> None:
        self._sure = self._ask.visible = self._keep.visible = False
        self._delete.name = self._app.words("library.delete")
        await self._app.focus("voice-delete")
