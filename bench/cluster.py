"""Ray Serve beside plain uvicorn, the same application: speech a second with one and two replicas of one thread each.

It needs the environment that `python3 build.py cluster` makes.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from pathlib import Path

import httpx

from bench.load import TEXT, in_turn
from bench.server import request, server
from tests.server.replicas import PYTHON, cluster

SECONDS = 20.0
LISTENERS = 4


def main() -> None:
    """Print the table."""
    if not PYTHON.exists():
        print("Ray is not installed: python3 build.py cluster")
        return
    cores = sorted(os.sched_getaffinity(0))
    print("\n| | answers a second | a replica | beside uvicorn on one core | first sound, median s | 99 % s |")
    print("| --- | --- | --- | --- | --- | --- |")
    os.sched_setaffinity(0, cores[:1])
    try:
        with server("--at-once", "100") as (address, _):
            os.sched_setaffinity(0, cores)
            alone = row("uvicorn, one core", address, 1, None)
    finally:
        os.sched_setaffinity(0, cores)
    with server("--at-once", "100") as (address, _):
        row(f"uvicorn, {len(cores)} cores", address, len(cores), alone)
    for replicas in (1, 2):
        with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), replicas) as address:
            row(f"Ray Serve, {replicas} of 1 thread", address, replicas, alone)


def row(name: str, address: str, parts: int, alone: float | None) -> float:
    """Measure one of them; answers a second."""

    async def measure() -> float:
        body = json.dumps(request() | {"input": TEXT}).encode()
        async with httpx.AsyncClient(base_url=address, timeout=120) as client:
            await in_turn(client, body, LISTENERS, 3)
            tally = await in_turn(client, body, LISTENERS, SECONDS)
        rate = tally.answers["200"] / SECONDS
        firsts = sorted(tally.first)
        print(f"| {name} | {rate:.2f} | {rate / parts:.2f} | {rate / (alone or rate):.2f} ", end="")
        print(f"| {firsts[len(firsts) // 2]:.2f} | {firsts[int(len(firsts) * 0.99)]:.2f} |", flush=True)
        return rate

    return asyncio.run(measure())


if __name__ == "__main__":
    main()
