"""The vault's ports, natively: the same cipher from another library, a store that can fail, tabs in one process."""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from frontend.library.memory import MemoryStore
from frontend.library.ports import Change, KeyDerivation, NotAuthentic, Snapshot, StorageError
from frontend.library.script import fresh_script
from frontend.library.vault import Vault
from frontend.library.voice import Reading, Voice, attestation, new_voice
from frontend.library.voiceprint import BANDS, VoicePrint
from models.contract import ENCODER_ID, encode_embedding

ENCODER = "e" * 64


class NativeCipher:
    """AES-256-GCM and Argon2id of `cryptography`; keys are bytes."""

    async def new_key(self) -> bytes:
        return os.urandom(32)

    async def derive_key(self, passphrase: str, derivation: KeyDerivation) -> bytes:
        argon2 = Argon2id(
            salt=derivation.salt, length=32, iterations=derivation.passes, lanes=1, memory_cost=derivation.memory_kib
        )
        return argon2.derive(passphrase.encode())

    async def new_wrapped_key(self, wrapping: bytes, bound: bytes) -> tuple[bytes, bytes]:
        key = os.urandom(32)
        return key, await self.seal(wrapping, key, bound)

    async def unwrap_key(self, wrapping: bytes, wrapped: bytes, bound: bytes) -> bytes:
        return await self.open(wrapping, wrapped, bound)

    async def seal(self, key: bytes, plain: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, bound)

    async def open(self, key: bytes, sealed: bytes, bound: bytes) -> bytes:
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
        except (InvalidTag, ValueError):
            raise NotAuthentic from None


class FaultyStore(MemoryStore):
    """Raises `fault` from every write while it is set, and runs `before_write` once before the next."""

    fault: StorageError | None = None
    before_write: Callable[[], object] | None = None

    async def write(self, change: Change) -> None:
        if self.before_write:
            once, self.before_write = self.before_write, None
            await once()  # type: ignore[misc]
        if self.fault:
            raise self.fault
        await super().write(change)

    def bytes_held(self) -> bytes:
        return b"".join(self.records.values())

    async def snapshot(self) -> Snapshot:
        return await self.read()


class Hub:
    """Tabs of one origin."""

    def __init__(self) -> None:
        self.tabs: list[HubTab] = []

    def tab(self) -> HubTab:
        self.tabs.append(HubTab(self))
        return self.tabs[-1]


class HubTab:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.heard: Callable[[str], None] = lambda what: None

    def tell(self, what: str) -> None:
        for tab in self.hub.tabs:
            if tab is not self:
                tab.heard(what)

    def listen(self, heard: Callable[[str], None]) -> None:
        self.heard = heard


def vault(store: MemoryStore, hub: Hub | None = None) -> Vault:
    return Vault(store, NativeCipher(), (hub or Hub()).tab(), ENCODER)


def reading(seed: int = 0, near: int | None = None) -> Reading:
    """A reading with a random embedding; `near` another seed's if given."""
    embedding = np.random.default_rng(seed).normal(size=512)
    if near is not None:
        embedding = 0.5 * embedding + np.random.default_rng(near).normal(size=512)
    embedding /= np.linalg.norm(embedding)
    script = fresh_script("en", "Anna", seed)
    told, record = attestation(script, "2026-11-22T10:00:00Z")
    profile = {
        "version": 1,
        "encoder": {"id": ENCODER_ID, "sha256": ENCODER},
        "embedding": encode_embedding(embedding.astype(np.float32)),
        "prosody": {"f0_median_hz": 120.0 + seed, "f0_range_semitones": 8.0, "syllables_per_second": 4.0},
        "consent": told,
    }
    return Reading(profile, VoicePrint(tuple(-float(band) for band in range(BANDS)), 90.0, 180.0), record)


def voice(seed: int = 0, name: str = "Anna") -> Voice:
    return new_voice(name, "clay", reading(seed))
