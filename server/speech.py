"""`POST /v1/audio/speech`: a request for speech in, marked speech out: a stream, or a whole file that is signed too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

import anyio
import numpy as np
import numpy.typing as npt
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from models.contract import (
    STREAMED_FORMATS,
    SYNTHESIS_SAMPLE_RATE,
    ContractError,
    SpeechRequest,
    decode_json,
    parse_speech_request,
)
from server import files
from server.credentials import Credentials
from server.encoding import MEDIA_TYPES, Encoder
from server.limits import Places, read_json
from server.logs import note_speech
from server.marking import Marker, MarkingModel
from server.problems import Problem, reading_language
from server.rates import account
from server.synthesis import Narrator
from server.voice import UnusableVoiceError
from server.workers import Workers

Samples = npt.NDArray[np.float32]


class Speech:
    """The endpoint, an ASGI application; `encoder_sha256` names the only speaker encoder that is understood."""

    def __init__(
        self,
        narrator: Narrator,
        marking: MarkingModel,
        credentials: Credentials,
        workers: Workers,
        places: Places,
        encoder_sha256: str,
    ) -> None:
        self._narrator = narrator
        self._marking = marking
        self._credentials = credentials
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
        account(request, len(wanted.input))
        async with self._places.one():
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
                if wanted.response_format in STREAMED_FORMATS and (wanted.stream or wanted.response_format == "pcm"):
                    await self._stream(wanted, request, send)
                else:
                    await self._whole(wanted, request, send)
            except UnusableVoiceError:
                problem = Problem("unusable-voice", "voice")
            except ContractError as error:
                problem = Problem.of(error)
            except Problem as refused:
                problem = refused
            group.cancel_scope.cancel()
        if problem:
            raise problem

    async def _stream(self, wanted: SpeechRequest, request: Request, send: Send) -> None:
        pieces = _encoded(marked_speech(self._narrator, self._marking, wanted), Encoder(wanted.response_format))
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
            note_speech(request, seconds)
            await send({"type": "http.response.body", "body": content, "more_body": True})
        if not began:
            raise Problem("nothing-to-say", "input")
        await send({"type": "http.response.body", "body": b""})

    async def _whole(self, wanted: SpeechRequest, request: Request, send: Send) -> None:
        """A complete, signed file. Its pieces queue as those of a listener do, and the server keeps none."""
        language = reading_language(request.headers.get("accept-language", ""))
        pieces = marked_speech(self._narrator, self._marking, wanted)
        due = asyncio.get_running_loop().time()
        parts: list[Samples] = []
        while (piece := await self._workers.run(due, partial(next, pieces, None))) is not None:
            parts.append(piece)
            due += len(piece) / SYNTHESIS_SAMPLE_RATE
            note_speech(request, len(piece) / SYNTHESIS_SAMPLE_RATE)
        if not parts:
            raise Problem("nothing-to-say", "input")
        job = partial(files.write, np.concatenate(parts), wanted.response_format, language, self._credentials)
        content = await self._workers.run(due, job)
        headers = [
            (b"content-type", files.FORMATS[wanted.response_format][0].encode()),
            (b"content-length", str(len(content)).encode()),
            (b"content-disposition", f'attachment; filename="{files.name(wanted.response_format, language)}"'.encode()),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})


def marked_speech(narrator: Narrator, marking: MarkingModel, wanted: SpeechRequest) -> Iterator[Samples]:
    """Marked samples, piece by piece: the one way from the narrator to any answer, through the marker."""
    marker = Marker(marking, SYNTHESIS_SAMPLE_RATE)
    for chunk in narrator.narrate(wanted):
        marked = marker.process(chunk)
        if len(marked):
            yield marked
    marked = marker.flush()
    if len(marked):
        yield marked


def _encoded(pieces: Iterator[Samples], encoder: Encoder) -> Iterator[tuple[bytes, float]]:
    """Bytes, and the seconds that they last."""
    for piece in pieces:
        yield encoder.encode(piece), len(piece) / SYNTHESIS_SAMPLE_RATE
