"""Twice what the server can do, for a while: who is served hears the first sound soon, the others are told so at once.

    python -m bench.load [SECONDS]

Requests arrive as they do from people who don't know of each other: at random (a Poisson process), whether or not
the ones before have been answered. Each comes from an address of its own, as a trusted proxy would tell it.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import numpy as np

from bench.server import request, server
from server.limits import RETRY_SECONDS

SECONDS = 20.0  # of each phase; of the overload, 300 show more
TEXT = "They agreed that the one who first made the traveler take his cloak off was the stronger."
EXPECTED = {200, 429, 503}
OVERLOAD = 2


@dataclass
class Tally:
    """What became of the requests of one phase."""

    answers: Counter[str] = field(default_factory=Counter)
    first: list[float] = field(default_factory=list)
    health: list[float] = field(default_factory=list)

    def row(self, name: str, seconds: float) -> str:
        served = self.answers["200"]
        others = sum(count for answer, count in self.answers.items() if answer not in map(str, EXPECTED))
        refused = self.answers["503"] + self.answers["429"]
        p50, p99 = np.percentile(self.first, (50, 99)) if self.first else (np.nan, np.nan)
        slowest = max(self.health, default=float("nan"))
        return (
            f"| {name} | {sum(self.answers.values()) / seconds:.2f} | {served / seconds:.2f} | {refused} | {others} "
            f"| {p50:.2f} | {p99:.2f} | {slowest:.2f} |"
        )


async def ask(client: httpx.AsyncClient, body: bytes, number: int, tally: Tally) -> None:
    """One listener, who hears it all."""
    headers = {
        "content-type": "application/json",
        "x-forwarded-for": f"198.18.{number // 250 % 250}.{number % 250}",
    }
    began = time.perf_counter()
    try:
        async with client.stream("POST", "/v1/audio/speech", content=body, headers=headers) as answer:
            first = 0.0
            async for _ in answer.aiter_raw():
                first = first or time.perf_counter() - began
    except httpx.HTTPError as error:
        tally.answers[type(error).__name__] += 1
        return
    tally.answers[str(answer.status_code)] += 1
    if answer.status_code == 200:
        tally.first.append(first)


async def in_turn(client: httpx.AsyncClient, body: bytes, listeners: int, seconds: float) -> Tally:
    """So many listeners, each of whom asks again when one answer has ended."""
    tally = Tally()
    ends = time.perf_counter() + seconds

    async def listener(number: int) -> None:
        while time.perf_counter() < ends:
            await ask(client, body, number, tally)

    async with watched(client, tally):
        await asyncio.gather(*map(listener, range(listeners)))
    return tally


async def at_random(client: httpx.AsyncClient, body: bytes, rate: float, seconds: float) -> Tally:
    """Listeners who come at `rate` a second."""
    tally, chance = Tally(), random.Random(1)
    ends = time.perf_counter() + seconds
    async with watched(client, tally), asyncio.TaskGroup() as group:
        number = 0
        while time.perf_counter() < ends:
            group.create_task(ask(client, body, number, tally))
            number += 1
            await asyncio.sleep(chance.expovariate(rate))
    return tally


@asynccontextmanager
async def watched(client: httpx.AsyncClient, tally: Tally) -> AsyncIterator[None]:
    """Ask after its health all the while."""

    async def look() -> None:
        while True:
            began = time.perf_counter()
            (await client.get("/healthz")).raise_for_status()
            tally.health.append(time.perf_counter() - began)
            await asyncio.sleep(0.25)

    looking = asyncio.create_task(look())
    try:
        yield
    finally:
        looking.cancel()


async def measure(address: str, seconds: float) -> None:
    """The three phases, each a row."""
    body = json.dumps(request() | {"input": TEXT}).encode()
    cores = len(os.sched_getaffinity(0))
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await in_turn(client, body, 1, 2)
        print(
            f"\n| {cores} cores, {seconds:.0f} s each | asked a second | served a second | refused | other errors ",
            end="",
        )
        print("| first sound, median s | 99 % s | health check, slowest s |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        alone = await in_turn(client, body, 1, min(SECONDS, seconds))
        print(alone.row("one listener", min(SECONDS, seconds)), flush=True)
        began = time.perf_counter()
        full = await in_turn(client, body, 2 * cores, min(SECONDS, seconds))
        took = time.perf_counter() - began
        print(full.row(f"{2 * cores} listeners: the capacity", took), flush=True)
        began = time.perf_counter()
        rate = OVERLOAD * full.answers["200"] / took
        over = await at_random(client, body, rate, seconds)
        print(over.row(f"{OVERLOAD} times the capacity, {seconds:.0f} s", time.perf_counter() - began), flush=True)
        ratio = np.percentile(over.first, 99) / np.percentile(alone.first, 99)
        print(f"\nFirst sound under overload beside none, 99 %: {ratio:.1f} ×. Answers: {dict(over.answers)}; ", end="")
        print(f"who was refused may ask again after {RETRY_SECONDS} s.")


def main(seconds: float = SECONDS) -> None:
    """Print the table."""
    with server("--trusted-proxy", "127.0.0.1") as (address, _):
        asyncio.run(measure(address, seconds))


if __name__ == "__main__":
    main(float(sys.argv[1]) if sys.argv[1:] else SECONDS)
