"""Worker threads shared fairly: of the jobs that wait, the most urgent runs next.

A listener's next chunk of speech is due when the sound sent so far runs out, so "earliest deadline first"
(C. Liu and J. Layland, 1973) gives everyone their first sound early and then keeps nobody waiting.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


class Workers:
    """A pool of threads; belongs to one event loop, whose thread it never blocks."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, "worker")
        self._idle = threads
        self._waiting: list[tuple[float, int, asyncio.Future[Any], Callable[[], Any]]] = []
        self._numbers = itertools.count()

    async def run(self, due: float, job: Callable[[], T]) -> T:
        """The result of `job`, run before every waiting job due later. Cancelled while it waits, it never runs."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (due, next(self._numbers), future, job))
        self._start()
        return await future

    @property
    def waiting(self) -> int:
        """Jobs that no thread has begun."""
        return len(self._waiting)

    @property
    def late(self) -> float:
        """Seconds for which the most urgent job that waits has been due."""
        if not self._waiting:
            return 0.0
        return max(0.0, asyncio.get_running_loop().time() - self._waiting[0][0])

    def close(self) -> None:
        """Wait for the jobs that run."""
        self._pool.shutdown(cancel_futures=True)

    def _start(self) -> None:
        while self._idle and self._waiting:
            _, _, future, job = heapq.heappop(self._waiting)
            if not future.cancelled():
                self._idle -= 1
                running = asyncio.get_running_loop().run_in_executor(self._pool, job)
                running.add_done_callback(partial(self._done, future))

    def _done(self, future: asyncio.Future[Any], ran: asyncio.Future[Any]) -> None:
        self._idle += 1
        error = ran.exception()
        if future.cancelled():
            pass
        elif error:
            future.set_exception(error)
        else:
            future.set_result(ran.result())
        self._start()
