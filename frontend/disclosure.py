"""Saying that speech is generated, besides its marks: spoken before it, in a file's name and tags, in a caption."""

from __future__ import annotations

import struct

from frontend.words import Words
from models.contract import SYNTHESIS_LANGUAGES
from models.seal import TOOL, VERSION


def spoken_first(text: str) -> str:
    """The text with a sentence before it, in the language that is spoken, that says what voice this is."""
    return f"{Words(SYNTHESIS_LANGUAGES[0])('disclosure.spoken')} {text}"


def caption(words: Words) -> str:
    """What to put under a film or a post."""
    return words("disclosure.caption")


def file_name(words: Words, suffix: str) -> str:
    """A name that says what is inside; `suffix` without a dot."""
    return f"{words('disclosure.file')}.{suffix}"


def tagged(wav: bytes, words: Words) -> bytes:
    """A whole WAV file with tags (RIFF INFO) that say it: title, comment, software."""
    texts = {b"INAM": words("disclosure.title"), b"ICMT": caption(words), b"ISFT": f"{TOOL} {VERSION}"}
    entries = b"".join(_chunk(name, text.encode() + b"\0") for name, text in texts.items())
    body = wav[8:] + bytes(len(wav) % 2) + _chunk(b"LIST", b"INFO" + entries)
    return wav[:4] + struct.pack("<I", len(body)) + body


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)
