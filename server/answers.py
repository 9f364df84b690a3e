"""From marked speech to the bytes of an answer: a stream or a whole file, bare or as server-sent events.

The events are those of the de-facto standard, `speech.audio.delta` and `speech.audio.done`, and one of our own
before each sentence's sound, `speech.audio.timings`. All of this is done piece by piece, by whoever asks for the next.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.contract import SYNTHESIS_SAMPLE_RATE
from server import files
from server.credentials import Credentials
from server.encoding import Encoder
from server.timings import Sentence

Heard = npt.NDArray[np.float32] | Sentence

EVENT_BYTES = 48 * 1_024  # of a file in one event


@dataclass(frozen=True, slots=True)
class Part:
    """The next bytes of an answer, possibly none, and the seconds of speech that were made for them."""

    content: bytes
    seconds: float = 0.0


def streamed(heard: Iterable[Heard], response_format: str) -> Iterator[Part | Sentence]:
    """Each piece of marked samples as soon as it is there."""
    encoder = Encoder(response_format)
    for piece in heard:
        yield piece if isinstance(piece, Sentence) else Part(encoder.encode(piece), _seconds(piece))


def filed(
    heard: Iterable[Heard], response_format: str, language: str, credentials: Credentials
) -> Iterator[Part | Sentence]:
    """Nothing for each piece of marked samples, and the whole file at the end; the server keeps none of it."""
    file: files.File | None = None
    for piece in heard:
        if isinstance(piece, Sentence):
            yield piece
        else:
            file = file or files.File(response_format, language)
            file.write(piece)
            yield Part(b"", _seconds(piece))
    if file:
        yield Part(file.close(credentials))


def _seconds(piece: npt.NDArray[np.float32]) -> float:
    return len(piece) / SYNTHESIS_SAMPLE_RATE


def bare(parts: Iterable[Part | Sentence]) -> Iterator[Part]:
    """The audio and nothing else."""
    for part in parts:
        if isinstance(part, Part):
            yield part


def events(parts: Iterable[Part | Sentence]) -> Iterator[Part]:
    """Server-sent events (HTML Living Standard, 9.2), each a line of JSON."""
    seconds = 0.0
    for part in parts:
        if isinstance(part, Sentence):
            yield _event("timings", **dataclasses.asdict(part))
            continue
        seconds += part.seconds
        yield Part(b"", part.seconds)
        for start in range(0, len(part.content), EVENT_BYTES):
            piece = part.content[start : start + EVENT_BYTES]
            yield _event("delta", audio=base64.b64encode(piece).decode("ascii"))
    if seconds:
        yield _event("done", seconds=round(seconds, 3))


def _event(kind: str, **members: object) -> Part:
    event = {"type": f"speech.audio.{kind}", **members}
    return Part(b"data: " + json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n")
