"""The microphone as Python sees it: open, record, stop, close; its errors under the names the page shows them by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from frontend.audio import Samples
from frontend.bridge import BridgeError, call, on

PROBLEMS = {
    "NotAllowedError": "denied",
    "SecurityError": "insecure",
    "NotFoundError": "missing",
    "OverconstrainedError": "missing",
    "NotReadableError": "busy",
    "AbortError": "busy",
    "InvalidStateError": "lost",
}


class MicrophoneError(RuntimeError):
    """`problem` is one of denied, insecure, missing, busy, lost or failed."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Device:
    """A microphone: the browser's id for it and its name."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Level:
    """The last 0.2 s of sound, both 0 to 1 of full scale."""

    rms: float
    peak: float


async def open_microphone(device: str | None = None) -> Device:
    """Ask for the microphone and listen to its level. Raises MicrophoneError."""
    try:
        opened = await call("capture.open", device=device)
    except BridgeError as error:
        raise MicrophoneError(PROBLEMS.get(error.name, "failed")) from error
    return Device(opened["device"], opened["label"])


async def list_microphones() -> list[Device]:
    """All microphones; they have names once one was opened."""
    return [Device(entry["device"], entry["label"]) for entry in await call("capture.devices")]


async def start_recording() -> None:
    """Keep the samples from now on, for at most 45 s. Raises MicrophoneError."""
    try:
        await call("capture.start")
    except BridgeError as error:
        raise MicrophoneError("lost") from error


async def stop_recording() -> tuple[Samples, int]:
    """The samples since the start and their rate in Hz; the page keeps none. Raises MicrophoneError."""
    try:
        result = await call("capture.stop")
    except BridgeError as error:
        raise MicrophoneError("lost") from error
    return result["samples"], int(result["sample_rate"])


async def close_microphone() -> None:
    """Let go of the microphone, and of any recording under way; the browser's indicator goes out."""
    await call("capture.close")


def on_level(listener: Callable[[Level], None]) -> Callable[[], None]:
    """Hear the level five times a second while the microphone is open; returns what ends it."""
    return on("capture.level", lambda value: listener(Level(value["rms"], value["peak"])))


def on_lost(listener: Callable[[], object]) -> Callable[[], None]:
    """Be told when the microphone is unplugged or taken away."""
    return on("capture.lost", lambda _: listener())
