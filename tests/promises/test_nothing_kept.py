"""The server keeps nothing: it opens no file for writing, needs no place to write to, and gives back its memory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import httpx
import pytest

from tests.long import times
from tests.promises import readonly
from tests.promises.traffic import CANARY, light, mixed
from tests.server.listening import ROOT, Profile, profile_of, spoken
from tests.server.process import free_port, started

READ_ONLY = (sys.executable, "-B", Path(readonly.__file__).resolve())
OPENING = "open,openat,openat2,creat,truncate,memfd_create,mkdir,mkdirat,mknod,mknodat,rename,renameat,renameat2"
OPENING += ",link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir"
TRACED = ("strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--interruptible=2", f"--trace={OPENING}")
MIXED = times(32, 1_000)
LIGHT = times(500, 10_000)
WORKERS = len(os.sched_getaffinity(0))
UNLIMITED = ("--requests-per-minute", "1000000", "--characters-per-minute", "1000000000", "--at-once", "1000")
MOST_GROWTH = 8 << 20  # bytes; the requests of the shortest run hold 9 MB


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_of(ROOT / "tests/data/2961-961-0010.flac", (190.0, 10.0, 4.5))


def works(*command: str | Path) -> bool:
    """Whether this machine lets us."""
    return not subprocess.run([*command, "true"], capture_output=True, check=False).returncode


def test_it_opens_no_file_for_writing_and_needs_none(tmp_path: Path, profile: Profile) -> None:
    trace = tmp_path / "trace"
    if not shutil.which("strace") or not works(*TRACED, f"--output={trace}"):
        pytest.skip("no process may be traced here (ptrace)")
    under = READ_ONLY if works(*READ_ONLY) else ()
    folder = tmp_path / "empty"
    folder.mkdir()
    options = (*UNLIMITED, "--site", str(folder))
    with (
        started(folder, *options, under=(*TRACED, f"--output={trace}", *under)) as server,
        httpx.Client(base_url=server.address, timeout=120) as client,
    ):
        for ask, status in islice(mixed(client, profile), MIXED):
            assert ask() == status
    told = server.log.result() + trace.read_text()
    assert CANARY not in told and profile["embedding"][:40] not in told
    others = r"O_RDONLY|^\d+\s+(\+\+\+|---|<\.\.\.)"  # reads; signals; ends of calls already told
    calls = [line for line in trace.read_text().splitlines() if not re.search(others, line)]
    assert len(calls) == len([call for call in calls if "/written" in call and "EROFS" in call]) == (3 if under else 0)
    assert len(trace.read_text().splitlines()) > 100  # it was traced
    if not under:
        pytest.skip("traced, but no name space for mounts is to be had here: a read-only file system was not tried")


def test_what_requests_took_is_given_back(tmp_path: Path, profile: Profile) -> None:
    port = free_port()

    def resident() -> float:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        found = re.search(r"^process_resident_memory_bytes (\S+)$", text, re.MULTILINE)
        assert found
        return float(found[1])

    with (
        started(tmp_path, "--metrics-port", str(port), *UNLIMITED) as server,
        httpx.Client(base_url=server.address, timeout=120) as client,
    ):
        requests = light(client, profile)
        with ThreadPoolExecutor(2 * WORKERS) as pool:  # each worker makes itself room once: some 18 MiB
            assert all(pool.map(lambda _: spoken(client, input="Hm.", voice=profile).any(), range(8 * WORKERS)))
        for ask, status in islice(requests, 200):  # until what else is made once has been made
            assert ask() == status
        before = resident()
        for ask, status in islice(requests, LIGHT):
            assert ask() == status
        grown = resident() - before
    print(f"{LIGHT} requests: {before / 2**20:.0f} MiB, {grown / 2**20:+.1f} MiB")
    assert grown < MOST_GROWTH
