"""The opened video as Python sees it: what it is, its sound, and its screen on the page."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from frontend.audio import Samples, resample
from frontend.bridge import call
from frontend.studio.mix import Original

MIX_RATE = 48_000  # Hz, unless the video's own sound has one of OWN_RATES
OWN_RATES = (44_100, 48_000)
EDGE_SECONDS = 0.01  # around a piece that is resampled


class VideoError(ValueError):
    """A file that can't be narrated; `kind` is "format", "picture" or "broken", `name` the file's."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind}: {name}")
        self.kind = kind
        self.name = name


@dataclass(frozen=True, slots=True)
class Video:
    """Length in seconds, size in pixels, and the rate of its sound in Hz (0: it has none, or none that can be read)."""

    name: str
    seconds: float
    width: int
    height: int
    codec: str
    rate: int
    unheard: str = ""  # the codec of a sound that can't be read here

    @property
    def mix_rate(self) -> int:
        """Hz at which narration and its own sound are mixed."""
        return self.rate if self.rate in OWN_RATES else MIX_RATE

    def original(self) -> Original:
        """Its own sound at `mix_rate`."""
        return self._read if self.rate == self.mix_rate else self._resampled

    async def _read(self, first: int, count: int) -> Samples:
        samples: Samples = await call("media.sound", first=first, count=count)
        return samples.reshape(2, count)

    async def _resampled(self, first: int, count: int) -> Samples:
        """From enough around it, beginning where both rates have a sample."""
        common = math.gcd(self.rate, MIX_RATE)
        up, down = MIX_RATE // common, self.rate // common
        edge = -(-round(EDGE_SECONDS * self.rate) // down) * down
        begin = max(0, first // up * down - edge)
        end = (first + count) * down // up + edge
        around = await self._read(begin, end - begin)
        lead = first - begin * up // down
        return np.stack([resample(channel, self.rate, MIX_RATE)[lead : lead + count] for channel in around])


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech on the screen: `id` tells it from every other speech, samples [n] are to start at `start` seconds."""

    id: str
    start: float
    samples: Samples


class Screen:
    """The opened video on the page, with the narration that was given last. Speech that the page has is not sent twice.

    `video` is None while none is open.
    """

    def __init__(self) -> None:
        self.video: Video | None = None
        self._there: set[str] = set()

    async def choose(self) -> bool:
        """Let the person choose a video, which is open from then on; whether they did. Raises VideoError."""
        chosen: dict[str, Any] | None = await call("media.choose")
        if chosen is None:
            return False
        if "problem" in chosen:
            raise VideoError(chosen["problem"], chosen["name"])
        self.video = _video(chosen)
        self._there.clear()
        return True

    def narrate(self, clips: Sequence[Clip], rate: int, gain_db: float, curve: Sequence[tuple[float, float]]) -> None:
        """Have clips sound with the picture, and its own sound at the gain of `curve`, (second, gain) in order."""
        call(
            "media.narrate",
            clips=[
                {"id": clip.id, "start": clip.start, "samples": None if clip.id in self._there else clip.samples}
                for clip in clips
            ],
            rate=rate,
            gain=10 ** (gain_db / 20),
            curve=[list(point) for point in curve],
        )
        self._there = {clip.id for clip in clips}

    def show(self, element: str, label: str) -> None:
        """Put it into the element of that id."""
        call("media.show", id=element, label=label)

    def seek(self, seconds: float) -> None:
        """Show the picture at that time."""
        call("media.seek", seconds=seconds)

    def pause(self) -> None:
        """Stop picture and sound."""
        call("media.pause")

    def close(self) -> None:
        """Let go of the video."""
        self.video = None
        self._there.clear()
        call("media.close")


def _video(facts: dict[str, Any]) -> Video:
    sound = facts["sound"]
    audible = bool(sound and sound["audible"])
    return Video(
        name=facts["name"],
        seconds=float(facts["seconds"]),
        width=int(facts["width"]),
        height=int(facts["height"]),
        codec=facts["codec"],
        rate=int(sound["rate"]) if audible else 0,
        unheard=str(sound["codec"] or "?") if sound and not audible else "",
    )
