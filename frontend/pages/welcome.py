"""Welcome: what this is, in three facts, and one button."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import panel as pn

from frontend.pages.consent import ConsentPage
from frontend.pages.detector import DetectorPage
from frontend.pages.notices import notice_buttons
from frontend.pages.transfer import ImportPage
from frontend.parts import icons
from frontend.parts.controls import button, line, stack
from frontend.parts.text import facts, heading, markup, paragraph

if TYPE_CHECKING:
    from frontend.app import App

HERO_BARS = 44


class WelcomePage:
    """The first page."""

    name = "welcome"

    def __init__(self, app: App) -> None:
        self._app = app

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        entries = [("time", icons.CLOCK), ("private", icons.SHIELD), ("marked", icons.TAG)]
        return stack(
            _hero(),
            stack(heading(words("welcome.title"), self.name), paragraph(words("welcome.lead"), "lead"), role="tight"),
            button(words("welcome.start"), self._start, "primary", icons.MICROPHONE, key="welcome-start"),
            facts([(icon, words(f"welcome.{key}.title"), words(f"welcome.{key}.text")) for key, icon in entries]),
            line(
                button(words("library.import"), lambda: self._app.go(ImportPage(self._app)), "quiet", key="go-import"),
                button(words("detector.link"), self._check, "quiet", key="go-detector"),
                *notice_buttons(self._app),
            ),
        )

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def _check(self) -> None:
        self._app.go(DetectorPage(self._app))

    def _start(self) -> None:
        self._app.go(ConsentPage(self._app))


def _hero() -> pn.pane.HTML:
    """A decoration in the shape of a spoken phrase."""
    bars = []
    for bar in range(HERO_BARS):
        at = bar / (HERO_BARS - 1)
        swell = math.sin(math.pi * at) ** 0.8
        height = swell * (0.25 + 0.75 * abs(math.sin(9.4 * at + 0.6) * math.cos(23 * at)))
        bars.append(f'<i style="--height:{0.06 + 0.94 * height:.3f};--at:{at * 1.7 % 1:.2f}"></i>')
    return markup(f'<div class="hero" aria-hidden="true">{"".join(bars)}</div>', "hero")
