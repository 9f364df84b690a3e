"""A subtitle track for an MP4 file: 3GPP timed text (ETSI TS 126 245, "tx3g"), which players let one switch on and off.

The library that writes the file knows only WebVTT in MP4, which few players show. So the track is added to what it
wrote: the texts as a media data box of their own behind the others, and a `trak` box in the movie box, which then
follows at the end (ISO/IEC 14496-12). Nothing that is already in the file moves.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from frontend.studio.line import Cue

TIMESCALE = 1_000  # per second
GREATEST_BYTES = 65_535  # a sample says its length in 16 bits
EMPTY = b"\0\0"  # a text of no length
FONT = b"Sans-Serif"
FONT_SIZE_SHARE = 18  # of the picture's height
WHITE = b"\xff\xff\xff\xff"
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


class MovieError(ValueError):
    """Not a movie box that a track can be added to."""


def add_subtitles(
    movie: bytes, offset: int, cues: Iterable[tuple[Cue, str]], language: str, size: tuple[int, int]
) -> tuple[bytes, bytes]:
    """(media data box, new movie box) for a file whose last box is `movie`; the former goes to `offset`, its place.

    cues in seconds with their texts, in order; `language` by ISO 639-2/T; `size` of the picture in pixels.
    Raises MovieError.
    """
    samples = list(_samples(cues))
    boxes = list(_boxes(movie[8:]))
    scale, duration, track = _header(movie)
    length = sum(ticks for ticks, _ in samples)
    if (rest := duration * TIMESCALE // scale - length) > 0:  # or players would show the last text up to the end
        samples.append((rest, EMPTY))
    whole = max(duration, length * scale // TIMESCALE)
    trak = _track(samples, offset + 8, track, whole, language, size)
    rewritten = [_with_header(box, whole, track + 1) if kind == b"mvhd" else box for kind, box in boxes]
    last = max(index for index, (kind, _) in enumerate(boxes) if kind in (b"trak", b"mvhd"))
    rewritten.insert(last + 1, trak)
    return _box(b"mdat", *(sample for _, sample in samples)), _box(b"moov", *rewritten)


def _samples(cues: Iterable[tuple[Cue, str]]) -> Iterator[tuple[int, bytes]]:
    """(length in TIMESCALE, sample), an empty one for every pause; a cue ends where the next begins."""
    at = 0
    ordered = sorted(((round(c.start * TIMESCALE), round(c.end * TIMESCALE), text) for c, text in cues))
    for (start, end, text), following in zip(ordered, [*ordered[1:], None], strict=True):
        begin, stop = max(start, at), end if following is None else min(end, following[0])
        if stop <= begin:
            continue
        if begin > at:
            yield begin - at, EMPTY
        written = text.encode()[:GREATEST_BYTES].decode(errors="ignore").encode()
        yield stop - begin, struct.pack(">H", len(written)) + written
        at = stop


def _track(
    samples: list[tuple[int, bytes]], at: int, number: int, duration: int, language: str, size: tuple[int, int]
) -> bytes:
    width, height = size
    letters = [ord(letter) - 0x60 for letter in language]
    code = letters[0] << 10 | letters[1] << 5 | letters[2]
    length = sum(ticks for ticks, _ in samples)
    font_size = max(12, height // FONT_SIZE_SHARE)
    entry = _box(
        b"tx3g",
        struct.pack(">6xHIbb4x", 1, 0, 1, -1),  # centred, at the bottom
        struct.pack(">4H", 0, 0, height, width),
        struct.pack(">3HBB", 0, 0, 1, 0, min(font_size, 255)) + WHITE,
        _box(b"ftab", struct.pack(">HHB", 1, 1, len(FONT)) + FONT),
    )
    table = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), entry),
        _full(b"stts", struct.pack(">I", len(samples)), *(struct.pack(">II", 1, ticks) for ticks, _ in samples)),
        _full(b"stsc", struct.pack(">4I", 1, 1, len(samples), 1)),
        _full(b"stsz", struct.pack(">2I", 0, len(samples)), *(struct.pack(">I", len(it)) for _, it in samples)),
        _full(b"co64", struct.pack(">IQ", 1, at)),
    )
    information = _box(
        b"minf", _full(b"nmhd"), _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1))), table
    )
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">4IHH", 0, 0, TIMESCALE, length, code, 0)),
        _full(b"hdlr", struct.pack(">I4s12x", 0, b"sbtl"), b"Subtitles\0"),
        information,
    )
    place = struct.pack(">5I8x4H", 0, 0, number, 0, duration, 0, 3, 0, 0) + MATRIX  # a group of alternatives of its own
    header = _full(b"tkhd", place, struct.pack(">2I", width << 16, height << 16), flags=3)  # enabled, in the movie
    return _box(b"trak", header, media)


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I4s", len(content) + 8, kind) + content


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", flags), *parts)


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, whole box) of every box in a row. Raises MovieError."""
    at = 0
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at) if at + 8 <= len(content) else (0, b"")
        if length < 8 or at + length > len(content):
            raise MovieError(f"box at {at}")
        yield kind, content[at : at + length]
        at += length


def _header(movie: bytes) -> tuple[int, int, int]:
    """(timescale, duration, next track's number) of the movie. Raises MovieError."""
    if movie[4:8] != b"moov":
        raise MovieError("no movie box")
    header = next((box for kind, box in _boxes(movie[8:]) if kind == b"mvhd"), b"")
    if not header:
        raise MovieError("no movie header")
    scale, duration = struct.unpack_from(*((">IQ", header, 28) if header[8] else (">II", header, 20)))
    return scale, duration, struct.unpack(">I", header[-4:])[0]


def _with_header(header: bytes, duration: int, following: int) -> bytes:
    made = bytearray(header)
    struct.pack_into(*((">Q", made, 32) if header[8] else (">I", made, 24)), duration)
    struct.pack_into(">I", made, len(made) - 4, following)
    return bytes(made)
