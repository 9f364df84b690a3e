"""The studio's effects: none, or one of a few, heard before it is used."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import panel as pn

from frontend.audio import Samples
from frontend.parts import icons
from frontend.parts.controls import button, choice, line, stack
from frontend.parts.text import markup, paragraph, paragraph_html
from frontend.player.player import Playback
from frontend.studio import effects
from frontend.studio.project import Project
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes

if TYPE_CHECKING:
    from frontend.app import App

HEARD_SECONDS = 8.0  # of the narration, to judge an effect by


class SoundSection:
    """A choice of effect, what it does, and the narration with it."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._playback: Playback | None = None

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, effect = self._app.words, self._studio.project.mix.effect
        names = {words(f"studio.effect.{name or 'none'}"): name for name in ("", *effects.EFFECTS)}
        self._effect = choice(words("studio.effect"), names, effect, self._set, width=280)
        self._meaning = markup(paragraph_html(words(f"studio.effect.{effect or 'none'}.meaning"), "note"))
        self._listen = button(
            words("studio.effect.listen"), self._play, "plain", icons.PLAY, key="studio-effect-listen", align="end"
        )
        self._stop = button(
            words("stop"), self._halt, "plain", icons.STOP, key="studio-effect-stop", align="end", visible=False
        )
        self._view = stack(
            stack(
                markup(f"<h2>{words('studio.effect.title')}</h2>"),
                paragraph(words("studio.effect.lead"), "note"),
                role="tight",
            ),
            line(self._effect, self._listen, self._stop, role="actions bottom"),
            self._meaning,
            role="card",
        )
        self.changed(self._studio.project, self._studio.takes)
        return self._view

    def leave(self) -> None:
        """Silence."""
        self._halt()

    def changed(self, project: Project, takes: Takes) -> None:
        """Shown as soon as there is speech to hear it on."""
        self._view.visible = bool(project.lines)
        self._listen.disabled = not self._studio.timeline().clips
        if self._effect.value != project.mix.effect:
            self._effect.value = project.mix.effect
        meaning = self._app.words(f"studio.effect.{project.mix.effect or 'none'}.meaning")
        self._meaning.object = paragraph_html(meaning, "note")

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _set(self, effect: str) -> None:
        if effect != self._studio.project.mix.effect:
            self._halt()
            self._studio.set_mix(effect=effect)

    async def _play(self) -> None:
        self._halt()
        self._app.screen.pause()
        self._listen.disabled = True
        await asyncio.sleep(0)
        effect, rate = self._studio.project.mix.effect, self._studio.rate
        samples = self._excerpt()
        playback = self._playback = Playback(rate, on_end=self._ended)
        playback.push(effects.apply(effect, samples, rate))
        playback.finish()
        self._listen.disabled, self._listen.visible, self._stop.visible = False, False, True

    def _excerpt(self) -> Samples:
        """From the line under the playhead, or else the last one before it, on."""
        clips = self._studio.timeline().clips
        begun = [clip for clip in clips if clip.start <= self._studio.playhead] or clips[:1]
        return self._studio.window(begun[-1].start, HEARD_SECONDS)

    def _halt(self) -> None:
        if self._playback:
            self._playback.stop()

    def _ended(self) -> None:
        self._listen.visible, self._stop.visible = True, False
