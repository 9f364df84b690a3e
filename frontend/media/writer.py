"""Writing a media file on the page: sound goes in piece by piece, the file stays there until the person gets it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from frontend.audio import Samples
from frontend.bridge import call


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: `movie` is the movie box of an MP4, which lies at `offset` at its end; empty for others."""

    size: int
    movie: bytes
    offset: int


async def write(
    sound: AsyncIterator[Samples],
    progress: Callable[[int], None],
    *,
    kind: str,
    rate: int,
    channels: int,
    bitrate: int,
    tags: Mapping[str, str],
    language: str,
) -> Written:
    """A file of `kind` from pieces [channels, n]; `progress` hears how many samples are in it. Raises BridgeError.

    "mp4" holds the picture of the opened video, packet by packet as it was. A broken or cancelled write leaves nothing.
    """
    done = 0
    try:
        await call(
            "media.begin", kind=kind, rate=rate, channels=channels, bitrate=bitrate, tags=dict(tags), language=language
        )
        async for piece in sound:
            await call("media.write", samples=piece)
            done += piece.shape[1]
            progress(done)
        made: dict[str, Any] = await call("media.end")
    except BaseException:
        call("media.cancel")
        raise
    movie = made["movie"]
    return Written(int(made["size"]), b"" if movie is None else bytes(np.asarray(movie, np.uint8)), int(made["offset"]))


async def finished(mime: str, tail: bytes = b"", offset: int = 0) -> Any:
    """The file that was written last, a Blob, with `tail` instead of all from `offset` on, if given. Ends with it."""
    return await call("media.finished", mime=mime, tail=tail or None, offset=offset)
