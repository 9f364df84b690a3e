"""The picture of a voice: its average spectrum as bars, its pitch range below, on the scales that ears use.

Everything drawn is measured: the same voice always gives the same picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples, frames, speech_frames, trim_silence
from frontend.prosody import track_f0

Floats = npt.NDArray[np.float64]

BANDS = 32
BAND_RANGE_HZ = (100.0, 7_000.0)
EMPHASIS_FROM_HZ = 500.0
SPECTRUM_RANGE_DB = 24.0  # what the tallest bar stands above the shortest that is drawn
PITCH_SCALE_HZ = (55.0, 520.0)
WINDOW = 1_024

WIDTH, HEIGHT = 240.0, 72.0
BAR_AREA = 52.0  # of the height; the pitch line takes the rest
BAR_SHARE = 0.62  # of the distance between two bars


@dataclass(frozen=True, slots=True)
class VoicePrint:
    """Level of each band in dB below the loudest (-60 to 0), and the 5th and 95th percentile of F0 in Hz."""

    spectrum_db: tuple[float, ...]
    f0_low_hz: float
    f0_high_hz: float


def measure(samples: Samples, rate: int) -> VoicePrint:
    """The print of mono speech [n], 3 s or more. Raises ValueError if it holds no voiced speech.

    Long-term average spectrum of the frames with speech in bands equally spaced on the mel scale
    (S. Stevens, J. Volkmann and E. Newman, 1937), raised by 6 dB an octave from 500 Hz up as in Praat's
    spectrograms (P. Boersma and D. Weenink), to a tenth of a dB.
    """
    samples = trim_silence(samples, rate)
    f0 = track_f0(samples, rate)
    voiced = f0[np.isfinite(f0)]
    if not len(voiced):
        raise ValueError("no voiced speech")
    windows = frames(samples, WINDOW, WINDOW // 2)
    loud = speech_frames(10 * np.log10(np.maximum(np.mean(windows.astype(np.float64) ** 2, axis=1), 1e-12)))
    power = np.mean(np.abs(np.fft.rfft(windows[loud] * np.hanning(WINDOW), axis=1)) ** 2, axis=0)
    hertz = np.fft.rfftfreq(WINDOW, 1 / rate)
    low_mel, high_mel = _mel(np.array(BAND_RANGE_HZ))
    edges = _hertz(np.linspace(low_mel, high_mel, BANDS + 2))
    bands = np.empty(BANDS)
    for band in range(BANDS):
        rise = (hertz - edges[band]) / (edges[band + 1] - edges[band])
        fall = (edges[band + 2] - hertz) / (edges[band + 2] - edges[band + 1])
        weight = np.clip(np.minimum(rise, fall), 0, 1)
        bands[band] = (power @ weight) / weight.sum()
    level = 10 * np.log10(np.maximum(bands, 1e-12)) + 6 * np.log2(np.maximum(edges[1:-1] / EMPHASIS_FROM_HZ, 1))
    level = np.clip(level - level.max(), -60, 0)
    low, high = np.percentile(voiced, (5, 95))
    return VoicePrint(tuple(float(round(x, 1)) for x in level), float(round(low, 1)), float(round(high, 1)))


def draw(print_: VoicePrint, f0_median_hz: float, label: str) -> str:
    """An SVG of WIDTH x HEIGHT in `currentColor`, with `label` as its text for screen readers."""
    step = WIDTH / BANDS
    middle = BAR_AREA / 2
    bars = []
    for index, level in enumerate(print_.spectrum_db):
        height = max(2.0, (BAR_AREA - 2) * max(0.0, 1 + level / SPECTRUM_RANGE_DB))
        left = index * step + step * (1 - BAR_SHARE) / 2
        bars.append(_bar(left, middle - height / 2, step * BAR_SHARE, height))
    low, median, high = (_pitch_x(f0) for f0 in (print_.f0_low_hz, f0_median_hz, print_.f0_high_hz))
    y = BAR_AREA + (HEIGHT - BAR_AREA) / 2
    text = escape(label, {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" '
        f'aria-label="{text}" fill="currentColor">{"".join(bars)}'
        f'<g opacity="0.25">{_bar(0, y - 2, WIDTH, 4)}</g>'
        f"{_bar(low, y - 2, max(4.0, high - low), 4)}"
        f'<circle cx="{median:.1f}" cy="{y:.1f}" r="6"/></svg>'
    )


def _bar(left: float, top: float, width: float, height: float) -> str:
    radius = min(width, height) / 2
    return f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:.1f}"/>'


def _pitch_x(hertz: float) -> float:
    low, high = np.log2(PITCH_SCALE_HZ)
    return float(np.clip((np.log2(hertz) - low) / (high - low), 0.03, 0.97)) * WIDTH


def _mel(hertz: Floats) -> Floats:
    mel: Floats = 2595 * np.log10(1 + hertz / 700)
    return mel


def _hertz(mel: Floats) -> Floats:
    hertz: Floats = 700 * (10 ** (mel / 2595) - 1)
    return hertz
