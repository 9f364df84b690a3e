"""The bytes of a C2PA manifest store that no signature covers, held to their one proper form.

A file's hash leaves out the store itself, a signature its own padding and the frame of boxes around it: a bit
flipped there changes nothing that a reader looks at, and the official one calls the file valid. Ours are all
written by one library in one form, so what differs from that form was altered (JUMBF, ISO/IEC 19566-5; C2PA 2.2).
"""

from __future__ import annotations

import re
import struct

STORE_UUID = b"c2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x008\x9bq"
UUID_TAIL = STORE_UUID[4:]
LABELS = {
    b"c2pa": rb"c2pa",
    b"c2ma": rb"urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    b"c2um": rb"urn:c2pa:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    b"c2as": rb"c2pa\.assertions",
    b"c2cl": rb"c2pa\.claim(\.v2)?",
    b"c2cs": rb"c2pa\.signature",
    b"cbor": rb"[\w.-]+",
    b"json": rb"[\w.-]+",
}
PADDING = re.compile(rb"\x63pad(?:\x58(?P<short>.)|\x59(?P<long>..))", re.DOTALL)  # CBOR: "pad", byte string
ES256 = b"\xf6\x58\x40"  # CBOR: null, a byte string of 64
REQUESTABLE_AND_LABELLED = 3
FTYPS = {  # how the MP4 files begin that FFmpeg (the server) and mediabunny (the studio) write: brands, no more
    brand + b"\0\0\2\0" + compatible
    for brand, compatible in (
        (b"isom", b"isomiso2mp41"),
        (b"isom", b"isomiso2avc1mp41"),
        (b"isom", b"isommp41"),
        (b"isom", b"isomavc1mp41"),
        (b"M4A ", b"M4A isomiso2"),
    )
}
MP4_STORE = b"uuid\xd8\xfe\xc3\xd6\x1b\x0eH<\x92\x97X(\x87~\xc4\x81" + bytes(4) + b"manifest\0" + bytes(8)
HEADER = 8  # bytes before what a box holds: length and type


def find_store(content: bytes) -> bytes | None:
    """The manifest store, from the first box that is one; None when there is none."""
    at = content.find(b"jumd" + STORE_UUID)
    start = at - 4 - HEADER
    if start < 0 or content[at - HEADER : at - 4] != b"jumb":
        return None
    (length,) = struct.unpack_from(">I", content, start)
    store = content[start : start + length]
    return store if len(store) == length else None


def is_intact(content: bytes) -> bool:
    """Whether the store in this file has the form in which it is written, and so has what the file puts round it."""
    store = find_store(content)
    if store is None or not _is_box(store):
        return False
    start = content.find(store)
    if content[:4] == b"RIFF":
        return content[start - HEADER : start] == b"C2PA" + struct.pack("<I", len(store))
    if content[4:HEADER] == b"ftyp":  # no hash covers this box, nor the frame of the store
        size = int.from_bytes(content[:4], "big")
        frame = struct.pack(">I", 4 + len(MP4_STORE) + len(store)) + MP4_STORE
        return content[HEADER:size] in FTYPS and content[size:start] == frame
    return True


def find_box(store: bytes, *path: bytes) -> bytes:
    """The superbox with these labels, one inside the other, in a store's first manifest. Raises LookupError."""
    box = _split(store[HEADER:])[1]
    for label in path:
        box = {_label(inner): inner for inner in _split(box[HEADER:])[1:]}[label]
    return box


def first_content(box: bytes) -> bytes:
    """What is in the first box of a superbox after the one with its label."""
    return _split(box[HEADER:])[1][HEADER:]


def _label(box: bytes) -> bytes:
    return _split(box[HEADER:])[0][HEADER + 17 :].partition(b"\0")[0]


def _is_box(box: bytes) -> bool:
    """Whether a superbox says what it is in the proper way, and whether its boxes fill it."""
    parts = _split(box[HEADER:])
    if box[4:HEADER] != b"jumb" or not parts or parts[0][4:HEADER] != b"jumd":
        return False
    about, *inside = (part[HEADER:] if part[4:HEADER] != b"jumb" else part for part in parts)
    kind, tail, toggles = about[:4], about[4:16], about[16]
    label, end, private = about[17:].partition(b"\0")
    if tail != UUID_TAIL or kind not in LABELS or not end or not re.fullmatch(LABELS[kind], label):
        return False
    if toggles & ~16 != REQUESTABLE_AND_LABELLED or bool(toggles & 16) != bool(private):  # 16: a salt follows
        return False
    if kind == b"c2cs":
        return len(inside) == 1 and _is_padded_with_zeros(inside[0])
    return all(_is_box(part) for part in parts[1:] if part[4:HEADER] == b"jumb")


def _split(content: bytes) -> list[bytes]:
    """The boxes that lie side by side in `content`; none when they don't fill it exactly."""
    boxes, at = [], 0
    while at < len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        if length < HEADER or at + length > len(content):
            return []
        boxes.append(content[at : at + length])
        at += length
    return boxes


def _is_padded_with_zeros(signature: bytes) -> bool:
    found = PADDING.search(signature)
    if not found:
        return False
    stop = found.end() + int.from_bytes(found["short"] or found["long"], "big")
    rest = signature[stop:]  # no payload of its own, then 64 bytes
    return not any(signature[found.end() : stop]) and rest.startswith(ES256) and len(rest) == len(ES256) + 64
