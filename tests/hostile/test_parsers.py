"""Whatever a file holds, who reads it takes it whole or refuses it in its own words, and in a short time.

A little of it runs everywhere; with OWNVOICE_LONG, more than 100,000 inputs do.
"""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from tests.hostile.mutation import mutated
from tests.hostile.parsers import PARSERS, Parser
from tests.long import times

INPUTS = times(200, 15_000)  # for each, times its share
HANGS_SECONDS = 20  # for one input of a few kilobytes, on a busy machine


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """Break off what hangs."""

    def hangs(number: int, frame: FrameType | None) -> None:
        raise TimeoutError

    usual = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, usual)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_it_takes_or_refuses(parser: Parser) -> None:
    for seed in parser.seeds:
        parser.read(seed)
    first = int.from_bytes(hashlib.sha256(parser.name.encode()).digest()[:4], "big")
    failures: dict[str, str] = {}
    for number in range(first, first + max(20, round(INPUTS * parser.share))):
        content = mutated(parser.seeds, parser.words, number)
        try:
            with no_longer_than(HANGS_SECONDS):
                parser.read(content)
        except parser.refusals:
            pass
        except Exception as error:  # told together, each kind once
            failures.setdefault(f"{type(error).__name__}: {error}"[:120], f"number {number}, {len(content)} bytes")
    assert not failures
