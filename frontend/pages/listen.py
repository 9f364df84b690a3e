"""Listen: hear the recording before anything is made of it, keep it or read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from frontend.library.similarity import improved
from frontend.library.voice import COLOURS, Reading, new_voice
from frontend.making import UnusableRecording, make_reading
from frontend.onnx_web import ModelUnavailable
from frontend.pages.keep import KeepPage
from frontend.pages.voice import VoicePage
from frontend.parts import icons
from frontend.parts.controls import button, line, stack
from frontend.parts.problem import Problem, problem
from frontend.parts.text import heading, markup, paragraph, paragraph_html
from frontend.parts.waveform import Waveform
from frontend.player.player import Playback

if TYPE_CHECKING:
    from frontend.app import App
    from frontend.recording import Check
    from frontend.words import Words


class ListenPage:
    """The recording, to be judged by the one who made it."""

    name = "listen"

    def __init__(self, app: App) -> None:
        self._app = app
        self._playback: Playback | None = None

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, recording = self._app.words, self._app.session.recording
        assert recording is not None
        self._wave = Waveform(self._app.dark)
        self._wave.show(recording.samples)
        self._play = button(words("listen.play"), self._toggle, "plain", icons.PLAY, key="listen-play")
        self._use = button(words("listen.use"), self._make, "primary", key="listen-use")
        self._again = button(words("listen.again"), self._read_again, "plain", icons.AGAIN, key="listen-again")
        self._alarm = markup("", visible=False)
        self._status = paragraph(words("listen.length", seconds=words.number(recording.seconds, 1)), "note")
        return stack(
            stack(heading(words("listen.title"), self.name), paragraph(words("listen.lead"), "lead"), role="tight"),
            stack(self._wave.view, line(self._play, self._status), role="card"),
            self._alarm,
            line(self._use, self._again),
        )

    def leave(self) -> None:
        """Silence."""
        if self._playback:
            self._playback.stop()

    def paint(self, dark: bool) -> None:
        """Take the colours of the theme."""
        self._wave.paint(dark)

    def _toggle(self) -> None:
        if self._playback and self._playback.playing:
            self._playback.stop()
            return
        recording = self._app.session.recording
        assert recording is not None
        self._playback = Playback(
            recording.rate, lambda seconds: self._wave.hear(seconds / recording.seconds), self._ended
        )
        self._playback.push(recording.samples)
        self._playback.finish()
        self._play.param.update(name=self._app.words("stop"), icon=icons.STOP)

    def _ended(self) -> None:
        self._wave.hear(1.0)
        self._play.param.update(name=self._app.words("listen.play"), icon=icons.PLAY)

    def _read_again(self) -> None:
        from frontend.pages.record import RecordPage  # a way back

        self._app.session.drop_recording()
        self._app.go(RecordPage(self._app))

    async def _make(self) -> None:
        words, session = self._app.words, self._app.session
        recording, script = session.recording, session.script
        assert recording is not None and script is not None
        self.leave()
        self._busy(True)
        try:
            encoder = await self._app.fetch_encoder()
            recogniser = await self._app.fetch_recogniser()
            reading = await make_reading(recording, script, encoder, recogniser)
        except UnusableRecording as error:
            self._fail([_advice(check, words) for check in error.checks] or [words("check.voice")])
            self._use.visible = False
            await self._app.focus("listen-again")
            return
        except ModelUnavailable:
            self._fail([words("listen.error.model")])
            return
        finally:
            self._busy(False)
        if session.improves:
            await self._improve(reading)
            return
        voice = new_voice(session.name, COLOURS[len(self._app.vault.voices) % len(COLOURS)], reading)
        session.drop_recording()
        self._app.go(KeepPage(self._app, voice))

    async def _improve(self, reading: Reading) -> None:
        words, session = self._app.words, self._app.session
        try:
            await self._app.vault.update(session.improves, lambda voice: improved(voice, reading))
        except ValueError:
            self._fail([words("library.other")])
        except Problem as error:
            self._fail([problem(error, words)])
        else:
            session.drop_recording()
            self._app.announce(words("library.saved"))
            self._app.go(VoicePage(self._app, session.improves))

    def _busy(self, busy: bool) -> None:
        words = self._app.words
        self._app.lock_language(busy)
        self._use.disabled = self._again.disabled = self._play.disabled = busy
        self._use.name = words("listen.making") if busy else words("listen.use")
        if busy:
            self._alarm.visible = False
            self._app.announce(words("listen.making"))

    def _fail(self, reasons: list[str]) -> None:
        self._alarm.object = "".join(paragraph_html(reason, "alarm") for reason in reasons)
        self._alarm.visible = True
        self._app.announce(" ".join(reasons), assertive=True)


def _advice(check: Check, words: Words) -> str:
    """What a failed check measured, and what to do about it."""
    return words(f"check.{check.name}", measured=words.number(check.measured, 1), limit=words.number(check.limit, 1))
