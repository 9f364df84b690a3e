"""The library: every voice of this browser, and what can be done with all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from frontend.library.voice import Voice
from frontend.pages.detector import DetectorPage
from frontend.pages.notices import notice_buttons
from frontend.pages.protection import ErasePage, PassphrasePage
from frontend.pages.sample import Sample
from frontend.pages.transfer import ExportPage, ImportPage
from frontend.pages.voice import VoicePage
from frontend.parts import icons
from frontend.parts.controls import Action, button, line, stack
from frontend.parts.problem import problem
from frontend.parts.text import heading, paragraph
from frontend.parts.voice import voice_view

if TYPE_CHECKING:
    from frontend.app import App


class LibraryPage:
    """Yours, private, deletable."""

    name = "library"

    def __init__(self, app: App) -> None:
        self._app = app
        self._samples: list[Sample] = []

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, vault = self._app.words, self._app.vault
        voices = vault.voices
        self._samples = [Sample(self._app, voice) for voice in voices]
        protected = "library.protected" if vault.has_passphrase else "library.unprotected"
        parts = [
            stack(
                heading(words("library.title"), self.name),
                paragraph(words(protected if voices else "library.empty"), "lead"),
                role="tight",
            )
        ]
        if self._app.storage_problem:
            parts.append(paragraph(problem(self._app.storage_problem, words), "alarm"))
        if vault.unreadable:
            parts.append(paragraph(words("library.unreadable", count=len(vault.unreadable)), "alarm"))
        parts += [self._card(voice, sample) for voice, sample in zip(voices, self._samples, strict=True)]
        making = [button(words("library.make"), self._make, "plain", icons.MICROPHONE, key="library-make")]
        if voices:
            making.append(button(words("studio.open"), self._studio, "plain", icons.FILM, key="library-studio"))
        parts.append(line(*making))
        parts.append(self._everything(bool(voices)))
        return stack(*parts)

    def leave(self) -> None:
        """Silence."""
        for sample in self._samples:
            sample.stop()

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _card(self, voice: Voice, sample: Sample) -> pn.viewable.Viewable:
        words, app = self._app.words, self._app

        def speak() -> None:
            from frontend.pages.speak import SpeakPage  # which leads back here

            app.session.voice = voice
            app.go(SpeakPage(app))

        return stack(
            voice_view(voice, words),
            line(
                button(words("library.use"), speak, "primary", icons.PLAY, f"use-{voice.id}"),
                sample.button,
                button(words("library.open"), self._open(voice), "plain", key=f"open-{voice.id}"),
            ),
            sample.alarm,
            role="card",
        )

    def _open(self, voice: Voice) -> Action:
        return lambda: self._app.go(VoicePage(self._app, voice.id))

    def _everything(self, any_voice: bool) -> pn.viewable.Viewable:
        app, words = self._app, self._app.words
        entries = [button(words("library.import"), lambda: app.go(ImportPage(app)), "quiet", key="library-import")]
        if any_voice:
            entries += [
                button(words("library.export"), lambda: app.go(ExportPage(app, None)), "quiet", key="library-export"),
                button(
                    words("library.passphrase"), lambda: app.go(PassphrasePage(app)), "quiet", key="library-passphrase"
                ),
            ]
        if app.vault.has_passphrase:
            entries.append(button(words("library.lock"), app.vault.lock, "quiet", key="library-lock"))
        entries.append(button(words("library.erase"), self._erase, "quiet", key="library-erase"))
        entries.append(button(words("detector.link"), lambda: app.go(DetectorPage(app)), "quiet", key="go-detector"))
        return line(*entries, *notice_buttons(app))

    def _make(self) -> None:
        from frontend.pages.consent import ConsentPage  # which leads back here

        self._app.session.forget()
        self._app.go(ConsentPage(self._app))

    def _studio(self) -> None:
        from frontend.pages.studio import StudioPage  # which leads back here

        self._app.go(StudioPage(self._app))

    def _erase(self) -> None:
        self._app.go(ErasePage(self._app))
