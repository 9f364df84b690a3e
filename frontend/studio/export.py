"""What an export holds: the kinds of files, the speech with its effect, the texts with the times of what is heard."""

from __future__ import annotations

import functools
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from frontend.audio import FRAME_SECONDS, Samples, frame_levels, resample, speech_frames
from frontend.studio import effects
from frontend.studio.line import Cue
from frontend.studio.mix import Clip

NAME_MAX_CHARS = 80
REMEMBERED = 8  # clips as they sound; one often reaches over the edge of a piece
RAMP_SECONDS = 0.25  # of the preview's ducking
DIGITAL_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: MIME type, bits per second (0: lossless), Hz (0: the speech's own).

    `level` is what its encoder multiplies every sample by.
    """

    name: str
    mime: str
    bitrate: int = 0
    rate: int = 0
    level: float = 1.0

    @property
    def suffix(self) -> str:
        """What the file's name ends with."""
        return f".{self.name}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("mp4", "video/mp4", 192_000),
        Kind("m4a", "audio/mp4", 96_000),
        Kind("mp3", "audio/mpeg", 96_000, level=0.95),  # LAME, against clipping
        Kind("opus", "audio/ogg", 64_000, rate=48_000),
        Kind("flac", "audio/flac"),
        Kind("wav", "audio/wav"),
    )
}
TEXT_KINDS = {"srt": "application/x-subrip", "vtt": "text/vtt"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line as it is heard: start in seconds, the speech, what is said and by whom."""

    start: float
    speech: Callable[[], Samples]
    count: int
    text: str
    speaker: str


def clips(lines: Sequence[Spoken], effect: str, rate: int, target_rate: int) -> list[Clip]:
    """Speech at `rate` Hz with an effect ("": none), as clips at `target_rate`."""

    @functools.lru_cache(maxsize=REMEMBERED)
    def sounding(number: int) -> Samples:
        samples = lines[number].speech()
        return resample(effects.apply(effect, samples, rate), rate, target_rate)

    tail = effects.tail(effect, rate)
    return [
        Clip(
            round(line.start * target_rate),
            -(-(line.count + tail) * target_rate // rate),
            functools.partial(sounding, number),
        )
        for number, line in enumerate(lines)
    ]


def cues(lines: Iterable[Spoken], rate: int) -> list[tuple[Cue, str, str]]:
    """(cue, speaker, text) of every line: from where its speech is first heard to where it was last heard."""
    found = []
    for line in lines:
        heard = np.flatnonzero(speech_frames(frame_levels(line.speech(), rate)))
        first, last = (int(heard[0]), int(heard[-1]) + 1) if len(heard) else (0, 1)
        begin, end = line.start + first * FRAME_SECONDS, line.start + last * FRAME_SECONDS
        found.append((Cue(round(begin, 3), round(end, 3)), line.speaker, line.text))
    return found


def own_gain(spoken: Sequence[tuple[float, float]], original: str, depth_db: float) -> list[tuple[float, float]]:
    """The gain of a video's own sound as points (second, gain): ducked under speech, replaced or kept."""
    if original != "duck":
        return [(0.0, 0.0 if original == "replace" else 1.0)]
    low, points = 10 ** (depth_db / 20), [(0.0, 1.0)]
    for start, end in _merged(spoken):
        points += [(start - RAMP_SECONDS, 1.0), (start, low), (end, low), (end + RAMP_SECONDS, 1.0)]
    return [(max(0.0, second), gain) for second, gain in points]


def _merged(spoken: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches of speech, those that are close to each other as one."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted(spoken):
        if merged and start - merged[-1][1] < 3 * RAMP_SECONDS:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def file_name(title: str, mark: str, suffix: str, number: int = 0) -> str:
    """A name that says what the file is: "title (AI-generated).mp3", numbered for one of several."""
    safe = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title)
    safe = " ".join(safe.split()).strip(". ")[:NAME_MAX_CHARS].strip() or "ownvoice"
    return f"{number:03} {safe} ({mark}){suffix}" if number else f"{safe} ({mark}){suffix}"


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of files that are compressed already."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:
        for name, content in files:
            made.writestr(name, content)
    return packed.getvalue()
