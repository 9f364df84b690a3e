"""The Starlette application: its routes, and what every answer passes through."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from server.credentials import Credentials
from server.headers import KnownHosts, SecurityHeaders
from server.limits import RETRY_SECONDS, Places
from server.logs import Requests
from server.marking import MarkingModel
from server.openapi import description
from server.problems import Problem
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
) -> Starlette:
    """The application around one warm narrator and marker; `site` is the built page, `hosts` its names."""
    workers = Workers(threads)
    places = Places(threads * PLACES_PER_WORKER)
    document = description()

    async def openapi(request: Request) -> Response:
        return JSONResponse(document)

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(request: Request) -> Response:
        if not places.free:
            raise Problem("busy", limit=RETRY_SECONDS)
        return JSONResponse({"status": "ok", "free": places.free})

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        workers.close()

    routes: list[BaseRoute] = [
        Route("/v1/audio/speech", Speech(narrator, marking, credentials, workers, places, encoder_sha256)),
        Route("/openapi.json", openapi),
        Route("/healthz", healthz),
        Route("/readyz", readyz),
    ]
    if site:
        routes.append(Mount("/", Site(site), name="site"))
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(Requests),
            Middleware(KnownHosts, names=frozenset(hosts)),
        ],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


async def _refused(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: an unknown address, or another method than a route's."""
    kind, headers = "not-found", None
    if isinstance(error, HTTPException) and error.status_code == 405:
        kind, headers = "method-not-allowed", error.headers
    return Problem(kind, headers=headers).response(request.headers)
