"""`.ownvoice` files, opened by another implementation of age; and the records of every format version so far."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pyrage
import pytest

from frontend.library.export import ImportRefused, packed, unpacked
from frontend.library.memory import MemoryStore
from frontend.library.ports import KeyDerivation, Lock
from frontend.library.sealing import SealingUnavailable
from frontend.library.voice import Voice
from tests.frontend.library.doubles import ENCODER, vault, voice

FIXTURES = Path(__file__).parents[2] / "data" / "library"
PASSPHRASE = "fixture passphrase"


async def decrypt(file: bytes, passphrase: str) -> bytes:
    """age's Rust implementation."""
    return bytes(pyrage.passphrase.decrypt(file, passphrase))


async def in_the_clear(file: bytes, passphrase: str) -> bytes:
    return file.partition(b"\n")[2]


def opened(content: Any) -> tuple[Voice, ...]:
    """What the import makes of an age file with this content."""
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    return asyncio.run(unpacked(b"age-encryption.org/v1\n" + plain, "", in_the_clear, ENCODER))


def test_what_cannot_be_done_here_is_not_called_a_damaged_file() -> None:
    async def unavailable(file: bytes, passphrase: str) -> bytes:
        raise SealingUnavailable("Failed to fetch dynamically imported module")

    with pytest.raises(SealingUnavailable):
        asyncio.run(unpacked(b"age-encryption.org/v1\n", PASSPHRASE, unavailable, ENCODER))


def test_voices_come_back_equal() -> None:
    voices = (voice(0), voice(1, "Jörg 🎙"))
    assert opened(packed(voices)) == voices


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "foreign"),
        (b"\xff\xfe", "foreign"),
        (["ownvoice"], "foreign"),
        ({"voices": []}, "foreign"),
        ({"ownvoice": 2, "voices": []}, "newer"),
        ({"ownvoice": 1, "voices": []}, "invalid"),
        ({"ownvoice": 1, "voices": [{}]}, "invalid"),
        ({"ownvoice": 1, "voices": [{"version": 2}]}, "newer"),
        ({"ownvoice": 1, "voices": [voice().to_json()], "more": 1}, "invalid"),
        ({"ownvoice": 1, "voices": [voice().to_json() | {"id": "a" * 32}] * 2}, "invalid"),
    ],
)
def test_each_content_that_is_not_ours_is_refused(content: Any, kind: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        opened(content)
    assert refusal.value.kind == kind


@pytest.mark.parametrize(
    ("file", "kind"),
    [(b"", "foreign"), (b"RIFF....WAVE", "foreign"), (b"age-encryption.org/v2\n", "newer"), (b"age-enc", "foreign")],
)
def test_each_file_that_is_not_ours_is_refused(file: bytes, kind: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        asyncio.run(unpacked(file, "", decrypt, ENCODER))
    assert refusal.value.kind == kind


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("export-v*.ownvoice")), ids=lambda path: path.name)
def test_exports_of_every_version_open(path: Path) -> None:
    voices = asyncio.run(unpacked(path.read_bytes(), PASSPHRASE, decrypt, ENCODER))
    assert [it.to_json() for it in voices] == json.loads(path.with_suffix(".json").read_text("utf-8"))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("store-v*.json")), ids=lambda path: path.name)
def test_stores_of_every_version_open(path: Path) -> None:
    told = json.loads(path.read_text("utf-8"))
    store = MemoryStore()
    derivation = KeyDerivation(bytes.fromhex(told["salt"]), told["memory_kib"], told["passes"])
    store.lock = Lock(told["format"], told["revision"], None, derivation, bytes.fromhex(told["wrapped"]))
    store.records = {id_: bytes.fromhex(sealed) for id_, sealed in told["records"].items()}

    async def scenario() -> None:
        library = vault(store)
        await library.unlock(PASSPHRASE)
        assert [it.to_json() for it in library.voices] == told["voices"]
        assert not library.unreadable

    asyncio.run(scenario())
