"""A voice as it is stored: sealed under the library's key, and tied to its id and to the format."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from frontend.library.ports import Cipher, Key, KeyDerivation, NotAuthentic
from frontend.library.voice import Voice, VoiceError, from_json

LOCK_FORMAT = 1
RECORD_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Record:
    """An opened record: the bytes, and the voice in them or why there is none ("damaged" or a VoiceError's kind)."""

    sealed: bytes
    plain: bytes | None
    voice: Voice | None
    problem: str = ""


async def open_record(cipher: Cipher, key: Key, id_: str, sealed: bytes, encoder_sha256: str | None) -> Record:
    """What is in stored bytes; with its problem when that is no voice for this version."""
    try:
        plain = await cipher.open(key, sealed, _bound(id_))
    except NotAuthentic:
        return Record(sealed, None, None, "damaged")
    try:
        voice = from_json(json.loads(plain), encoder_sha256)
    except VoiceError as error:
        return Record(sealed, plain, None, error.kind)
    return Record(sealed, plain, voice)


async def seal_voice(cipher: Cipher, key: Key, voice: Voice) -> Record:
    """A record of the voice."""
    plain = json.dumps(voice.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    return Record(await cipher.seal(key, plain, _bound(voice.id)), plain, voice)


async def seal_anew(cipher: Cipher, key: Key, id_: str, record: Record) -> Record:
    """The same content under another key; a record that could not be opened stays as it is."""
    if record.plain is None:
        return record
    return replace(record, sealed=await cipher.seal(key, record.plain, _bound(id_)))


def bound_key(derivation: KeyDerivation) -> bytes:
    """What ties a wrapped key to the way its wrapping key is derived."""
    salt, memory, passes = derivation.salt.hex(), derivation.memory_kib, derivation.passes
    return f"ownvoice/key/{LOCK_FORMAT}/argon2id/{memory}/{passes}/{salt}".encode()


def _bound(id_: str) -> bytes:
    return f"ownvoice/voice/{RECORD_FORMAT}/{id_}".encode()
