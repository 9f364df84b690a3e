"""Consent: the person's name, the statement, and a box that nobody ticks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from frontend.library import statement
from frontend.library.script import NAME_MAX_CHARS
from frontend.pages.record import RecordPage
from frontend.parts.controls import button, checkbox, line, stack, text_field
from frontend.parts.text import heading, paragraph

if TYPE_CHECKING:
    from frontend.app import App


class ConsentPage:
    """No voice without consent."""

    name = "consent"

    def __init__(self, app: App) -> None:
        self._app = app

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, session = self._app.words, self._app.session
        self._app.fetch_models()  # while the person reads
        self._continue = button(words("consent.continue"), self._go_on, "primary", key="consent-continue")
        self._update()
        return stack(
            stack(heading(words("consent.title"), self.name), paragraph(words("consent.lead"), "lead"), role="tight"),
            stack(
                text_field(words("consent.name.label"), session.name, self._named, max_length=NAME_MAX_CHARS),
                paragraph(words("consent.name.hint"), "note"),
                role="tight",
            ),
            paragraph(statement.written(words.language), "statement"),
            checkbox(words("consent.agree"), session.agreed, self._agreed),
            line(self._continue),
        )

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _named(self, name: str) -> None:
        self._app.session.name = name
        self._update()

    def _agreed(self, agreed: bool) -> None:
        self._app.session.agreed = agreed
        self._update()

    def _update(self) -> None:
        session = self._app.session
        self._continue.disabled = not (session.agreed and session.name.strip())

    def _go_on(self) -> None:
        self._app.go(RecordPage(self._app))
