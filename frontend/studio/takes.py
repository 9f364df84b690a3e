"""Takes: each line is generated on its own, kept in memory, and generated again only when it changed.

The key of a take is all that shapes its sound, so that an edit elsewhere, an undo, or a server that went away
in between costs nothing that was already spoken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from frontend.studio.line import Line

Samples = npt.NDArray[np.float32]
FULL_SCALE = np.float32(32_768)
Speak = Callable[[Line, str], Awaitable[Samples | None]]
"""Speech for a line in a voice; None when that line can't be spoken and the others should be all the same."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Lines done of all, and seconds that the rest will take at the pace so far (None before the first)."""

    done: int
    total: int
    remaining: float | None


def key(line: Line, voice: str) -> str:
    """What a take depends on: text, voice, how it is said, and take number; not its place or pauses."""
    said = [line.speed, line.pitch, line.emphasis, sorted(line.pronunciations.items())]
    parts = [line.text, voice, *said, line.take]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


class Takes:
    """The takes of a script by key. Held in memory alone; dropping the object drops the speech.

    Kept as the 16-bit samples that the server sent: a chapter is hours of speech, and half the memory.
    """

    def __init__(self) -> None:
        self._samples: dict[str, npt.NDArray[np.int16]] = {}

    @property
    def count(self) -> int:
        """How many takes there are."""
        return len(self._samples)

    def get(self, key: str) -> Samples | None:
        """Samples [n] of the take; None while there is none."""
        kept = self._samples.get(key)
        return None if kept is None else kept.astype(np.float32) / FULL_SCALE

    def length(self, key: str) -> int | None:
        """How many samples the take has; None while there is none."""
        kept = self._samples.get(key)
        return None if kept is None else len(kept)

    def put(self, key: str, samples: Samples) -> None:
        """Keep samples [n], full scale 1.0."""
        scaled = np.rint(np.clip(samples * FULL_SCALE, -FULL_SCALE, FULL_SCALE - 1))
        self._samples[key] = scaled.astype(np.int16)

    def missing(self, lines: Sequence[Line], voices: Sequence[str]) -> list[int]:
        """Numbers of the lines that must be generated."""
        pairs = enumerate(zip(lines, voices, strict=True))
        return [number for number, (line, voice) in pairs if key(line, voice) not in self._samples]

    async def generate(
        self,
        lines: Sequence[Line],
        voices: Sequence[str],
        speak: Speak,
        progress: Callable[[Progress], None],
        clock: Callable[[], float],
        cancelled: Callable[[], bool],
    ) -> None:
        """Generate what is missing, in order. What `speak` raises ends the run at that line; a later run goes on there.

        Pace is measured in characters, since lines differ in length.
        """
        todo = self.missing(lines, voices)
        left = sum(len(lines[n].text) for n in todo)
        spoken, begun = 0, clock()
        for position, number in enumerate(todo):
            if cancelled():
                return
            remaining = (clock() - begun) / spoken * left if spoken else None
            progress(Progress(len(lines) - len(todo) + position, len(lines), remaining))
            line, voice = lines[number], voices[number]
            take = key(line, voice)
            if take not in self._samples:  # the same line may stand twice in a script
                samples = await speak(line, voice)
                if samples is not None:
                    self.put(take, samples)
            spoken, left = spoken + len(line.text), left - len(line.text)
        progress(Progress(len(lines), len(lines), 0.0))

    def keep_only(self, lines: Sequence[Line], voices: Sequence[str]) -> None:
        """Forget takes that no line asks for any more."""
        wanted = {key(line, voice) for line, voice in zip(lines, voices, strict=True)}
        self._samples = {k: samples for k, samples in self._samples.items() if k in wanted}
