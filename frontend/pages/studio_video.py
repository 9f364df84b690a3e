"""The studio's video: opened from this device, seen and heard with the narration, never sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import panel as pn

from frontend.bridge import on
from frontend.loudness import LoudnessMeter
from frontend.media.video import Clip, VideoError
from frontend.parts import icons
from frontend.parts.controls import button, choice, line, stack
from frontend.parts.text import markup, paragraph, paragraph_html
from frontend.studio import effects, export, mix
from frontend.studio.project import ORIGINAL_SOUNDS, Project
from frontend.studio.project import Video as VideoFacts
from frontend.studio.studio import Placed, Studio
from frontend.studio.takes import Takes
from frontend.words import minutes

if TYPE_CHECKING:
    from frontend.app import App

SCREEN = "studio-screen"
SETTLING_SECONDS = 0.3  # changes come in bursts
JUDGED_SECONDS = 30  # of speech, to tell how loud it is


class VideoSection:
    """A place to open a video; then the video, what becomes of its own sound, and how to be rid of it."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._heard: object = None  # what the screen was last told
        self._made: dict[str, Clip] = {}
        self._work: asyncio.Future[None] | None = None
        self._following = False  # while the playhead follows the picture, the picture does not follow the playhead
        self._ends: list[Callable[[], None]] = []

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self.leave()
        self._ends = [on("media.time", self._played), on("media.unplayable", self._unplayable)]
        if self._moved not in self._studio.moved:
            self._studio.moved.append(self._moved)
        originals = {words(f"studio.video.original.{name}"): name for name in ORIGINAL_SOUNDS}
        self._lead = paragraph(words("studio.video.lead"), "note")
        self._place = markup(f'<div class="screen" id="{SCREEN}"></div>', "video")
        self._facts = markup("")
        self._alarm = markup("", visible=False)
        self._open = button(words("studio.video.open"), self._choose, "plain", icons.FILM, key="studio-video-open")
        self._close = button(words("studio.video.close"), self._forget, "quiet", key="studio-video-close")
        self._original = choice(
            words("studio.video.original"), originals, self._studio.project.mix.original, self._set_original, width=280
        )
        title = markup(f"<h2>{words('studio.video.title')}</h2>")
        self._screened = stack(self._place, stack(self._facts, self._original, role="tight"))
        made = stack(
            stack(title, self._lead, role="tight"),
            self._screened,
            self._alarm,
            line(self._open, self._close),
            role="card",
        )
        self._draw()
        return made

    def leave(self) -> None:
        """The video stays open, and silent, for when the person comes back."""
        if self._work:
            self._work.cancel()
        for end in self._ends:
            end()
        self._ends = []
        if self._app.screen.video:
            self._app.screen.pause()

    def changed(self, project: Project, takes: Takes) -> None:
        """Have the screen hear what is now to be heard."""
        if not self._app.screen.video:
            return
        if self._original.value != project.mix.original:
            self._original.value = project.mix.original
        told = (project.lines, project.mix, self._studio.timeline())
        if told != self._heard:
            self._heard = told
            if self._work:
                self._work.cancel()
            self._work = self._app.start(self._narrate())

    def paint(self, dark: bool) -> None:
        """Nothing of it is painted."""

    def _draw(self) -> None:
        video, words = self._app.screen.video, self._app.words
        self._screened.visible = self._close.visible = video is not None
        self._lead.visible = video is None
        self._open.name = words("studio.video.another" if video else "studio.video.open")
        if video is None:
            wanted = self._studio.project.video
            if wanted:
                text = words("studio.video.wanted", name=wanted.name)
                self._lead.object = paragraph_html(text, "note")
            return
        size = words("studio.video.facts", width=video.width, height=video.height, length=minutes(video.seconds))
        told = [f"{video.name} · {size}"]
        if video.unheard:
            told.append(words("studio.video.unheard", codec=video.unheard))
        elif not video.rate:
            told.append(words("studio.video.silent"))
        self._original.visible = bool(video.rate)
        self._facts.object = "".join(paragraph_html(text, "note") for text in told)
        self._app.screen.show(SCREEN, words("studio.video.label", name=video.name))
        self.changed(self._studio.project, self._studio.takes)

    async def _choose(self) -> None:
        words = self._app.words
        self._alarm.visible = False
        self._open.disabled = True
        try:
            chosen = await self._app.screen.choose()
        except VideoError as error:
            self._app.alarm(self._alarm, words(f"studio.video.error.{error.kind}", name=error.name))
            return
        finally:
            self._open.disabled = False
        video = self._app.screen.video
        if chosen and video:
            self._heard = None
            self._draw()
            project = self._studio.project
            self._studio.change(project.replace(video=VideoFacts(video.name, video.seconds)))
            self._app.announce(words("studio.video.opened", name=video.name))

    def _forget(self) -> None:
        self._app.screen.close()
        self._alarm.visible = False
        self._place.object = f'<div class="screen" id="{SCREEN}"></div>'
        self._studio.change(self._studio.project.replace(video=None))
        self._draw()

    async def _narrate(self) -> None:
        """Give the screen the speech as it is to be heard, with its effect, and lower the video's own sound."""
        await asyncio.sleep(SETTLING_SECONDS)
        studio, sound = self._studio, self._studio.project.mix
        clips: list[Clip] = []
        for placed in studio.placed():
            clips.append(await self._clip(placed, sound.effect))
        self._made = {clip.id: clip for clip in clips}
        spoken = [(clip.start, clip.start + len(clip.samples) / studio.rate) for clip in clips]
        curve = export.own_gain(spoken, sound.original, mix.DUCK_DB)
        self._app.screen.narrate(clips, studio.rate, self._gain_db(clips, sound.loudness), curve)

    async def _clip(self, placed: Placed, effect: str) -> Clip:
        key = f"{self._studio.key(placed.number)} {effect}"
        if known := self._made.get(key):
            return Clip(key, placed.start, known.samples)
        await asyncio.sleep(0)
        samples = effects.apply(effect, placed.samples, self._studio.rate)
        return Clip(key, placed.start, samples)

    def _gain_db(self, clips: list[Clip], target: float) -> float:
        rate, judged = self._studio.rate, 0
        meter = LoudnessMeter(rate)
        for clip in clips:
            meter.feed(clip.samples)
            judged += len(clip.samples)
            if judged > JUDGED_SECONDS * rate:
                break
        return mix.gain_to(target, meter.loudness)

    def _set_original(self, original: str) -> None:
        self._studio.set_mix(original=original)

    def _played(self, seconds: float) -> None:
        self._following = True
        try:
            self._studio.seek(seconds)
        finally:
            self._following = False

    def _moved(self, seconds: float) -> None:
        if self._app.screen.video and not self._following:
            self._app.screen.seek(seconds)

    def _unplayable(self, _: object) -> None:
        video = self._app.screen.video
        if video:
            self._app.alarm(self._alarm, self._app.words("studio.video.error.unplayable", codec=video.codec.upper()))
