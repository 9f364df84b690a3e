"""A subtitle track added to an MP4 file, read back by FFmpeg."""

from __future__ import annotations

import io
import struct

import av
import numpy as np
import pytest

from frontend.studio.line import Cue
from frontend.studio.subtitle_track import MovieError, add_subtitles

CUES = [(Cue(0.5, 1.5), "Straße über alles Wasser"), (Cue(1.5, 1.8), "Two"), (Cue(1.7, 2.25), "Three")]


def video(seconds: float = 3.0) -> bytes:
    """A picture alone, the movie box last."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(round(10 * seconds)):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade, np.uint8), format="rgb24")
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return made.getvalue()


def subtitled(content: bytes, cues: list[tuple[Cue, str]]) -> bytes:
    at = content.rindex(b"moov") - 4
    texts, movie = add_subtitles(content[at:], at, cues, "deu", (64, 48))
    return content[:at] + texts + movie


def test_texts_come_back_at_their_times_and_the_picture_is_untouched() -> None:
    plain = video()
    with av.open(io.BytesIO(subtitled(plain, CUES)), "r") as file, av.open(io.BytesIO(plain), "r") as before:
        (track,) = file.streams.subtitles
        assert (track.codec_context.name, track.language) == ("mov_text", "deu")
        shown = []
        for packet in file.demux(track):
            if packet.size > 2:
                content = bytes(packet)
                text = content[2 : 2 + struct.unpack(">H", content[:2])[0]].decode()
                assert packet.pts is not None and packet.duration is not None
                shown.append((packet.pts / 1_000, packet.duration / 1_000, text))
        assert shown == [(0.5, 1.0, CUES[0][1]), (1.5, pytest.approx(0.2), "Two"), (1.7, pytest.approx(0.55), "Three")]
        file.seek(0)
        assert [bytes(p) for p in file.demux(video=0)] == [bytes(p) for p in before.demux(video=0)]
        assert file.duration == before.duration


def test_texts_beyond_the_picture_make_the_movie_longer() -> None:
    with av.open(io.BytesIO(subtitled(video(), [(Cue(2.0, 5.0), "Still here")])), "r") as file:
        assert [packet.duration for packet in file.demux(subtitles=0) if packet.size] == [2_000, 3_000]


BROKEN = (b"", struct.pack(">I4s", 8, b"moov"), struct.pack(">I4sI4s", 16, b"moov", 99, b"mvhd"))


@pytest.mark.parametrize("movie", BROKEN)
def test_what_is_no_movie_is_refused(movie: bytes) -> None:
    with pytest.raises(MovieError):
        add_subtitles(movie, 0, CUES, "eng", (64, 48))
