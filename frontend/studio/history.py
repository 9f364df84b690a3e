"""Undo and redo of immutable states."""

from __future__ import annotations

from typing import Generic, TypeVar

State = TypeVar("State")
MAX_STEPS = 200


class History(Generic[State]):
    """A present state with its past and, after an undo, its future. A new state ends that future."""

    def __init__(self, present: State) -> None:
        self.present = present
        self._past: list[State] = []
        self._future: list[State] = []

    def push(self, state: State) -> None:
        if state == self.present:
            return
        self._past = [*self._past, self.present][-MAX_STEPS:]
        self._future = []
        self.present = state

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def undo(self) -> State:
        """The state before the present one; the present itself where there is none."""
        if self._past:
            self._future.append(self.present)
            self.present = self._past.pop()
        return self.present

    def redo(self) -> State:
        """The state that the last undo left; the present itself where there is none."""
        if self._future:
            self._past.append(self.present)
            self.present = self._future.pop()
        return self.present
