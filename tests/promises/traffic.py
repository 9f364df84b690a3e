"""Requests of every kind that a server meets, errors included: what is asked, and what has to come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import httpx

from models.contract import REQUEST_MAX_BYTES
from tests.server.listening import PATH, Profile

CANARY = "Quokkaberry"
JSON = {"content-type": "application/json"}
Ask = Callable[[], int]


def mixed(client: httpx.Client, profile: Profile) -> Iterator[tuple[Ask, int]]:
    """Requests without end, each with the status that it should get; most fail, and all name the canary."""

    def speech(**changes: Any) -> Ask:
        request = {"input": f"{CANARY}.", "voice": profile, **changes}
        return lambda: client.post(PATH, json=request).status_code

    def body(content: bytes, **headers: str) -> Ask:
        return lambda: client.post(PATH, content=content, headers=JSON | headers).status_code

    def leaving() -> int:
        with client.stream("POST", PATH, json={"input": f"{CANARY}. " * 40, "voice": profile}) as answer:
            next(answer.iter_bytes())
            return answer.status_code

    canary = CANARY.encode()
    return cycle(
        (
            (speech(response_format="pcm"), 200),
            (speech(speed=99), 422),
            (speech(voice={**profile, CANARY: 1}), 422),
            (speech(input="你好" + CANARY), 422),
            (body(canary), 400),
            (body(b'{"input": "' + canary + b"\xff"), 400),
            (body(b" " * REQUEST_MAX_BYTES + canary), 413),
            (body(b"[" * (REQUEST_MAX_BYTES - 1)), 400),
            (body(canary, **{"content-type": "text/plain"}), 415),
            (speech(response_format="mp3"), 200),
            (lambda: client.get(f"/{CANARY}?{CANARY}").status_code, 404),
            (lambda: client.put(PATH, content=canary).status_code, 405),
            (lambda: client.get("/healthz", headers={"host": CANARY}).status_code, 421),
            (leaving, 200),
            (lambda: client.get("/openapi.json").status_code, 200),
            (lambda: client.get("/readyz").status_code, 200),
        )
    )


def light(client: httpx.Client, profile: Profile) -> Iterator[tuple[Ask, int]]:
    """As `mixed`, but as large as may be, and speech is short and rare: what would be kept would soon show."""

    def post(request: dict[str, Any]) -> Ask:
        return lambda: client.post(PATH, json=request).status_code

    text = CANARY * 450
    refusals = (
        (post({"input": text, "voice": profile, "speed": 99}), 422),
        (post({"input": text, "voice": profile, CANARY: text}), 422),
        (post({"input": "你" * 4_900, "voice": profile}), 422),
    )
    return cycle((*refusals * 8, (post({"input": "Hm.", "voice": profile, "response_format": "pcm"}), 200)))
