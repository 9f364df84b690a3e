"""How loud is the room? What the microphone hears while nobody speaks."""

from __future__ import annotations

import math
from statistics import median

from frontend.capture.microphone import Level

LEVELS = 6  # of 0.2 s each; the first, in which the microphone starts, is left out
# Of full scale. A voice a hand's width from a microphone usually reaches -30 dB or more, and a recording has to stand
# 12 dB above its noise (frontend/recording.py): from here on little is left to spare.
LOUD_FROM_DB = -45.0


class Room:
    """A second of silence, as it is heard; `noise_db` is None until it is over."""

    def __init__(self) -> None:
        self._levels: list[Level] = []

    def hear(self, level: Level) -> bool:
        """Take the next 0.2 s; whether it was the last of the second."""
        if len(self._levels) == LEVELS:
            return False
        self._levels.append(level)
        return len(self._levels) == LEVELS

    @property
    def noise_db(self) -> float | None:
        """Median level in dB of full scale, at least -100: a chair that creaks once does not count."""
        if len(self._levels) < LEVELS:
            return None
        return 20 * math.log10(max(median(level.rms for level in self._levels[1:]), 1e-5))

    @property
    def loud(self) -> bool:
        """Whether the recording will probably be refused for its noise."""
        return self.noise_db is not None and self.noise_db > LOUD_FROM_DB
