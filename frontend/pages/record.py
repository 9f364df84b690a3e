"""Record: the script to read, the level, and a countdown."""

from __future__ import annotations

import asyncio
import math
from html import escape
from typing import TYPE_CHECKING

import panel as pn

from frontend.capture.microphone import (
    Level,
    MicrophoneError,
    close_microphone,
    list_microphones,
    on_level,
    on_lost,
    open_microphone,
    start_recording,
    stop_recording,
)
from frontend.capture.room import Room
from frontend.library.script import Script, word_starts
from frontend.pages.listen import ListenPage
from frontend.parts import icons
from frontend.parts.controls import button, choice, line, stack
from frontend.parts.text import heading, markup, paragraph, paragraph_html
from frontend.session import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App

LEAD_SECONDS = 3
SPARE_SECONDS = 2.0  # beyond what the script usually takes
MAX_SECONDS = 40.0
QUIET_RMS, LOUD_PEAK = 0.006, 0.97  # about -44 dB, and just below full scale
HINT_LEVELS = 5  # of which one good one is enough: people pause


class RecordPage:
    """Microphone on, read, done."""

    name = "record"

    def __init__(self, app: App) -> None:
        self._app = app
        self._subscriptions: list[Callable[[], None]] = []
        self._recording: asyncio.Future[None] | None = None
        self._levels: list[Level] = []
        self._room = Room()
        self._device: str | None = None

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._subscriptions = [on_level(self._heard), on_lost(self._lost)]
        self._script = self._app.session.draw_script(words.language)
        self._text = markup(_script_html(self._script, reading=False), "script")
        self._meter = markup("", "meter", visible=False)
        self._verdict = markup("", visible=False)
        self._alarm = markup("", visible=False)
        self._devices = choice(words("record.device"), {}, None, self._chosen, visible=False)
        self._open = button(words("record.open"), self._turn_on, "primary", icons.MICROPHONE, key="record-open")
        self._start = button(words("record.start"), self._begin, "primary", icons.RECORD, "record-start", visible=False)
        self._again = button(words("record.room.again"), self._measure, "plain", key="record-room", visible=False)
        self._done = button(words("record.done"), self._finish, "recording", icons.STOP, "record-done", visible=False)
        return stack(
            stack(heading(words("record.title"), self.name), paragraph(words("record.lead"), "lead"), role="tight"),
            self._text,
            self._alarm,
            stack(self._meter, self._verdict, role="tight"),
            line(self._open, self._start, self._again, self._done),
            self._devices,
        )

    def leave(self) -> None:
        """The microphone goes off; a recording under way is dropped."""
        for end in self._subscriptions:
            end()
        self._subscriptions.clear()
        self._stop_clock()
        self._app.start(close_microphone())
        self._app.lock_language(False)

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    async def _turn_on(self) -> None:
        await self._open_device(None)

    def _chosen(self, device: str) -> None:
        if device != self._device:
            self._app.start(self._open_device(device))

    async def _open_device(self, device: str | None) -> None:
        self._open.disabled = True
        try:
            opened = await open_microphone(device)
            known = await list_microphones()
        except MicrophoneError as error:
            self._fail(error.problem)
            return
        finally:
            self._open.disabled = False
        self._alarm.visible = self._open.visible = False
        self._meter.visible = True
        self._device = opened.id
        self._devices.param.update(options={entry.label: entry.id for entry in known}, value=opened.id)
        self._devices.visible = len(known) > 1
        self._measure()

    def _measure(self) -> None:
        """A second of the room, in which nobody speaks."""
        self._room = Room()
        self._verdict.visible = self._start.visible = self._again.visible = False
        self._show("", "record.room.listen")
        self._app.announce(self._app.words("record.room.listen"))

    def _measured(self) -> None:
        words, room = self._app.words, self._room
        text = words(
            "record.room.loud" if room.loud else "record.room.quiet",
            noise=words.number(room.noise_db or 0).replace("-", "−"),
        )
        self._verdict.object = paragraph_html(text, "alarm" if room.loud else "note")
        self._verdict.visible = self._start.visible = True
        self._again.visible = room.loud
        self._app.announce(text)
        self._show("", "record.level.silent")
        self._app.start(self._app.focus("record-start"))

    async def _begin(self) -> None:
        self._app.lock_language(True)
        self._start.visible = self._again.visible = self._verdict.visible = self._devices.visible = False
        self._recording = self._app.start(self._count())

    async def _count(self) -> None:
        words = self._app.words
        for left in range(LEAD_SECONDS, 0, -1):
            self._show(str(left), "record.soon")
            self._app.announce(str(left), assertive=True)
            await asyncio.sleep(1)
        try:
            await start_recording()
        except MicrophoneError as error:
            self._fail(error.problem)
            return
        self._text.object = _script_html(self._script, reading=True)
        self._done.visible = True
        self._app.start(self._app.focus("record-done"))
        clock = asyncio.get_running_loop().time
        began, planned = clock(), self._script.seconds + SPARE_SECONDS
        while (spent := clock() - began) < MAX_SECONDS:
            left = math.ceil(planned - spent)
            self._show(words("record.left", seconds=max(left, 0)), "" if left > 0 else "record.over")
            await asyncio.sleep(0.2)
        self._app.start(self._finish())

    async def _finish(self) -> None:
        self._stop_clock()
        try:
            samples, rate = await stop_recording()
        except MicrophoneError as error:
            self._fail(error.problem)
            return
        self._app.session.drop_recording()
        self._app.session.recording = Recording(samples, rate)
        self._app.go(ListenPage(self._app))

    def _lost(self) -> None:
        self._stop_clock()
        self._fail("lost")

    def _fail(self, problem: str) -> None:
        """Say what is wrong with the microphone, and offer to turn it on again."""
        words = self._app.words
        self._text.object = _script_html(self._script, reading=False)
        for part in (self._start, self._again, self._done, self._meter, self._verdict, self._devices):
            part.visible = False
        self._alarm.object = paragraph_html(words(f"record.error.{problem}"), "alarm")
        self._alarm.visible = self._open.visible = True
        self._open.name = words("again")
        self._app.lock_language(False)
        self._app.announce(words(f"record.error.{problem}"), assertive=True)
        self._app.start(self._app.focus("record-open"))

    def _stop_clock(self) -> None:
        if self._recording:
            self._recording.cancel()
            self._recording = None

    def _heard(self, level: Level) -> None:
        self._levels = [*self._levels[1 - HINT_LEVELS :], level]
        if self._room.hear(level):
            self._measured()
        elif self._recording is None and self._start.visible:
            self._show("", f"record.level.{_judge(self._levels)}")

    def _show(self, clock: str, hint: str) -> None:
        """The meter's bar moves by itself (the page's --level); clock and hint are text."""
        hint_text = self._app.words(hint) if hint else self._app.words(f"record.level.{_judge(self._levels)}")
        self._meter.object = (
            '<div class="meter" aria-hidden="true"><div class="track"><i></i></div>'
            f'<span class="clock">{escape(clock)}</span></div><p class="hint">{escape(hint_text)}</p>'
        )


def _judge(levels: list[Level]) -> str:
    if any(level.peak > LOUD_PEAK for level in levels):
        return "high"
    return "good" if any(level.rms > QUIET_RMS for level in levels) else "silent"


def _script_html(script: Script, reading: bool) -> str:
    """The script in sentences; while reading, a highlight moves along at the usual pace."""
    starts = iter(word_starts(script.text))
    paragraphs = []
    for sentence in (script.consent, *script.sentences):
        spans = (f'<span style="--at:{next(starts):.3f}">{escape(word)}</span>' for word in sentence.split())
        paragraphs.append(f"<p>{' '.join(spans)}</p>")
    mode = f'script reading" style="--seconds:{script.seconds:.1f}' if reading else "script"
    return f'<div class="{mode}" lang="{script.language}">{"".join(paragraphs)}</div>'
