"""One thing sounds at a time: a recording, or speech while it still arrives."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from frontend.audio import Samples
from frontend.bridge import call, on

_numbers = itertools.count(1)


class Playback:
    """A stream of sound on the page. Starting one stops whatever else plays.

    `on_progress(seconds)` is called ten times a second, `on_end()` once: after the last sample, or when stopped.
    """

    def __init__(
        self,
        rate: int,
        on_progress: Callable[[float], None] | None = None,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        self._id = next(_numbers)
        self._on_progress, self._on_end = on_progress, on_end
        self._unsubscribe = [on("player.progress", self._progressed), on("player.ended", self._ended)]
        self.playing = True
        call("player.start", id=self._id, rate=rate)

    def push(self, samples: Samples) -> None:
        """Add samples [n]; they are heard at once or after those before them."""
        call("player.push", id=self._id, samples=samples)

    def finish(self) -> None:
        """No more samples will come."""
        call("player.finish", id=self._id)

    def stop(self) -> None:
        """Be silent now; harmless when it is already over."""
        if self.playing:
            call("player.stop", id=self._id)

    def _progressed(self, value: dict[str, float]) -> None:
        if value["id"] == self._id and self._on_progress:
            self._on_progress(value["seconds"])

    def _ended(self, value: dict[str, float]) -> None:
        if value["id"] != self._id or not self.playing:
            return
        self.playing = False
        for end in self._unsubscribe:
            end()
        if self._on_end:
            self._on_end()
