"""Logs without content: one JSON object a line, saying what happened, never what was said or by whom.

Messages of exceptions may quote what was being worked on, so of an exception only its kind and places are told.
"""

from __future__ import annotations

import json
import logging
import time
import traceback

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.metrics import Metrics
from server.problems import Problem

LOGGER = logging.getLogger("ownvoice")
QUOTED = ("ownvoice", "uvicorn")  # loggers whose messages hold no content; of others only the name is told


class Formatter(logging.Formatter):
    """A record as a line of JSON; what `extra={"fields": …}` holds becomes members of the object."""

    def format(self, record: logging.LogRecord) -> str:
        event = record.getMessage() if record.name.startswith(QUOTED) else "message withheld"
        line = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": event,
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _exception(record.exc_info[1])
        return json.dumps(line)


def _exception(error: BaseException) -> dict[str, object]:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    places = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
    return {"kind": type(error).__name__, "places": places}


def configure() -> None:
    """Send every record of this process through `Formatter` to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Formatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a record that can't be written would be told with all that it holds


class Requests:
    """Logs and counts each request when it is over, and turns what was raised into a problem.

    Members: method, route (the pattern, not the address), status, seconds, the kind of a problem, how long the first
    sound took, and what the route put in `scope["state"]["log"]`. A failure after the answer began cuts the answer
    off, so that nobody takes half for whole.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        began = time.monotonic()
        status = 0
        fields: dict[str, object] = {}

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif status == 200 and scope["method"] == "POST" and message.get("body"):
                fields.setdefault("first_audio_seconds", round(time.monotonic() - began, 3))
            await send(message)

        scope.setdefault("state", {})["log"] = fields
        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            problem = error if isinstance(error, Problem) else Problem("internal")
            fields["problem"] = problem.kind
            if problem is not error:
                LOGGER.error("failure", exc_info=error)
            if not status:
                await problem.response(Headers(scope=scope))(scope, receive, watched)
            else:
                fields["cut_off"] = True
                _cut_off(scope)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", None) or "/"
            line = {"method": method, "route": route, "status": status, "seconds": round(time.monotonic() - began, 3)}
            LOGGER.info("request", extra={"fields": {**line, **fields}})
            self._metrics.request(method, route, status, fields)


METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def note_speech(request: Request, seconds: float) -> None:
    """So many more seconds of speech were made for a request."""
    request.state.log["speech_seconds"] = round(request.state.log.get("speech_seconds", 0) + seconds, 3)


def _cut_off(scope: Scope) -> None:
    """HTTP/1.1 shows by a missing last chunk that an answer is not whole; before, only a reset connection does."""
    if scope["http_version"] == "1.0" and (reset := scope["state"].get("reset")):
        reset()
