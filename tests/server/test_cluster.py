"""On Ray Serve: two replicas speak, one is struck down under load, and no request is lost that was not being heard.

It needs an environment of its own, which `python3 build.py cluster` makes, and a minute: it runs in the long mode.
"""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import httpx
import pytest

from server.again import AGAIN
from tests.long import LONG
from tests.server.listening import PATH, Profile
from tests.server.replicas import PYTHON, cluster, processes

LISTENERS, REQUESTS = 8, 4  # as many at once as one address may
KILLED = 2  # the round of requests in which a replica is lost
TEXT = "The north wind and the sun were disputing which was the stronger."
LOGS = Path("/tmp/ray/session_latest/logs")

pytestmark = pytest.mark.skipif(not (LONG and PYTHON.exists()), reason="OWNVOICE_LONG is not set, or Ray not installed")


def test_a_lost_replica_loses_no_request_that_was_not_being_heard(tmp_path: Path, profile: Profile) -> None:
    outcomes: list[str] = []
    together, somebody_hears = Barrier(LISTENERS), Event()

    def listen(client: httpx.Client) -> None:
        for number in range(REQUESTS):
            if number == KILLED:
                together.wait()  # all ask at once, so that most wait when the first one hears
            while (outcome := ask(client, number)) == "503":
                pass
            outcomes.append(outcome)

    def ask(client: httpx.Client, number: int) -> str:
        heard = 0
        try:
            with client.stream("POST", PATH, json={"input": TEXT, "voice": profile}) as answer:
                for content in answer.iter_raw():
                    heard += len(content) if answer.status_code == 200 else 0
                    if heard and number == KILLED:
                        somebody_hears.set()
        except httpx.HTTPError:
            return "cut off" if heard else "lost"
        if answer.status_code == 503 and answer.headers["content-type"] == "application/problem+json":
            time.sleep(int(answer.headers["retry-after"]))  # as it was told: what is left was busy
        return str(answer.status_code)

    with cluster(tmp_path, 2) as address, httpx.Client(base_url=address, timeout=300) as client:
        before = processes()
        with ThreadPoolExecutor(LISTENERS) as pool:
            listening = [pool.submit(listen, client) for _ in range(LISTENERS)]
            assert somebody_hears.wait(300)
            after = processes()
            os.kill(min(before), signal.SIGKILL)
            for each in listening:
                each.result()
        asked_again = sum(path.read_text(errors="replace").count(AGAIN) for path in LOGS.rglob("*") if path.is_file())
    print({outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))}, f"asked again: {asked_again}")
    assert all(after[number] > before[number] + 50 for number in before)  # both had spoken
    assert set(outcomes) <= {"200", "cut off"}
    assert asked_again and outcomes.count("cut off") < LISTENERS
