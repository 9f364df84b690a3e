"""One build at a time: two that write the same folders would spoil each other's work."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from steps.console import say
from steps.layout import CACHE


@contextmanager
def exclusive() -> Iterator[None]:
    """Wait until no other build runs on this checkout, then keep others out."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "exclusion").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("… another build is running here: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
