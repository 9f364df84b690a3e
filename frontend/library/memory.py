"""A store that lasts as long as the page: what is left where the browser grants no storage."""

from __future__ import annotations

from frontend.library.ports import Change, Conflict, Lock, Snapshot


class MemoryStore:
    """A `Store` without durability."""

    def __init__(self) -> None:
        self.lock: Lock | None = None
        self.records: dict[str, bytes] = {}

    async def read(self) -> Snapshot:
        """Lock and records as last written."""
        return Snapshot(self.lock, dict(self.records))

    async def write(self, change: Change) -> None:
        """Apply the change. Raises Conflict."""
        if change.lock.revision != (self.lock.revision if self.lock else 0) + 1:
            raise Conflict
        self.records = {id_: sealed for id_, sealed in self.records.items() if id_ not in change.remove}
        self.records.update(change.put)
        self.lock = change.lock

    async def remove(self, id_: str) -> None:
        """Forget one record."""
        self.records.pop(id_, None)

    async def destroy(self) -> None:
        """Forget everything."""
        self.lock, self.records = None, {}
