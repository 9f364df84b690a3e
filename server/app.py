"""The Starlette application: its routes, and what every answer passes through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from models.contract import DIALOGUE_MAX_BYTES, REQUEST_MAX_BYTES
from models.requests import parse_dialogue_request, parse_speech_request
from models.seal import SEAL_PATH
from server.credentials import Credentials
from server.headers import KnownHosts, SecurityHeaders
from server.limits import Places
from server.logs import Requests
from server.marking import MarkingModel
from server.metrics import Metrics
from server.openapi import description
from server.problems import Problem
from server.rates import Allowance, Clients, Limited
from server.seal import Seal
from server.site import Site
from server.speech import Speech
from server.synthesis import Narrator
from server.workers import Workers

LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
PLACES_PER_WORKER = 16


def create_app(
    narrator: Narrator,
    marking: MarkingModel,
    credentials: Credentials,
    encoder_sha256: str,
    threads: int,
    site: Path | None = None,
    hosts: Iterable[str] = LOCAL_HOSTS,
    allowance: Allowance | None = None,
) -> Starlette:
    """The application around one warm narrator and marker; `site` is the built page, `hosts` its names.

    `allowance` is what each client may take; without one, as much as there are places. In `app.state` lie `places`,
    which whoever stops the server closes first, and `metrics`.
    """
    workers = Workers(threads)
    places = Places(threads * PLACES_PER_WORKER, late=lambda: workers.late)
    metrics = Metrics(free=lambda: places.free, waiting=lambda: workers.waiting)
    clients = Clients(allowance) if allowance else None
    document = description()
    speech = partial(Speech, narrator, marking, credentials, workers, places)
    read_speech = partial(parse_speech_request, encoder_sha256=encoder_sha256)
    read_dialogue = partial(parse_dialogue_request, encoder_sha256=encoder_sha256)

    async def openapi(request: Request) -> Response:
        return JSONResponse(document)

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        places.check()
        return JSONResponse({"status": "ok", "free": places.free})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        workers.close()

    def limited(endpoint: ASGIApp) -> ASGIApp:
        return Limited(endpoint, clients) if clients else endpoint

    routes: list[BaseRoute] = [
        Route("/v1/audio/speech", limited(speech(read_speech, REQUEST_MAX_BYTES))),
        Route("/v1/audio/dialogue", limited(speech(read_dialogue, DIALOGUE_MAX_BYTES))),
        Route(SEAL_PATH, limited(Seal(credentials))),
        Route("/openapi.json", openapi),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if site:
        routes.append(Mount("/", Site(site), name="site"))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Requests, metrics=metrics),
            Middleware(KnownHosts, names=frozenset(hosts)),
        ],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )
    app.state.places, app.state.metrics = places, metrics
    return app


async def _refused(request: Request, error: Exception) -> NoReturn:
    """What the framework refuses by itself: an unknown address, or another method than a route's."""
    kind, headers = "not-found", None
    if isinstance(error, HTTPException) and error.status_code == 405:
        kind, headers = "method-not-allowed", error.headers
    raise Problem(kind, headers=headers) from None
