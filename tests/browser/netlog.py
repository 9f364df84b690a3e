"""Chromium's own network log: every request that it began, for whomever, and every byte that its sockets sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BEGAN, CONNECTED, STREAMED, DATAGRAM = (
    "URL_REQUEST_START_JOB",
    "TCP_CONNECT_ATTEMPT",
    "SOCKET_BYTES_SENT",
    "UDP_BYTES_SENT",
)
BROWSER = "not an origin"  # no page: the browser itself, which opens addresses and runs errands of its own


@dataclass(frozen=True)
class NetLog:
    """`asked` holds (initiator, URL), `peers` the addresses connected to, `sent` bytes, datagrams included."""

    asked: set[tuple[str, str]]
    peers: set[str]
    sent: int


def flag(file: Path) -> str:
    """Has Chromium write its log there, complete once it is closed."""
    return f"--log-net-log={file}"


def read(file: Path) -> NetLog:
    """The log of a Chromium that was closed."""
    log = json.loads(file.read_text("utf-8"))
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    assert {BEGAN, CONNECTED, STREAMED, DATAGRAM} <= set(names.values())

    def told(*wanted: str) -> Iterator[dict[str, Any]]:
        return (event["params"] for event in log["events"] if names[event["type"]] in wanted and "params" in event)

    return NetLog(
        {(request["initiator"], request["url"]) for request in told(BEGAN) if "url" in request},
        {attempt["address"] for attempt in told(CONNECTED) if "address" in attempt},
        sum(transfer["byte_count"] for transfer in told(STREAMED, DATAGRAM)),
    )
