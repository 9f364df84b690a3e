"""The encrypted library: each change is one transaction, so a page closed in the middle leaves old or new.

Every voice is sealed under one data key. Without a passphrase the browser keeps that key, unexportable; with one it
is stored only wrapped under Argon2id. Deleting a voice, and setting, changing or removing the passphrase, replace the
data key and seal everything that stays anew: bytes that the browser's files may still hold can't be opened again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from frontend.library import ports
from frontend.library.records import LOCK_FORMAT, Record, bound_key, open_record, seal_anew, seal_voice
from frontend.library.voice import Voice

DERIVATION = (64 * 1024, 3)  # KiB and passes: RFC 9106's second recommendation, but one lane as a page has one thread
PASSPHRASE_MIN_CHARS = 8
ATTEMPTS = 5  # at a change that other tabs keep overtaking

State = Literal["closed", "locked", "open"]


class WrongPassphrase(Exception):
    """Not the passphrase of this library; nothing was changed."""


class Locked(Exception):
    """The library must be unlocked first."""


class NoSuchVoice(KeyError):
    """The voice is gone, perhaps deleted in another tab."""


class Vault:
    """The library of this browser. `changed` is called after every change, wherever it was made."""

    def __init__(
        self,
        store: ports.Store,
        cipher: ports.Cipher,
        tabs: ports.Tabs,
        encoder_sha256: str | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.changed = changed
        self.state: State = "closed"
        self.stale = False  # another tab changed something since `refresh`
        self._store, self._cipher, self._tabs = store, cipher, tabs
        self._encoder_sha256 = encoder_sha256
        self._lock: ports.Lock | None = None
        self._wrapping: ports.Key | None = None
        self._key: ports.Key | None = None
        self._records: dict[str, Record] = {}
        tabs.listen(self._heard)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """All readable voices, the oldest first; none while locked."""
        voices = (record.voice for record in self._records.values() if record.voice)
        return tuple(sorted(voices, key=lambda voice: (voice.created_at, voice.id)))

    @property
    def unreadable(self) -> Mapping[str, str]:
        """Ids of records that hold no voice for this version, and why; they are kept as they are."""
        return {id_: record.problem for id_, record in self._records.items() if record.voice is None}

    @property
    def has_passphrase(self) -> bool:
        """Whether opening the library takes a passphrase."""
        return self._lock is not None and self._lock.derivation is not None

    async def refresh(self) -> None:
        """Read what is stored now; locks if the key at hand does not open it. Raises StorageError."""
        snapshot = await self._store.read()
        self.stale = False
        lock, previous = snapshot.lock, self._lock
        if lock is not None and lock.format > LOCK_FORMAT:
            raise ports.NewerLibrary(f"lock format {lock.format}")
        if lock is None:
            self._forget()
        elif lock.derivation is None:
            self._wrapping, self._key = None, lock.key
        elif self._wrapping is None or previous is None or previous.derivation != lock.derivation:
            self._forget()
        elif previous.wrapped != lock.wrapped:
            self._key = await self._cipher.unwrap_key(self._wrapping, lock.wrapped, bound_key(lock.derivation))
        self._lock = lock
        await self._load(snapshot.records)

    async def unlock(self, passphrase: str) -> None:
        """Open with the passphrase. Raises WrongPassphrase, StorageError."""
        snapshot = await self._store.read()
        self._lock = snapshot.lock
        if snapshot.lock is not None and snapshot.lock.derivation is not None:
            self._wrapping, self._key = await self._unwrapped(snapshot.lock, passphrase)
        await self.refresh()

    def lock(self) -> None:
        """Forget key and voices, here and in other tabs; without a passphrase there is nothing to lock."""
        if self.has_passphrase:
            self._forget()
            self.state = "locked"
            self._tabs.tell("lock")
            self.changed()

    async def add(self, *voices: Voice) -> None:
        """Store voices, or other versions of them, all or none. Raises Locked, StorageError."""
        await self._commit(lambda: {voice.id: voice for voice in voices})

    async def update(self, id_: str, change: Callable[[Voice], Voice]) -> None:
        """Store what `change` makes of the voice as it is now; it may run again when another tab was faster.

        Raises NoSuchVoice, Locked, StorageError, and whatever `change` raises.
        """
        await self._commit(lambda: {id_: replace(change(self.voice(id_)), id=id_)})

    async def delete(self, id_: str) -> None:
        """Remove a voice, or an unreadable record, under a new data key. Raises NoSuchVoice, Locked, StorageError.

        When the store is too full to seal the other voices anew, the voice is removed all the same, under the old key.
        """

        def gone() -> dict[str, Voice | None]:
            if id_ not in self._records:
                raise NoSuchVoice(id_)
            return {id_: None}

        try:
            await self._commit(gone, new_key=True)
        except ports.StorageFull:
            await self._store.remove(id_)
            del self._records[id_]
            self._tabs.tell("changed")
            self.changed()

    async def delete_everything(self) -> None:
        """Remove the whole library, locked or not. Raises StorageError."""
        await self._store.destroy()
        self._forget()
        self._lock = None
        self.state = "open"
        self._tabs.tell("changed")
        self.changed()

    async def set_passphrase(self, passphrase: str, current: str = "") -> None:
        """Set or change the passphrase, for everything at once.

        Raises WrongPassphrase, Locked, StorageError, and ValueError for fewer than PASSPHRASE_MIN_CHARS.
        """
        if len(passphrase) < PASSPHRASE_MIN_CHARS:
            raise ValueError(f"a passphrase has at least {PASSPHRASE_MIN_CHARS} characters")
        await self._check(current)
        derivation = ports.KeyDerivation(os.urandom(16), *DERIVATION)
        wrapping = await self._cipher.derive_key(passphrase, derivation)
        await self._commit(dict, new_key=True, protection=(derivation, wrapping))

    async def remove_passphrase(self, current: str) -> None:
        """Let the browser keep the key again. Raises WrongPassphrase, Locked, StorageError."""
        await self._check(current)
        await self._commit(dict, new_key=True, protection=(None, None))

    def voice(self, id_: str) -> Voice:
        """The voice of that id. Raises NoSuchVoice."""
        record = self._records.get(id_)
        if record is None or record.voice is None:
            raise NoSuchVoice(id_)
        return record.voice

    async def _commit(
        self,
        change: Callable[[], Mapping[str, Voice | None]],
        new_key: bool = False,
        protection: tuple[ports.KeyDerivation | None, ports.Key | None] | None = None,
    ) -> None:
        """Write what `change` returns (a voice to put, None to remove), again if another tab was faster."""
        for attempt in range(ATTEMPTS):
            if self.state == "closed" or attempt or self.stale:
                await self.refresh()
            if self.state != "open":
                raise Locked
            voices = change()
            try:
                await self._write(voices, new_key, protection)
            except ports.Conflict:
                continue
            self._tabs.tell("changed")
            self.changed()
            return
        raise ports.Conflict("other tabs keep changing the library")

    async def _write(
        self,
        voices: Mapping[str, Voice | None],
        new_key: bool,
        protection: tuple[ports.KeyDerivation | None, ports.Key | None] | None,
    ) -> None:
        lock, key, wrapping = self._lock, self._key, self._wrapping
        revision = (lock.revision if lock else 0) + 1
        if lock is None or key is None or new_key:
            derivation = lock.derivation if lock else None
            if protection is not None:
                derivation, wrapping = protection
            if derivation is None:
                key = await self._cipher.new_key()
                lock = ports.Lock(LOCK_FORMAT, revision, key=key)
            else:
                key, wrapped = await self._cipher.new_wrapped_key(wrapping, bound_key(derivation))
                lock = ports.Lock(LOCK_FORMAT, revision, derivation=derivation, wrapped=wrapped)
            records = dict(self._records)
        else:
            lock = replace(lock, revision=revision)
            records = {}
        put: dict[str, Record] = {}
        for id_, record in records.items():
            if id_ not in voices:
                put[id_] = await seal_anew(self._cipher, key, id_, record)
        for id_, voice in voices.items():
            if voice is not None:
                put[id_] = await seal_voice(self._cipher, key, voice)
        remove = tuple(id_ for id_, voice in voices.items() if voice is None)
        await self._store.write(ports.Change(lock, {id_: record.sealed for id_, record in put.items()}, remove))
        self._lock, self._key, self._wrapping = lock, key, wrapping
        self._records.update(put)
        for id_ in remove:
            del self._records[id_]

    async def _load(self, sealed: Mapping[str, bytes]) -> None:
        self._records = {}
        if self._lock is not None and self._key is None:
            self.state = "locked"
        else:
            for id_, blob in sealed.items():
                self._records[id_] = await open_record(self._cipher, self._key, id_, blob, self._encoder_sha256)
            self.state = "open"
        self.changed()

    async def _check(self, passphrase: str) -> None:
        if self._lock is not None and self._lock.derivation is not None:
            await self._unwrapped(self._lock, passphrase)

    async def _unwrapped(self, lock: ports.Lock, passphrase: str) -> tuple[ports.Key, ports.Key]:
        assert lock.derivation is not None
        wrapping = await self._cipher.derive_key(passphrase, lock.derivation)
        try:
            return wrapping, await self._cipher.unwrap_key(wrapping, lock.wrapped, bound_key(lock.derivation))
        except ports.NotAuthentic:
            raise WrongPassphrase from None

    def _forget(self) -> None:
        self._wrapping = self._key = None
        self._records = {}

    def _heard(self, what: str) -> None:
        if what == "lock" and self.has_passphrase:
            self._forget()
            self.state = "locked"
        else:
            self.stale = True
        self.changed()
