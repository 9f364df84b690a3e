"""The client against servers that misbehave: nothing is lost, and the ledger tells what was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest

from frontend.audio import Samples
from frontend.client import SPEECH_PATH, Answer, Client, Post, Speech, SpeechError, TransportError
from frontend.ledger import Ledger
from frontend.wav import decode, encode

TONE = (0.3 * np.sin(np.arange(20_000) / 20)).astype(np.float32)
STREAMED = encode(TONE, 22_050).replace((40_036).to_bytes(4, "little"), b"\xff" * 4).replace(
    (40_000).to_bytes(4, "little"), b"\xff" * 4, 1
)  # fmt: skip
BODY = {"input": "Grüße", "voice": {"embedding": "AAAA", "consent": {"language": "de"}}, "speed": 1.0}


@dataclass
class Server:
    """Answers with these pieces, then breaks off if `broken`; keeps what it was sent."""

    pieces: list[bytes]
    status: int = 200
    broken: bool = False
    heard: list[tuple[str, bytes, Mapping[str, str]]] = field(default_factory=list)
    left: bool = False

    async def chunks(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece
        if self.broken:
            raise TransportError("reset")

    @asynccontextmanager
    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> AsyncIterator[Answer]:
        self.heard.append((path, body, headers))
        if not self.pieces:
            raise TransportError("refused")
        try:
            yield self
        finally:
            self.left = True


async def listen(post: Post, speech: Speech, ledger: Ledger) -> Samples:
    pieces = [piece async for piece in Client(post, ledger).speak(BODY, "de", speech)]
    return np.concatenate(pieces)


def test_speech_is_given_on_as_it_arrives_and_kept_whole() -> None:
    server = Server([STREAMED[start : start + 7_001] for start in range(0, len(STREAMED), 7_001)])
    speech, ledger = Speech(), Ledger()
    samples = asyncio.run(listen(server.post, speech, ledger))
    np.testing.assert_array_equal(samples, decode(encode(TONE, 22_050))[0])
    assert speech.rate == 22_050
    assert speech.wav == encode(TONE, 22_050)
    ((path, body, headers),) = server.heard
    assert path == SPEECH_PATH and json.loads(body) == BODY
    assert headers["accept-language"] == "de"
    (departure,) = ledger.departures
    assert departure.size == len(body) == ledger.size
    names = {name for name, _ in departure.fields}
    assert names == {"input", "voice.embedding", "voice.consent.language", "speed"}


@pytest.mark.parametrize(
    ("server", "kind", "detail"),
    [
        (Server([]), "unreachable", ""),
        (Server([STREAMED[:9_000]], broken=True), "cut-off", ""),
        (Server([b"<html>"]), "unreadable", ""),
        (Server([b"<html>"], status=502), "unreadable", ""),
        (Server([b'{"type":"urn:x:busy","detail":"Gleich ', b'wieder."}'], status=503), "refused", "Gleich wieder."),
    ],
)
def test_each_failure_has_its_name(server: Server, kind: str, detail: str) -> None:
    with pytest.raises(SpeechError) as failure:
        asyncio.run(listen(server.post, Speech(), Ledger()))
    assert (failure.value.kind, failure.value.detail) == (kind, detail)


def test_closing_the_stream_ends_the_request() -> None:
    server = Server([STREAMED[:9_000], STREAMED[9_000:]])

    async def stop_early() -> None:
        stream = Client(server.post, Ledger()).speak(BODY, "en", Speech())
        await anext(stream)
        await stream.aclose()

    asyncio.run(stop_early())
    assert server.left
