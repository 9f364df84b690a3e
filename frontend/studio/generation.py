"""Having lines spoken, one at a time. Lines that can't be spoken and a server that is away are different failures.

A server that is away is asked again, later and later; every take that was made is kept, and it goes on at the line
where it broke off.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress

import numpy as np

from frontend.audio import Samples
from frontend.client import SpeechError
from frontend.library.voice import Voice
from frontend.studio.line import Line
from frontend.studio.request import emphasised
from frontend.studio.studio import Studio
from frontend.studio.takes import Progress, key

Speak = Callable[[Line, Voice], AbstractAsyncContextManager[AsyncIterator[Samples]]]
"""Speech for a line as it arrives; leaving the context ends the request. Raises SpeechError."""

WAITS = (5.0, 10.0, 20.0, 40.0, 60.0)  # s; the last one again and again
PASSING = ("busy", "stopping", "rate-limited", "internal", "too-slow")  # problems of the server's, not of the line's


class Generation:
    """At most one run at a time. `studio.tell` is called after whatever changes here."""

    def __init__(self, studio: Studio, speak: Speak, waits: Sequence[float] = WAITS) -> None:
        self.progress: Progress | None = None  # of the run under way
        self.lost: SpeechError | None = None  # why it waits for the server
        self.heard: Callable[[Samples], None] | None = None  # hears speech as it arrives
        self.voices_used: set[str] = set()  # ids, since the last run began
        self._studio, self._speak, self._waits = studio, speak, waits
        self._refused: dict[str, str] = {}
        self._now = ""  # the key of the take under way
        self._again = asyncio.Event()
        self._work: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether a run is under way, be it waiting."""
        return self._work is not None

    def state(self, number: int) -> str:
        """Of a line's take: "new", "speaking", "ready" or "failed"."""
        take = self._studio.key(number)
        if self._studio.takes.length(take) is not None:
            return "ready"
        if take and take == self._now:
            return "speaking"
        return "failed" if take in self._refused else "new"

    def refusal(self, number: int) -> str:
        """Why the server does not speak this line, in its words; "" when it does."""
        return self._refused.get(self._studio.key(number), "")

    def start(self, numbers: Sequence[int]) -> asyncio.Task[None]:
        """Speak these lines, of which all voices are chosen. Whatever ran before is stopped."""
        self.stop()
        self._work = asyncio.ensure_future(self._run(list(numbers)))
        return self._work

    def go_on(self) -> None:
        """Ask the server again now instead of later."""
        self._again.set()

    def stop(self) -> None:
        """End the run; what is spoken stays."""
        if self._work is not None:
            self._work.cancel()
            self._ended()

    async def _run(self, numbers: list[int]) -> None:
        mine = asyncio.current_task()
        asked = [self._studio.asked(number) for number in numbers]
        self._voices = {self._studio.voice_key(voice): voice for _, voice in asked}
        lines = [line for line, _ in asked]
        keys = [self._studio.voice_key(voice) for _, voice in asked]
        self.voices_used = set()
        for line, voice in zip(lines, keys, strict=True):
            self._refused.pop(key(line, voice), None)
        takes, waits = self._studio.takes, 0
        try:
            while True:
                before = takes.count
                try:
                    await takes.generate(lines, keys, self._one, self._progressed, time.monotonic, lambda: False)
                    return
                except SpeechError as error:
                    waits = 0 if takes.count > before else waits
                    self.lost, self._now = error, ""
                    self._again.clear()
                    self._studio.tell()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._again.wait(), self._waits[min(waits, len(self._waits) - 1)])
                    waits += 1
                    self.lost = None
        finally:
            if self._work is mine:
                self._ended()

    async def _one(self, line: Line, voice: str) -> Samples | None:
        pieces: list[Samples] = []
        self._now = key(line, voice)
        self._studio.tell()
        try:
            async with self._speak(line, self._voices[voice]) as speech:
                async for samples in speech:
                    pieces.append(emphasised(samples, line.emphasis))
                    if self.heard:
                        self.heard(pieces[-1])
        except SpeechError as error:
            if error.kind != "refused" or error.problem.rpartition(":")[2] in PASSING:
                raise
            self._refused[self._now] = error.detail
            return None
        finally:
            self._now = ""
        self.voices_used.add(self._voices[voice].id)
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def _progressed(self, progress: Progress) -> None:
        self.progress = progress
        self._studio.tell()

    def _ended(self) -> None:
        self._work, self.progress, self.lost, self._now = None, None, None, ""
        self._studio.tell()
