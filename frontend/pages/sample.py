"""A voice's sample on its card: one short sentence, spoken on demand and kept while the page is open."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import numpy as np

from frontend.audio import Samples
from frontend.client import Speech, SpeechError, speech_request
from frontend.library.voice import Voice
from frontend.parts import icons
from frontend.parts.controls import button
from frontend.parts.text import markup, paragraph_html
from frontend.player.player import Playback

if TYPE_CHECKING:
    from frontend.app import App


class Sample:
    """`button` has the voice say it, and stops it; `alarm` tells why it could not."""

    def __init__(self, app: App, voice: Voice) -> None:
        self._app, self._voice = app, voice
        self._work: asyncio.Future[None] | None = None
        self._playback: Playback | None = None
        self._spoken: tuple[Samples, int] | None = None
        self.button = button(app.words("library.sample"), self._toggle, "plain", icons.PLAY, f"sample-{voice.id}")
        self.alarm = markup("", visible=False)

    def stop(self) -> None:
        """Silence, and no request under way."""
        if self._work:
            self._work.cancel()
        if self._playback:
            self._playback.stop()

    def _toggle(self) -> None:
        if self._work or (self._playback and self._playback.playing):
            self.stop()
            return
        self.alarm.visible = False
        self.button.param.update(name=self._app.words("stop"), icon=icons.STOP)
        if self._spoken:
            samples, rate = self._spoken
            self._playback = Playback(rate, on_end=self._rest)
            self._playback.push(samples)
            self._playback.finish()
        else:
            self._work = self._app.start(self._speak())

    async def _speak(self) -> None:
        app, speech, pieces = self._app, Speech(), []
        playback: Playback | None = None
        request = speech_request(self._voice.profile, app.words("library.sample.text"))
        try:
            async with aclosing(app.client.speak(request, app.words.language, speech)) as stream:
                async for samples in stream:
                    if playback is None:
                        playback = self._playback = Playback(speech.rate, on_end=self._rest)
                    playback.push(samples)
                    pieces.append(samples)
            self._spoken = np.concatenate(pieces), speech.rate
        except SpeechError as error:
            text = error.detail or app.words(f"library.sample.{error.kind}")
            self.alarm.object = paragraph_html(text, "alarm")
            self.alarm.visible = True
            app.announce(text, assertive=True)
        finally:
            self._work = None
            if playback:
                playback.finish()
            self._rest()

    def _rest(self) -> None:
        if self._work is None and not (self._playback and self._playback.playing):
            self.button.param.update(name=self._app.words("library.sample"), icon=icons.PLAY)
