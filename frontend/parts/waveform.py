"""Sound as it is seen: a Bokeh figure of rounded bars, those already heard in full colour."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import panel as pn
from bokeh.models import ColumnDataSource, Range1d
from bokeh.plotting import figure

from frontend.audio import Samples
from frontend.waveform import envelope

BARS = 96
HEIGHT = 84  # pixels
COLOURS = {False: "#0f766e", True: "#2dd4bf"}  # the page's accent, by darkness; a canvas knows no CSS variables
UNHEARD = 0.35  # opacity
LEAST = 0.03  # of the height, so that silence is a dotted line


class Waveform:
    """A drawn waveform; `view` goes on the page."""

    def __init__(self, dark: bool) -> None:
        self._source = ColumnDataSource(_columns(np.zeros(0, np.float32), 1.0))
        self._figure = figure(
            height=HEIGHT,
            sizing_mode="stretch_width",
            toolbar_location=None,
            tools="",
            x_range=Range1d(-0.5, BARS - 0.5),
            y_range=Range1d(-1, 1),
            min_border=0,
            outline_line_color=None,
            background_fill_color=None,
            border_fill_color=None,
        )
        self._figure.axis.visible = False
        self._figure.grid.visible = False
        self._bars = self._figure.vbar(
            x="x", top="top", bottom="bottom", fill_alpha="alpha", width=0.55, line_color=None, border_radius=3,
            source=self._source, fill_color=COLOURS[dark],
        )  # fmt: skip
        self.view = pn.pane.Bokeh(self._figure, margin=0, sizing_mode="stretch_width")

    def show(self, samples: Samples, heard: float = 1.0) -> None:
        """Draw samples [n], scaled to their peak, the first share `heard` (0 to 1) of them in full colour."""
        self._source.data = _columns(samples, heard)

    def hear(self, share: float) -> None:
        """Move the border between heard and unheard."""
        self._source.patch({"alpha": [(slice(0, BARS), _alpha(share))]})

    def colour(self, marked: Sequence[bool]) -> None:
        """Full colour where equal stretches of the sound are marked."""
        alpha = [1.0 if marked[bar * len(marked) // BARS] else UNHEARD for bar in range(BARS)]
        self._source.patch({"alpha": [(slice(0, BARS), alpha)]})

    def paint(self, dark: bool) -> None:
        """Take the colours of the light or the dark theme."""
        self._bars.glyph.fill_color = COLOURS[dark]


def _columns(samples: Samples, heard: float) -> dict[str, np.ndarray]:
    low, high = envelope(samples, BARS)
    height = np.maximum(np.maximum(-low, high) / max(float(np.abs(samples).max(initial=0)), 1e-4), LEAST)
    return {"x": np.arange(BARS), "top": height, "bottom": -height, "alpha": np.array(_alpha(heard))}


def _alpha(share: float) -> list[float]:
    return [1.0 if bar < share * BARS else UNHEARD for bar in range(BARS)]
