"""`python -m frontend.check FILE …`: is this audio or video marked, and what do its Content Credentials say?

Works on this machine alone. Exit status: 0 when every file could be examined, whatever was found; 2 otherwise.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from frontend.credentials import MEDIA_TYPES, READER, Statement, said, statement
from frontend.detector import Detection, TooShortError, detect
from frontend.findings import findings, strength
from frontend.speaker import Runner
from frontend.words import Words, best_language
from models.runner import NativeRunner

DECODER = Path(__file__).parents[1] / ".cache" / "models" / "watermark_decoder.onnx"
BAR = "▁▂▃▄▅▆▇█"


class UnreadableError(ValueError):
    """No sound could be read from the file; `kind` is "decoder" when PyAV would be needed and is not there."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def decode(content: bytes) -> tuple[npt.NDArray[np.float32], int]:
    """Mono samples and rate of any audio, or of a video's first sound track. Raises UnreadableError."""
    try:
        samples, rate = soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)
        return samples.mean(axis=1), rate
    except soundfile.LibsndfileError:
        pass
    try:
        import av
    except ImportError:
        raise UnreadableError("decoder") from None
    try:
        with av.open(io.BytesIO(content), "r") as file:
            rate = file.streams.audio[0].rate
            resampler = av.AudioResampler("flt", "mono", rate)
            frames = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    except (av.error.FFmpegError, IndexError):
        raise UnreadableError("sound") from None
    if not frames:
        raise UnreadableError("sound")
    return np.concatenate(frames).astype(np.float32), rate


def read_credentials(content: bytes, suffix: str) -> Statement:
    """What the official reader says of a file with that suffix."""
    import c2pa  # type: ignore[import-untyped]

    if suffix.lower() not in MEDIA_TYPES:
        return Statement("none")
    try:
        with c2pa.Context.from_dict(READER) as context:
            reader = c2pa.Reader(MEDIA_TYPES[suffix.lower()], io.BytesIO(content), context=context)
            with reader:
                return statement(json.loads(reader.json()), content)
    except c2pa.C2paError:
        return statement(None, content)


async def examine(path: Path, decoder: Runner) -> tuple[Detection, Statement]:
    """Both answers about a file. Raises OSError, UnreadableError, TooShortError."""
    content = path.read_bytes()
    samples, rate = decode(content)
    return await detect(samples, rate, decoder), read_credentials(content, path.suffix)


def report(detection: Detection, credentials: Statement, words: Words) -> str:
    """The answers as a person reads them."""
    lines = [words(f"detector.{detection.verdict}"), *findings(detection, words), strip(detection)]
    signatures = f"{words('detector.credentials.title')}: {' '.join(said(credentials, words))}"
    return "\n".join([*lines, strength(detection, words), signatures])


def strip(detection: Detection) -> str:
    """A bar for each second: how sure it is that a mark is there."""
    sure = (max(second.neural, min(second.coded / 13, 1)) if second.marked else 0 for second in detection.seconds)
    return "".join(BAR[round(value * (len(BAR) - 1))] for value in sure)


def main(paths: list[str]) -> int:
    """Print a report about every file. The exit status."""
    words = Words(best_language([os.environ.get("LANG", "").replace("_", "-")]))
    decoder = NativeRunner(DECODER)
    status = 0
    for name in paths:
        try:
            text = report(*asyncio.run(examine(Path(name), decoder)), words)
        except OSError as error:
            text, status = words("detector.no-file", reason=error.strerror or error), 2
        except UnreadableError as error:
            text, status = words(f"detector.unreadable.{error.kind}"), 2
        except TooShortError:
            text, status = words("detector.too-short"), 2
        print(f"{name}\n{text}\n")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if len(sys.argv) > 1 else __doc__)
