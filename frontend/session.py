"""What the app knows while it is open; none of it outlives the page unless the library keeps a voice."""

from __future__ import annotations

from dataclasses import dataclass, field

from frontend.audio import Samples
from frontend.client import Speech
from frontend.library.script import Script, fresh_script
from frontend.library.voice import Voice, now


@dataclass(slots=True)
class Recording:
    """What the microphone heard: samples [n], their rate in Hz, and when (UTC)."""

    samples: Samples
    rate: int
    recorded_at: str = field(default_factory=now)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate


@dataclass(slots=True)
class Session:
    """One person's way through the app."""

    name: str = ""
    agreed: bool = False
    script: Script | None = None
    recording: Recording | None = None
    voice: Voice | None = None
    improves: str = ""  # the id of the voice that this reading is for; empty for a new one
    text: str = ""
    speed: float = 1.0
    says_first: bool = False  # that it is an AI voice
    seed: int = 0
    speech: Speech | None = None

    def draw_script(self, language: str) -> Script:
        """The script to read in that language: the one at hand, or a fresh one. Raises ValueError for a bad name."""
        if self.script is None or (self.script.language, self.script.name) != (language, " ".join(self.name.split())):
            self.script = fresh_script(language, self.name)
        return self.script

    def drop_recording(self) -> None:
        """Overwrite the recording with silence and let it go."""
        if self.recording is not None:
            self.recording.samples.fill(0)
            self.recording = None

    def forget(self) -> None:
        """Start over: the voice, the recording and what was typed are gone."""
        self.drop_recording()
        self.__init__()  # type: ignore[misc]
