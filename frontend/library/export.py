"""An `.ownvoice` file: voices as JSON inside an age file under a passphrase, readable by any age tool.

Version 1 is {"ownvoice": 1, "voices": [voice, ...]}, each voice as `frontend.library.voice` writes it. Consent
travels in it. Nothing is taken from a file unless all of it is good.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence

from frontend.library.sealing import SealingError
from frontend.library.voice import Voice, VoiceError, from_json
from models.contract import decode_json

EXPORT_VERSION = 1
SUFFIX = ".ownvoice"
MIME = "application/octet-stream"
WORK_FACTOR = 17  # scrypt N = 2^17, 128 MiB: about a second of a laptop; age refuses to read more than 2^20
MAX_BYTES = 16 * 1024 * 1024
VOICES_MAX = 200
AGE_HEADER = b"age-encryption.org/"
AGE_VERSION = b"v1\n"

Crypt = Callable[[bytes, str], Awaitable[bytes]]


class ImportRefused(ValueError):
    """A file that is not taken: `kind` is "foreign", "newer", "locked", "damaged", or a VoiceError's kind."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else kind)
        self.kind = kind


def packed(voices: Sequence[Voice]) -> bytes:
    """The content of an export, before encryption."""
    content = {"ownvoice": EXPORT_VERSION, "voices": [voice.to_json() for voice in voices]}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


async def unpacked(file: bytes, passphrase: str, decrypt: Crypt, encoder_sha256: str) -> tuple[Voice, ...]:
    """All voices of an `.ownvoice` file. Raises ImportRefused, and what `decrypt` raises when it cannot be done here.

    "foreign": no file of ours; "newer": of a later version; "locked": wrong passphrase, or the header is damaged
    (age can't tell them apart); "damaged": changed or cut short after it was written.
    """
    if not file.startswith(AGE_HEADER):
        raise ImportRefused("foreign")
    if not file.startswith(AGE_HEADER + AGE_VERSION):
        raise ImportRefused("newer", "age")
    if len(file) > MAX_BYTES:
        raise ImportRefused("foreign", f"{len(file)} bytes")
    try:
        plain = await decrypt(file, passphrase)
    except SealingError as error:  # its message is the only way to tell what went wrong
        raise ImportRefused("locked" if "no identity matched" in str(error) else "damaged", str(error)) from None
    return _voices(plain, encoder_sha256)


def _voices(plain: bytes, encoder_sha256: str) -> tuple[Voice, ...]:
    try:
        content = decode_json(plain)
    except ValueError:
        raise ImportRefused("foreign", "not JSON") from None
    if not isinstance(content, dict) or not isinstance(content.get("ownvoice"), int):
        raise ImportRefused("foreign", "other JSON")
    if content["ownvoice"] > EXPORT_VERSION:
        raise ImportRefused("newer", f"version {content['ownvoice']}")
    voices = content.get("voices")
    if set(content) != {"ownvoice", "voices"} or not isinstance(voices, list) or not 0 < len(voices) <= VOICES_MAX:
        raise ImportRefused("invalid", "voices")
    try:
        read = tuple(from_json(voice, encoder_sha256) for voice in voices)
    except VoiceError as error:
        raise ImportRefused(error.kind, str(error)) from None
    if len({voice.id for voice in read}) < len(read):
        raise ImportRefused("invalid", "ids")
    return read
