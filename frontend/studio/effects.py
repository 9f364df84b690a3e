"""A handful of effects: equaliser presets, a room, a radio. Off unless asked for; each keeps the loudness it was given.

Filters are the biquads of R. Bristow-Johnson's "Audio EQ Cookbook", applied through their frequency response,
which is where numpy is fast.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from frontend.audio import Samples
from frontend.loudness import integrated_loudness

SETTLING_SECONDS = 0.25  # room for the filters to die away instead of wrapping around
ROOM_DECAY_SECONDS = 0.35  # RT60 of a furnished living room
ROOM_WET_DB = -14.0
ROOM_PREDELAY_SECONDS = 0.012
ROOM_SEED = 20  # the same room each time
RADIO_BAND_HZ = (300.0, 3_400.0)  # the telephone band, ITU-T G.712
RADIO_DRIVE = 3.0

Response = npt.NDArray[np.complex128]


def _biquad(b: tuple[float, float, float], a: tuple[float, float, float], z: Response) -> Response:
    response: Response = (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return response


def _angles(hertz: float, q: float, rate: int) -> tuple[float, float]:
    w = 2 * math.pi * min(hertz, 0.45 * rate) / rate
    return math.cos(w), math.sin(w) / (2 * q)


def _peak(z: Response, rate: int, hertz: float, gain_db: float, q: float = 1.0) -> Response:
    gain, (cos, alpha) = 10 ** (gain_db / 40), _angles(hertz, q, rate)
    return _biquad((1 + alpha * gain, -2 * cos, 1 - alpha * gain), (1 + alpha / gain, -2 * cos, 1 - alpha / gain), z)


def _high_pass(z: Response, rate: int, hertz: float, q: float = math.sqrt(0.5)) -> Response:
    cos, alpha = _angles(hertz, q, rate)
    return _biquad(((1 + cos) / 2, -(1 + cos), (1 + cos) / 2), (1 + alpha, -2 * cos, 1 - alpha), z)


def _low_pass(z: Response, rate: int, hertz: float, q: float = math.sqrt(0.5)) -> Response:
    cos, alpha = _angles(hertz, q, rate)
    return _biquad(((1 - cos) / 2, 1 - cos, (1 - cos) / 2), (1 + alpha, -2 * cos, 1 - alpha), z)


def _shelf(z: Response, rate: int, hertz: float, gain_db: float, *, high: bool) -> Response:
    gain, (cos, alpha) = 10 ** (gain_db / 40), _angles(hertz, math.sqrt(0.5), rate)
    side, root = (1 if high else -1), 2 * math.sqrt(gain) * alpha
    plus, minus = gain + 1, gain - 1
    b = (
        gain * (plus + side * minus * cos + root),
        -2 * side * gain * (minus + side * plus * cos),
        gain * (plus + side * minus * cos - root),
    )
    a = (plus - side * minus * cos + root, 2 * side * (minus - side * plus * cos), plus - side * minus * cos - root)
    return _biquad(b, a, z)


def _filtered(samples: Samples, rate: int, response: Callable[[Response], Response]) -> Samples:
    size = 1 << (len(samples) + round(SETTLING_SECONDS * rate) - 1).bit_length()
    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    filtered = np.fft.irfft(np.fft.rfft(samples.astype(np.float64), size) * response(z), size)
    return filtered[: len(samples)].astype(np.float32)


def warm(samples: Samples, rate: int) -> Samples:
    """A little body, a little less edge."""
    return _filtered(
        samples, rate, lambda z: _shelf(z, rate, 220, 3, high=False) * _shelf(z, rate, 5_000, -3, high=True)
    )


def clear(samples: Samples, rate: int) -> Samples:
    """Less rumble and boxiness, more presence, for small loudspeakers."""
    return _filtered(
        samples,
        rate,
        lambda z: _high_pass(z, rate, 90) * _peak(z, rate, 350, -2.5) * _peak(z, rate, 3_500, 3.5),
    )


def radio(samples: Samples, rate: int) -> Samples:
    """The telephone band with the gentle saturation of a small transmitter."""

    def band(z: Response) -> Response:
        return (_high_pass(z, rate, RADIO_BAND_HZ[0]) * _low_pass(z, rate, RADIO_BAND_HZ[1])) ** 2

    narrow = _filtered(samples, rate, band)
    level = max(float(np.max(np.abs(narrow), initial=0.0)), 1e-9)
    driven = np.tanh(RADIO_DRIVE * narrow / level) * (level / math.tanh(RADIO_DRIVE))
    return _filtered(driven.astype(np.float32), rate, band)


def room(samples: Samples, rate: int) -> Samples:
    """A furnished room: the dry voice with a short, dark, decaying tail under it. Longer than its input by the tail."""
    count = round(ROOM_DECAY_SECONDS * rate)
    noise = np.random.default_rng(ROOM_SEED).standard_normal(count)
    tail = noise * 10 ** (-3 * np.arange(count) / count)  # -60 dB at the end
    dark = _filtered(tail.astype(np.float32), rate, lambda z: _low_pass(z, rate, 5_000) * _high_pass(z, rate, 200))
    impulse = np.concatenate([np.zeros(round(ROOM_PREDELAY_SECONDS * rate)), dark.astype(np.float64)])
    impulse *= 10 ** (ROOM_WET_DB / 20) / np.linalg.norm(impulse)
    impulse[0] = 1.0
    length = len(samples) + len(impulse) - 1
    size = 1 << (length - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples.astype(np.float64), size) * np.fft.rfft(impulse, size), size)
    return wet[:length].astype(np.float32)


EFFECTS: dict[str, Callable[[Samples, int], Samples]] = {"warm": warm, "clear": clear, "room": room, "radio": radio}


def tail(name: str, rate: int) -> int:
    """How many samples longer the effect makes a sound."""
    return round(ROOM_DECAY_SECONDS * rate) + round(ROOM_PREDELAY_SECONDS * rate) - 1 if name == "room" else 0


def apply(name: str, samples: Samples, rate: int) -> Samples:
    """Samples [n] with the effect `name` ("": none), as loud as before. Raises KeyError for an unknown one."""
    if not name:
        return samples
    before = integrated_loudness(samples, rate)
    changed = EFFECTS[name](samples, rate)
    after = integrated_loudness(changed, rate)
    if not (math.isfinite(before) and math.isfinite(after)):
        return changed
    return (changed * 10 ** ((before - after) / 20)).astype(np.float32)
