"""The most urgent job runs next, a failure is its caller's own, and the event loop stays free."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest

from server.workers import Workers


def test_of_the_waiting_jobs_the_one_due_first_runs_next() -> None:
    async def main() -> list[str]:
        workers, gate = Workers(1), threading.Event()
        order: list[str] = []
        first = asyncio.create_task(workers.run(0, gate.wait))
        later = [
            asyncio.create_task(workers.run(due, partial(order.append, name)))
            for due, name in ((3, "c"), (1, "a"), (2, "b"))
        ]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *later)
        workers.close()
        return order

    assert asyncio.run(main()) == ["a", "b", "c"]


def test_a_listener_who_left_while_waiting_costs_nothing() -> None:
    async def main() -> list[str]:
        workers, gate = Workers(1), threading.Event()
        order: list[str] = []
        running = asyncio.create_task(workers.run(0, gate.wait))
        left = asyncio.create_task(workers.run(1, lambda: order.append("left")))
        stays = asyncio.create_task(workers.run(2, lambda: order.append("stays")))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(running, stays)
        workers.close()
        return order

    assert asyncio.run(main()) == ["stays"]


def test_a_listener_who_leaves_during_a_job_frees_the_worker() -> None:
    async def main() -> str:
        workers, gate = Workers(1), threading.Event()
        left = asyncio.create_task(workers.run(0, gate.wait))
        await asyncio.sleep(0)
        left.cancel()
        gate.set()
        answer = await workers.run(1, lambda: "next")
        workers.close()
        return answer

    assert asyncio.run(main()) == "next"


def test_a_failure_reaches_its_own_caller_alone() -> None:
    async def main() -> int:
        workers = Workers(2)
        with pytest.raises(ZeroDivisionError):
            await workers.run(0, lambda: 1 // 0)
        answer = await workers.run(0, lambda: 7)
        workers.close()
        return answer

    assert asyncio.run(main()) == 7


def test_how_long_the_most_urgent_job_has_been_due_is_known() -> None:
    async def main() -> tuple[float, ...]:
        workers, gate, now = Workers(1), threading.Event(), asyncio.get_running_loop().time()
        jobs = [asyncio.create_task(workers.run(now + due, gate.wait)) for due in (0, 60, -60)]
        await asyncio.sleep(0)
        late = workers.late
        gate.set()
        await asyncio.gather(*jobs)
        workers.close()
        return late, workers.late

    late, afterwards = asyncio.run(main())
    assert late >= 60 and afterwards == 0
