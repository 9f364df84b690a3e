"""Speak: the voice, a text, and the text in that voice."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from frontend import disclosure
from frontend.audio import Samples
from frontend.bridge import BridgeError, call
from frontend.client import Speech, SpeechError, speech_request
from frontend.credentials_web import LibraryUnavailable, UnsignedError, signed_bytes
from frontend.library import voiceprint
from frontend.parts import icons
from frontend.parts.controls import button, checkbox, choice, line, stack, text_area
from frontend.parts.problem import Problem
from frontend.parts.text import heading, markup, paragraph, paragraph_html
from frontend.parts.waveform import Waveform
from frontend.player.player import Playback
from models.contract import INPUT_MAX_CHARS, SEED_RANGE

if TYPE_CHECKING:
    from frontend.app import App

SPEEDS = (0.75, 0.9, 1.0, 1.1, 1.25, 1.5)
WAV = "audio/wav"
MOST_CHARS = INPUT_MAX_CHARS - len(disclosure.spoken_first(""))
COUNT_FROM = MOST_CHARS - 500  # characters are counted once they get scarce


class SpeakPage:
    """What all this is for."""

    name = "speak"

    def __init__(self, app: App) -> None:
        self._app = app
        self._work: asyncio.Future[None] | None = None
        self._playback: Playback | None = None
        self._samples: Samples = np.zeros(0, np.float32)

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, session = self._app.words, self._app.session
        speeds = {words("speak.times", factor=words.number(speed, 2)): speed for speed in SPEEDS}
        self._text = text_area(
            words("speak.text.label"),
            session.text,
            self._typed,
            placeholder=words("speak.text.placeholder"),
            rows=3,
            auto_grow=True,
            max_rows=12,
            max_length=MOST_CHARS,
            css_classes=["speak-text"],
        )
        self._hint = paragraph(words("speak.text.hint"), "note")
        self._go = button(words("speak.go"), self._say, "primary", icons.PLAY, key="speak-go")
        self._stop = button(words("stop"), self._halt, "plain", icons.STOP, key="speak-stop", visible=False)
        self._alarm = markup("", visible=False)
        self._wave = Waveform(self._app.dark)
        self._replay = button(words("speak.replay"), self._play_again, "plain", icons.PLAY, key="speak-replay")
        self._another = button(words("speak.another"), self._say_otherwise, "plain", icons.AGAIN, key="speak-another")
        self._save = button(words("speak.save"), self._download, "plain", icons.SAVE, key="speak-save")
        self._caption = button(words("disclosure.copy"), self._copy_caption, "quiet", key="speak-caption")
        self._told = markup("", visible=False)
        self._result = stack(
            self._wave.view,
            line(self._replay, self._another, self._save, self._caption),
            self._told,
            role="card",
            visible=False,
        )
        self._show_result()
        return stack(
            heading(words("speak.title"), self.name),
            self._card(),
            stack(self._text, self._hint, role="tight"),
            line(
                line(self._go, self._stop),
                choice(words("speak.speed"), speeds, session.speed, self._set_speed, width=120),
                role="actions between",
            ),
            checkbox(words("disclosure.first"), session.says_first, self._set_first),
            self._alarm,
            self._result,
            line(
                button(words("library.title"), self._to_library, "quiet", key="speak-library"),
                button(words("speak.studio"), self._to_studio, "quiet", key="speak-studio"),
            ),
        )

    def leave(self) -> None:
        """Silence, and no request under way."""
        if self._work:
            self._work.cancel()
        if self._playback:
            self._playback.stop()

    def paint(self, dark: bool) -> None:
        """Take the colours of the theme."""
        self._wave.paint(dark)

    def _card(self) -> pn.viewable.Viewable:
        words, voice = self._app.words, self._app.session.voice
        assert voice is not None
        prosody = voice.profile["prosody"]
        facts = words(
            "speak.facts",
            pitch=words.number(prosody["f0_median_hz"]),
            range=words.number(prosody["f0_range_semitones"]),
            pace=words.number(prosody["syllables_per_second"], 1),
        )
        picture = voiceprint.draw(voice.readings[-1].print, prosody["f0_median_hz"], words("speak.print"))
        return markup(
            f'<div class="voice">{picture}<div><h2>{escape(voice.name)}</h2>'
            f"<p>{escape(facts)}</p><p>{escape(words('speak.dropped'))}</p></div></div>",
            "voice",
        )

    def _typed(self, text: str) -> None:
        self._app.session.text = text
        if len(text) >= COUNT_FROM:
            words = self._app.words
            count, limit = words.number(len(text)), words.number(MOST_CHARS)
            self._hint.object = paragraph_html(words("speak.text.count", count=count, limit=limit), "note")

    def _set_speed(self, speed: float) -> None:
        self._app.session.speed = speed

    def _set_first(self, first: bool) -> None:
        self._app.session.says_first = first

    def _say(self) -> None:
        if not self._app.session.text.strip():
            self._app.alarm(self._alarm, self._app.words("speak.error.empty"))
            self._app.start(self._app.focus("speak-text"))
            return
        self.leave()
        self._work = self._app.start(self._stream())

    def _say_otherwise(self) -> None:
        self._app.session.seed = (self._app.session.seed + 1) % SEED_RANGE[1]
        self._say()

    def _request(self) -> dict[str, Any]:
        session = self._app.session
        assert session.voice is not None
        text = disclosure.spoken_first(session.text) if session.says_first else session.text
        return speech_request(session.voice.profile, text, session.speed, session.seed)

    async def _stream(self) -> None:
        """Play speech while it arrives; what has arrived stays when the rest does not."""
        app, speech = self._app, Speech()
        pieces: list[Samples] = []
        playback: Playback | None = None
        self._alarm.visible = self._told.visible = False
        self._busy(True)
        try:
            async with aclosing(app.client.speak(self._request(), app.words.language, speech)) as stream:
                async for samples in stream:
                    if playback is None:
                        playback = self._playback = Playback(speech.rate, self._progressed, self._ended)
                    playback.push(samples)
                    pieces.append(samples)
                    self._keep(speech, pieces)
        except SpeechError as error:
            self._app.alarm(self._alarm, error.detail or app.words(f"speak.error.{error.kind}"))
        finally:
            self._work = None
            if playback:
                playback.finish()
                app.start(self._count_use())
            if playback is None or not playback.playing:
                self._busy(False)

    async def _count_use(self) -> None:
        """Of a voice that the library keeps."""
        voice = self._app.session.voice
        if voice is not None and any(kept.id == voice.id for kept in self._app.vault.voices):
            with suppress(*Problem):
                await self._app.vault.update(voice.id, lambda it: replace(it, used=it.used + 1))

    def _keep(self, speech: Speech, pieces: list[Samples]) -> None:
        self._app.session.speech = speech
        self._samples = np.concatenate(pieces)
        self._wave.show(self._samples, heard=0)
        self._result.visible = True
        self._replay.disabled = self._another.disabled = self._save.disabled = True

    def _show_result(self) -> None:
        """After a change of language, the speech is still there."""
        if len(self._samples):
            self._wave.show(self._samples)
            self._result.visible = True

    def _play_again(self) -> None:
        speech = self._app.session.speech
        assert speech is not None
        self.leave()
        self._busy(True)
        self._playback = Playback(speech.rate, self._progressed, self._ended)
        self._playback.push(self._samples)
        self._playback.finish()

    def _halt(self) -> None:
        self.leave()
        self._busy(False)

    def _progressed(self, seconds: float) -> None:
        speech = self._app.session.speech
        if speech and len(self._samples):
            self._wave.hear(seconds * speech.rate / len(self._samples))

    def _ended(self) -> None:
        if self._work is None:
            self._wave.hear(1.0)
            self._busy(False)

    def _busy(self, busy: bool) -> None:
        """While it speaks there is one thing to do: stop it."""
        self._stop.visible = busy
        self._go.disabled = self._replay.disabled = self._another.disabled = self._save.disabled = busy
        self._go.name = self._app.words("speak.busy" if busy else "speak.go")

    async def _download(self) -> None:
        """A file that says what it is: by its name and tags, and, when the server signs it, by its credentials."""
        app, words, speech = self._app, self._app.words, self._app.session.speech
        assert speech is not None
        content: Any = disclosure.tagged(speech.wav, words)
        self._save.disabled = True
        self._tell(words("speak.signing"))
        try:
            content, told = await signed_bytes(content, WAV, app.client, words.language), "speak.signed"
        except (LibraryUnavailable, UnsignedError, SpeechError):
            told = "speak.unsigned"
        call("boot.save", name=disclosure.file_name(words, "wav"), mime=WAV, data=content)
        self._tell(words(told))
        self._save.disabled = False

    async def _copy_caption(self) -> None:
        words = self._app.words
        try:
            await call("boot.copy", text=disclosure.caption(words))
            told = "disclosure.copied"
        except BridgeError:  # not allowed: then it can be read and typed
            told = "disclosure.not-copied"
        self._tell(words(told, caption=disclosure.caption(words)))

    def _tell(self, text: str) -> None:
        self._told.object = paragraph_html(text, "note")
        self._told.visible = True
        self._app.announce(text)

    def _to_studio(self) -> None:
        from frontend.pages.studio import StudioPage  # which leads back here

        voice = self._app.session.voice
        self._app.studio.default = voice.id if voice else ""
        self._app.go(StudioPage(self._app))

    def _to_library(self) -> None:
        self._app.session.forget()
        self._app.go_home()
