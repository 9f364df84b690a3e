"""Terms and privacy in plain words: the texts of `library/notices.json`."""

from __future__ import annotations

import functools
import json
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Any

import panel as pn

from frontend.parts.controls import Action, button, line, stack
from frontend.parts.text import heading, markup

if TYPE_CHECKING:
    from frontend.app import App

NOTICES = ("terms", "privacy")


@functools.cache
def _notices() -> dict[str, Any]:
    text = (resources.files("frontend.library") / "notices.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def notice_buttons(app: App) -> list[pn.widgets.Button]:
    """The ways to all of NOTICES."""

    def reading(name: str) -> Action:
        return lambda: app.go(NoticePage(app, name))

    return [button(app.words(f"{name}.title"), reading(name), "quiet", key=f"go-{name}") for name in NOTICES]


class NoticePage:
    """One of NOTICES, in the person's language."""

    def __init__(self, app: App, name: str) -> None:
        self._app = app
        self.name = name

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        sections = _notices()[self.name][words.language]
        texts = "".join(f"<h2>{escape(title)}</h2><p>{escape(text)}</p>" for title, text in sections)
        return stack(
            heading(words(f"{self.name}.title"), self.name),
            markup(f'<div class="notice">{texts}</div>', "notice"),
            line(button(words("back"), self._app.go_home, "quiet", key="notice-back")),
        )

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""
