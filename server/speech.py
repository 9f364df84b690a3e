"""Requests for speech in, marked speech out: a stream, or a whole file that is signed too.

`POST /v1/audio/speech` speaks a text, `POST /v1/audio/dialogue` lines in several voices.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial

import anyio
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from models.contract import SYNTHESIS_SAMPLE_RATE, ContractError
from models.requests import SpeechRequest
from server import files
from server.answers import Heard, Part, bare, events, filed, streamed
from server.credentials import Credentials
from server.encoding import MEDIA_TYPES
from server.limits import Places, read_posted
from server.logs import note_speech
from server.marking import Marker, MarkingModel
from server.problems import Problem, reading_language
from server.rates import account
from server.synthesis import Narrator
from server.timings import Sentence
from server.workers import Workers

EVENTS_TYPE = "text/event-stream"


class Speech:
    """An endpoint, an ASGI application: `parse` reads its requests, of at most `max_bytes`."""

    def __init__(
        self,
        narrator: Narrator,
        marking: MarkingModel,
        credentials: Credentials,
        workers: Workers,
        places: Places,
        parse: Callable[[object], SpeechRequest],
        max_bytes: int,
    ) -> None:
        self._narrator = narrator
        self._marking = marking
        self._credentials = credentials
        self._workers = workers
        self._places = places
        self._parse = parse
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        wanted = await read_posted(request, self._max_bytes, self._parse)
        account(request, wanted.characters)
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
                await self._send(wanted, request, send)
            except ContractError as error:
                problem = Problem.of(error)
            except Problem as refused:
                problem = refused
            group.cancel_scope.cancel()
        if problem:
            raise problem

    async def _send(self, wanted: SpeechRequest, request: Request, send: Send) -> None:
        """Each part is due when the speech before it has been heard, whether it is listened to or filed."""
        language = reading_language(request.headers.get("accept-language", ""))
        parts = self._parts(wanted, language)
        clock = asyncio.get_running_loop().time
        due = clock()
        began = False
        while (part := await self._workers.run(due, partial(next, parts, None))) is not None:
            if part.content and not began:  # only now is it certain that there will be speech
                headers = _headers(wanted, language, len(part.content))
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                due, began = clock(), True
            due += part.seconds
            note_speech(request, part.seconds)
            if part.content:
                await send({"type": "http.response.body", "body": part.content, "more_body": True})
        if not began:
            raise Problem("nothing-to-say", "input")
        await send({"type": "http.response.body", "body": b""})

    def _parts(self, wanted: SpeechRequest, language: str) -> Iterator[Part]:
        heard = marked_speech(self._narrator, self._marking, wanted)
        if wanted.streamed:
            parts = streamed(heard, wanted.response_format)
        else:
            parts = filed(heard, wanted.response_format, language, self._credentials)
        return events(parts) if wanted.stream_format == "sse" else bare(parts)


def _headers(wanted: SpeechRequest, language: str, size: int) -> list[tuple[bytes, bytes]]:
    headers = {"cache-control": "no-store"}
    if wanted.stream_format == "sse":
        headers["content-type"] = EVENTS_TYPE
    elif wanted.streamed:
        headers["content-type"] = MEDIA_TYPES[wanted.response_format]
    else:
        name = files.name(wanted.response_format, language)
        headers["content-type"] = files.FORMATS[wanted.response_format][0]
        headers["content-length"] = str(size)
        headers["content-disposition"] = f'attachment; filename="{name}"'
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def marked_speech(narrator: Narrator, marking: MarkingModel, wanted: SpeechRequest) -> Iterator[Heard]:
    """Marked samples, piece by piece: the one way from the narrator to any answer, through the marker.

    Sentences pass as they are: their times count samples, and of the marker come as many as went in.
    """
    marker = Marker(marking, SYNTHESIS_SAMPLE_RATE)
    for heard in narrator.narrate(wanted):
        if isinstance(heard, Sentence):
            yield heard
            continue
        marked = marker.process(heard)
        if len(marked):
            yield marked
    marked = marker.flush()
    if len(marked):
        yield marked
