"""What a person reads while a step works: what it is, how many bytes, how long; and what to do when it can't."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

REDRAW_SECONDS = 0.1
LOG_SECONDS = 10.0  # without a terminal, one line in a while


class StepError(RuntimeError):
    """A step that cannot go on; its text says what to do."""


def say(text: str) -> None:
    """One line, at once."""
    print(text, flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Announce a step, then say how long it took."""
    say(f"… {what}")
    began = time.monotonic()
    yield
    say(f"✓ {what} ({time.monotonic() - began:.1f} s)")


class Progress:
    """A line that counts bytes: `advance` as they come, `finish` at the end."""

    def __init__(self, what: str, total: int, done: int = 0) -> None:
        self.what, self.total, self.done = what, total, done
        self.resumed = done
        self.began = self.drawn = time.monotonic()
        self.live = sys.stdout.isatty()

    def advance(self, count: int) -> None:
        """`count` more bytes are here."""
        self.done += count
        now = time.monotonic()
        if now - self.drawn >= (REDRAW_SECONDS if self.live else LOG_SECONDS):
            self.drawn = now
            self._draw(end="\r" if self.live else "\n")

    def finish(self) -> None:
        """The last line, which stays."""
        self._draw(end="\n")

    def _draw(self, end: str) -> None:
        seconds = max(time.monotonic() - self.began, 1e-3)
        rate = (self.done - self.resumed) / seconds
        left = f", {(self.total - self.done) / rate:.0f} s left" if rate and self.done < self.total else ""
        text = f"  {self.what}: {self.done / 1e6:.1f} of {self.total / 1e6:.1f} MB in {seconds:.0f} s{left}"
        print(text.ljust(78) if self.live else text, end=end, flush=True)
