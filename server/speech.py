"""`POST /v1/audio/speech`: a request for speech in, a stream of marked speech out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

import anyio
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from models.contract import SYNTHESIS_SAMPLE_RATE, ContractError, SpeechRequest, decode_json, parse_speech_request
from server.encoding import MEDIA_TYPES, Encoder
from server.limits import Places, read_json
from server.marking import Marker, MarkingModel
from server.problems import Problem
from server.synthesis import Narrator
from server.voice import UnusableVoiceError
from server.workers import Workers


class Speech:
    """The endpoint, an ASGI application; `encoder_sha256` names the only speaker encoder that is understood."""

    def __init__(
        self, narrator: Narrator, marking: MarkingModel, workers: Workers, places: Places, encoder_sha256: str
    ) -> None:
        self._narrator = narrator
        self._marking = marking
        self._workers = workers
        self._places = places
        self._encoder_sha256 = encoder_sha256

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method != "POST":
            raise Problem("method-not-allowed", headers={"allow": "POST"})
        try:
            wanted = parse_speech_request(decode_json(await read_json(request)), self._encoder_sha256)
        except ContractError as error:
            raise Problem.of(error) from None
        request.state.log["characters"] = len(wanted.input)
        with self._places.one():
            await self._answer(wanted, request, send)

    async def _answer(self, wanted: SpeechRequest, request: Request, send: Send) -> None:
        """Stream until the speech ends or the client is gone, whichever is first."""
        problem: Problem | None = None
        async with anyio.create_task_group() as group:

            async def stop_when_gone() -> None:
                while (await request.receive())["type"] != "http.disconnect":
                    pass
                group.cancel_scope.cancel()

            group.start_soon(stop_when_gone)
            try:
                await self._stream(wanted, send)
            except UnusableVoiceError:
                problem = Problem("unusable-voice", "voice")
            except Problem as refused:
                problem = refused
            group.cancel_scope.cancel()
        if problem:
            raise problem

    async def _stream(self, wanted: SpeechRequest, send: Send) -> None:
        pieces = marked_speech(self._narrator, self._marking, wanted)
        clock = asyncio.get_running_loop().time
        due = clock()
        began = False
        while (piece := await self._workers.run(due, partial(next, pieces, None))) is not None:
            content, seconds = piece
            if not began:  # only now is it certain that there will be speech
                headers = [
                    (b"content-type", MEDIA_TYPES[wanted.response_format].encode()),
                    (b"cache-control", b"no-store"),
                ]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                due, began = clock(), True
            due += seconds
            await send({"type": "http.response.body", "body": content, "more_body": True})
        if not began:
            raise Problem("nothing-to-say", "input")
        await send({"type": "http.response.body", "body": b""})


def marked_speech(narrator: Narrator, marking: MarkingModel, wanted: SpeechRequest) -> Iterator[tuple[bytes, float]]:
    """Encoded speech and the seconds that it lasts: the one way from samples to bytes, through the marker."""
    marker, encoder = Marker(marking, SYNTHESIS_SAMPLE_RATE), Encoder(wanted.response_format)
    for chunk in narrator.narrate(wanted):
        marked = marker.process(chunk)
        if len(marked):
            yield encoder.encode(marked), len(marked) / SYNTHESIS_SAMPLE_RATE
    marked = marker.flush()
    if len(marked):
        yield encoder.encode(marked), len(marked) / SYNTHESIS_SAMPLE_RATE
