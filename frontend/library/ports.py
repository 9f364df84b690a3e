"""What the vault needs of the browser: a store with transactions, a cipher, and word from other tabs.

Kept this narrow so that the vault's logic runs natively, against a store that can be made to fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Key = Any  # a CryptoKey that cannot be exported; opaque here


class StorageError(Exception):
    """The library could not be read or written; what was stored before is untouched."""


class StorageFull(StorageError):
    """The browser grants no more room."""


class StorageUnavailable(StorageError):
    """The browser grants no storage at all, as with site data blocked."""


class Conflict(StorageError):
    """Another tab wrote first."""


class NewerLibrary(StorageError):
    """Written by a later version of the application."""


class NotAuthentic(Exception):
    """Sealed bytes that this key did not seal, or that were changed since."""


@dataclass(frozen=True, slots=True)
class KeyDerivation:
    """Argon2id (RFC 9106): salt of 16 bytes, memory in KiB, passes; one lane."""

    salt: bytes
    memory_kib: int
    passes: int


@dataclass(frozen=True, slots=True)
class Lock:
    """What opens the records: a key that the browser keeps, or one under a passphrase. `revision` counts writes."""

    format: int
    revision: int
    key: Key | None = None
    derivation: KeyDerivation | None = None
    wrapped: bytes = b""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The library as stored: its lock, None before the first write, and the sealed record of each id."""

    lock: Lock | None
    records: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Change:
    """One transaction: the new lock, whose revision is one more than the last, and records put and removed."""

    lock: Lock
    put: Mapping[str, bytes] = field(default_factory=dict)
    remove: tuple[str, ...] = ()


class Store(Protocol):
    """Durable storage; every method raises StorageError when it fails."""

    async def read(self) -> Snapshot:
        """Lock and records of one moment."""

    async def write(self, change: Change) -> None:
        """All of the change or nothing. Raises Conflict unless the stored revision is the one before the change's."""

    async def remove(self, id_: str) -> None:
        """Delete one record and write nothing, which needs no room; the revision stays."""

    async def destroy(self) -> None:
        """Remove the store itself."""


class Cipher(Protocol):
    """AES-256-GCM with a fresh 96-bit nonce each time, before the ciphertext; Argon2id for passphrases."""

    async def new_key(self) -> Key:
        """A random key that cannot be exported."""

    async def derive_key(self, passphrase: str, derivation: KeyDerivation) -> Key:
        """The wrapping key of a passphrase."""

    async def new_wrapped_key(self, wrapping: Key, bound: bytes) -> tuple[Key, bytes]:
        """A random key, and the same sealed under the wrapping key."""

    async def unwrap_key(self, wrapping: Key, wrapped: bytes, bound: bytes) -> Key:
        """The key inside. Raises NotAuthentic."""

    async def seal(self, key: Key, plain: bytes, bound: bytes) -> bytes:
        """`plain` sealed, authenticating `bound` along with it."""

    async def open(self, key: Key, sealed: bytes, bound: bytes) -> bytes:
        """The inverse of `seal`. Raises NotAuthentic."""


class Tabs(Protocol):
    """The same library in other tabs."""

    def tell(self, what: str) -> None:
        """Send a word to all of them."""

    def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard` with each word that another sends."""
