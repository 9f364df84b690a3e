"""The browser's durable store: IndexedDB, one short connection for each operation.

A transaction ends as soon as its callbacks have nothing more to ask, so what belongs together is asked for inside
one callback, never after an `await`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from frontend.library.ports import (
    Change,
    Conflict,
    KeyDerivation,
    Lock,
    NewerLibrary,
    Snapshot,
    StorageError,
    StorageFull,
    StorageUnavailable,
)

NAME = "ownvoice-library"
SCHEMA = 1
LOCKS, RECORDS = "lock", "voices"
THE_LOCK = "lock"
FAILURES = {
    "QuotaExceededError": StorageFull,
    "VersionError": NewerLibrary,
    "SecurityError": StorageUnavailable,
    "InvalidStateError": StorageUnavailable,
    "UnknownError": StorageUnavailable,
}


class IndexedDbStore:
    """A `Store` of this origin; `name` sets apart the libraries of tests."""

    def __init__(self, name: str = NAME) -> None:
        self._name = name

    async def read(self) -> Snapshot:
        """Lock and records in one transaction. Raises StorageError."""
        database = await self._connect()
        try:
            transaction = database.transaction(_array(LOCKS, RECORDS), "readonly")
            lock = transaction.objectStore(LOCKS).get(THE_LOCK)
            ids = transaction.objectStore(RECORDS).getAllKeys()
            records = transaction.objectStore(RECORDS).getAll()
            await _finished(transaction)
            sealed = [record.to_bytes() for record in records.result]
            return Snapshot(_lock_from(lock.result), dict(zip(ids.result, sealed, strict=True)))
        finally:
            database.close()

    async def write(self, change: Change) -> None:
        """One transaction, flushed to the disk before it counts as done. Raises Conflict, StorageError."""
        from pyodide.ffi import JsException, create_once_callable, to_js

        database = await self._connect()
        try:
            options = _object(durability="strict")
            transaction = database.transaction(_array(LOCKS, RECORDS), "readwrite", options)
            locks, records = transaction.objectStore(LOCKS), transaction.objectStore(RECORDS)
            stored = locks.get(THE_LOCK)
            failures: list[Exception] = []

            def apply(_event: Any) -> None:
                revision = stored.result.revision if stored.result else 0
                if revision != change.lock.revision - 1:
                    failures.append(Conflict(f"revision {revision}"))
                    transaction.abort()
                    return
                try:
                    for id_ in change.remove:
                        records.delete(id_)
                    for id_, sealed in change.put.items():
                        records.put(to_js(sealed), id_)
                    locks.put(_lock_to(change.lock), THE_LOCK)
                except JsException as error:  # what is thrown here does not end the transaction by itself
                    failures.append(_failure(error))
                    transaction.abort()

            stored.onsuccess = create_once_callable(apply)
            try:
                await _finished(transaction)
            except StorageError as error:
                raise (failures[0] if failures else error) from None
        finally:
            database.close()

    async def remove(self, id_: str) -> None:
        """Delete one record in a transaction that writes nothing: Chromium refuses any other in a full origin."""
        database = await self._connect()
        try:
            transaction = database.transaction(_array(RECORDS), "readwrite", _object(durability="strict"))
            transaction.objectStore(RECORDS).delete(id_)
            await _finished(transaction)
        finally:
            database.close()

    async def destroy(self) -> None:
        """Delete the database. Raises StorageError."""
        import js

        await _outcome(js.indexedDB.deleteDatabase(self._name))

    async def _connect(self) -> Any:
        import js
        from pyodide.ffi import JsException, create_once_callable

        try:
            request = js.indexedDB.open(self._name, SCHEMA)
        except (AttributeError, JsException) as error:  # none at all, or forbidden
            raise StorageUnavailable(str(error)) from None

        def create(_event: Any) -> None:
            for name in (LOCKS, RECORDS):
                request.result.createObjectStore(name)

        request.onupgradeneeded = create_once_callable(create)
        return await _outcome(request)


async def _outcome(request: Any) -> Any:
    """The result of a request. Raises StorageError."""
    await _settled(request, ("success",), ("error",))
    return request.result


async def _finished(transaction: Any) -> None:
    """Wait for a transaction to be done. Raises StorageError, and then nothing of it was."""
    await _settled(transaction, ("complete",), ("abort",))


async def _settled(target: Any, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    from pyodide.ffi import create_proxy

    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def succeed(_event: Any) -> None:
        if not done.done():
            done.set_result(None)

    def fail(_event: Any) -> None:
        if not done.done():
            done.set_exception(_failure(target.error))

    heard: list[tuple[str, Any]] = [(name, create_proxy(succeed)) for name in good]
    heard += [(name, create_proxy(fail)) for name in bad]
    for name, callback in heard:
        target.addEventListener(name, callback)
    try:
        await done
    finally:
        for name, callback in heard:
            target.removeEventListener(name, callback)
            callback.destroy()


def _failure(error: Any) -> StorageError:
    name = getattr(error, "name", None) or type(error).__name__
    kind: Callable[[str], StorageError] = FAILURES.get(name, StorageError)
    return kind(f"{name}: {getattr(error, 'message', error)}")


def _lock_from(value: Any) -> Lock | None:
    if not value:
        return None
    if not hasattr(value, "derivation"):
        return Lock(value.format, value.revision, getattr(value, "key", None))
    told = value.derivation
    derivation = KeyDerivation(told.salt.to_bytes(), told.memoryKib, told.passes)
    return Lock(value.format, value.revision, None, derivation, value.wrapped.to_bytes())


def _lock_to(lock: Lock) -> Any:
    from pyodide.ffi import to_js

    value = _object(format=lock.format, revision=lock.revision)
    if lock.derivation is None:
        value.key = lock.key
    else:
        salt = to_js(lock.derivation.salt)
        value.derivation = _object(salt=salt, memoryKib=lock.derivation.memory_kib, passes=lock.derivation.passes)
        value.wrapped = to_js(lock.wrapped)
    return value


def _object(**fields: Any) -> Any:
    import js

    value = js.Object.new()
    for name, field in fields.items():
        setattr(value, name, field)
    return value


def _array(*items: str) -> Any:
    import js

    return js.Array.of(*items)
