"""On Ray Serve: two replicas speak, one is struck down under load, and no request is lost that was not being heard.

It needs an environment of its own, which `python3 build.py cluster` makes, and a minute: it runs in the long mode.
"""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.long import LONG
from tests.server.listening import PATH, Profile
from tests.server.replicas import PYTHON, cluster, processes

LISTENERS, REQUESTS = 6, 6
TEXT = "The north wind and the sun were disputing which was the stronger."

pytestmark = pytest.mark.skipif(not (LONG and PYTHON.exists()), reason="OWNVOICE_LONG is not set, or Ray not installed")


def test_a_lost_replica_loses_no_request_that_was_not_being_heard(tmp_path: Path, profile: Profile) -> None:
    outcomes: list[str] = []

    def listen(client: httpx.Client) -> None:
        asked = 0
        while asked < REQUESTS:
            heard = 0
            try:
                with client.stream("POST", PATH, json={"input": TEXT, "voice": profile}) as answer:
                    for content in answer.iter_raw():
                        heard += len(content)
                if answer.status_code == 503 and answer.headers["content-type"] == "application/problem+json":
                    time.sleep(int(answer.headers["retry-after"]))  # as it was told: what is left was busy
                    continue
                outcomes.append(str(answer.status_code))
            except httpx.HTTPError:
                outcomes.append("cut off" if heard else "lost")
            asked += 1

    with cluster(tmp_path, 2) as address, httpx.Client(base_url=address, timeout=300) as client:
        before = processes()
        with ThreadPoolExecutor(LISTENERS) as pool:
            listening = [pool.submit(listen, client) for _ in range(LISTENERS)]
            while len(outcomes) < LISTENERS * REQUESTS / 3:
                time.sleep(0.1)
            after = processes()
            assert all(after[number] > before[number] + 50 for number in before)  # both have spoken
            os.kill(min(before), signal.SIGKILL)
            for each in listening:
                each.result()
    print({outcome: outcomes.count(outcome) for outcome in sorted(set(outcomes))})
    assert set(outcomes) <= {"200", "cut off"}
    assert outcomes.count("cut off") <= LISTENERS
