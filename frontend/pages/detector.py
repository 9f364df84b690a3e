"""Check a file: is this sound marked, second by second? Nothing of it leaves the device."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import panel as pn

from frontend import onnx_web
from frontend.bridge import call
from frontend.credentials import Statement, said
from frontend.credentials_web import LibraryUnavailable, read_credentials
from frontend.detector import Detection, TooShortError, detect
from frontend.findings import findings, strength
from frontend.parts.controls import button, line, stack
from frontend.parts.text import heading, markup, paragraph, paragraph_html
from frontend.parts.waveform import Waveform

if TYPE_CHECKING:
    from frontend.app import App

DECODER = "watermark_decoder.onnx"
MAX_BYTES = 200_000_000


class DetectorPage:
    """A file, its waveform with the marked seconds in colour, and one of three honest answers."""

    name = "detector"

    def __init__(self, app: App) -> None:
        self._app = app
        self._wave = Waveform(app.dark)

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._answer = markup("", "notice")
        self._drawn = stack(self._wave.view, visible=False)
        self._choose = button(words("detector.choose"), self._check, "primary", key="detector-choose")
        return stack(
            stack(heading(words("detector.title"), self.name), paragraph(words("detector.lead"), "lead"), role="tight"),
            self._drawn,
            self._answer,
            line(self._choose, button(words("back"), self._app.go_home, "quiet", key="detector-back")),
        )

    def leave(self) -> None:
        """Nothing to let go of: what was decoded goes with the page."""

    def paint(self, dark: bool) -> None:
        """Take the colours of the light or the dark theme."""
        self._wave.paint(dark)

    async def _check(self) -> None:
        words = self._app.words
        chosen = await call("checking.choose", limit=MAX_BYTES)
        if not chosen:
            return
        if "problem" in chosen:
            self._say(words(f"detector.unreadable.{chosen['problem']}"))
            return
        self._choose.disabled = True
        self._say(words("detector.working"))
        try:
            samples = np.asarray(chosen["samples"], np.float32)
            found = await detect(samples, int(chosen["rate"]), await onnx_web.load(DECODER))
            signed = await read_credentials(np.asarray(chosen["bytes"], np.uint8).tobytes(), chosen["name"])
        except TooShortError:
            self._say(words("detector.too-short"))
        except (onnx_web.ModelUnavailable, LibraryUnavailable):
            self._say(words("detector.unavailable"))
        else:
            self._wave.show(samples)
            self._wave.colour([second.marked for second in found.seconds])
            self._drawn.visible = True
            self._show(chosen["name"], found, signed)
        finally:
            self._choose.disabled = False

    def _show(self, name: str, found: Detection, signed: Statement) -> None:
        words = self._app.words
        verdict = words(f"detector.{found.verdict}")
        texts = "".join(paragraph_html(text, "note") for text in findings(found, words))
        signatures = "".join(paragraph_html(text, "note") for text in said(signed, words))
        details = (
            f"<details><summary>{escape(words('detector.details'))}</summary>"
            f"{paragraph_html(strength(found, words), 'note')}</details>"
        )
        self._answer.object = (
            f'<div class="notice found"><p class="file">{escape(name)}</p><h2>{escape(verdict)}</h2>{texts}'
            f"<h2>{escape(words('detector.credentials.title'))}</h2>{signatures}{details}</div>"
        )
        self._app.announce(verdict)

    def _say(self, text: str) -> None:
        self._drawn.visible = False
        self._answer.object = f'<div class="notice">{paragraph_html(text, "note")}</div>'
        self._app.announce(text)
