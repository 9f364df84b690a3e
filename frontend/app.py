"""The app: its frame (name, language, page, ledger) and the way from page to page."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, Protocol

import panel as pn

from frontend import fetch_web, onnx_web
from frontend.bridge import call, on, page, watched
from frontend.client import Client
from frontend.ledger import Ledger
from frontend.library.opening import open_vault
from frontend.library.ports import StorageError
from frontend.library.vault import Vault
from frontend.library.voice import Voice
from frontend.media.video import Screen
from frontend.pages.library import LibraryPage
from frontend.pages.protection import UnlockPage
from frontend.pages.welcome import WelcomePage
from frontend.parts import icons
from frontend.parts.connection import Connection
from frontend.parts.controls import button, line, stack
from frontend.parts.ledger import ledger_html, ledger_view
from frontend.parts.text import markup, paragraph_html
from frontend.session import Session
from frontend.studio.studio import Studio
from frontend.words import Words, best_language
from models.recogniser.recognition import Recogniser

ENCODER = "speaker_encoder.onnx"
RECOGNISER, TOKENS = "recogniser.onnx", "recogniser_tokens.json"
OTHER_LANGUAGE = {"en": "de", "de": "en"}
SHOWING_VOICES = ("library", "voice", "unlock")


class Page(Protocol):
    """A step of the way."""

    name: str

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""

    def leave(self) -> None:
        """Let go of the microphone, of sound, of requests under way."""

    def paint(self, dark: bool) -> None:
        """Take the colours of the light or the dark theme."""


class App:
    """What every page has at hand."""

    def __init__(self, vault: Vault, storage_problem: StorageError | None) -> None:
        facts = page()
        self.vault, self.storage_problem = vault, storage_problem
        vault.changed = self._library_changed
        self.session = Session()
        self.studio = Studio(self._voices)
        self.screen = Screen()
        self.words = Words(best_language(facts.get("languages", ())))
        self.dark = bool(facts.get("dark"))
        self.ledger = Ledger(self._show_ledger)
        self.client = Client(fetch_web.post, self.ledger)
        self._recogniser: asyncio.Task[Recogniser] | None = None
        self._encoder: asyncio.Task[onnx_web.WebRunner] | None = None
        self._tasks: set[asyncio.Future[Any]] = set()
        self._brand = markup("", "brand")
        self._language = button("", self._switch_language, "quiet", key="language")
        self._ledger_line = ledger_view()
        self._connection = Connection(self.words)
        self._stage = stack(role="stage")
        self._page: Page = self.home()
        top = line(self._brand, self._language, role="top")
        self.view = stack(top, self._connection.view, self._stage, self._ledger_line, role="shell")
        self._show_frame()
        self._stage.objects = [self._page.view()]
        on("styles.dark", self._paint)
        call("styles.watch")

    def home(self) -> Page:
        """Where one starts: the voices, their lock, or the welcome when there are none."""
        if self.vault.state == "locked":
            return UnlockPage(self)
        return LibraryPage(self) if self.vault.voices or self.vault.unreadable else WelcomePage(self)

    def go_home(self) -> None:
        """Go where one starts."""
        self.go(self.home())

    def go(self, to: Page) -> None:
        """Leave the page for another one; the focus goes to its heading."""
        self._page.leave()
        self._page = to
        self.view.css_classes = ["shell", "wide"] if getattr(to, "wide", False) else ["shell"]
        self._stage.objects = [to.view()]
        self.title()
        self.start(self.focus(f"heading-{to.name}"))

    def start(self, work: Awaitable[Any]) -> asyncio.Future[Any]:
        """Have work done beside; it is kept until it is over."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(watched)
        return task

    async def focus(self, element: str) -> None:
        """Move the focus to an element, as soon as it is drawn."""
        await call("boot.focus", element_id=element)

    def announce(self, text: str, assertive: bool = False) -> None:
        """Have a screen reader say something."""
        call("boot.announce", text=text, assertive=assertive)

    def alarm(self, place: pn.pane.HTML, text: str) -> None:
        """Tell at that place of a page what went wrong, to screen readers at once."""
        place.object = paragraph_html(text, "alarm")
        place.visible = True
        self.announce(text, assertive=True)

    def title(self) -> None:
        """Name the window after the page."""
        call("boot.title", text=self.words("title", page=self.words(f"{self._page.name}.title")))

    def lock_language(self, locked: bool) -> None:
        """Keep the language as it is, while switching it would cost the person something."""
        self._language.disabled = locked

    def fetch_encoder(self) -> asyncio.Task[onnx_web.WebRunner]:
        """The speaker encoder; fetched on the first call, again after a failure."""
        if self._encoder is None or (self._encoder.done() and self._encoder.exception()):
            self._encoder = asyncio.ensure_future(onnx_web.load(ENCODER))
        return self._encoder

    def fetch_models(self) -> None:
        """Have both at hand before they are needed; what fails now is tried again then."""
        self.start(self._fetch_models())

    async def _fetch_models(self) -> None:
        with suppress(onnx_web.ModelUnavailable):
            await self.fetch_encoder()
            await self.fetch_recogniser()

    def fetch_recogniser(self) -> asyncio.Task[Recogniser]:
        """The recogniser; fetched on the first call, again after a failure."""
        if self._recogniser is None or (self._recogniser.done() and self._recogniser.exception()):
            self._recogniser = asyncio.ensure_future(_load_recogniser())
        return self._recogniser

    def _voices(self) -> tuple[Voice, ...]:
        """Those of the library, and the one at hand if it is not kept."""
        kept, mine = self.vault.voices, self.session.voice
        return (*kept, mine) if mine and all(voice.id != mine.id for voice in kept) else kept

    def _library_changed(self) -> None:
        """Here or in another tab."""
        if self.vault.state == "locked" and self._page.name != "unlock":
            self.session.forget()
            self.go_home()
        elif self.vault.stale and self._page.name in SHOWING_VOICES:
            self.start(self._catch_up())

    async def _catch_up(self) -> None:
        await self.vault.refresh()
        if self._page.name in SHOWING_VOICES:
            self.go_home()

    def _switch_language(self) -> None:
        self.words = Words(OTHER_LANGUAGE[self.words.language])
        self._page.leave()
        self._stage.objects = [self._page.view()]
        self._show_frame()

    def _show_frame(self) -> None:
        other = self.words(f"language.{OTHER_LANGUAGE[self.words.language]}")
        self._language.name = other
        self._brand.object = f'<p class="brand">{icons.MARK}{self.words("name")}</p>'
        call("boot.language", tag=self.words.language)
        self.title()
        self._connection.show(self.words)
        self._show_ledger()

    def _show_ledger(self) -> None:
        self._ledger_line.object = ledger_html(self.ledger, self.words)

    def _paint(self, dark: bool) -> None:
        self.dark = dark
        self._page.paint(dark)


async def _load_recogniser() -> Recogniser:
    tokens = await onnx_web.fetch(TOKENS)
    return Recogniser(await onnx_web.load(RECOGNISER), tokens.to_bytes())


async def main() -> pn.viewable.Viewable:
    """The app's view, for `frontend/boot`."""
    pn.extension()
    return App(*await open_vault()).view
