"""One warm server for all tests of this folder, and the voices that speak."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from server.credentials import Credentials
from tests.server.listening import MODELS, ROOT, Profile, Watched, application, credentials_in, profile_of, serving


@pytest.fixture(scope="session")
def watched() -> Watched:
    return Watched(MODELS)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    hashed = folder / "app" / "0123456789abcdef"
    hashed.mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Ownvoice</title>")
    (hashed / "boot.mjs").write_text("export default 1;")
    (hashed / "boot.mjs.br").write_bytes(b"brotli")
    (hashed / "boot.mjs.gz").write_bytes(b"gzip")
    (hashed / "model.wasm").write_bytes(b"\0asm")
    return folder


@pytest.fixture(scope="session")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Credentials:
    return credentials_in(tmp_path_factory.mktemp("server"))


@pytest.fixture(scope="session")
def app(watched: Watched, credentials: Credentials, site: Path) -> Starlette:
    return application(watched, credentials, site)


@pytest.fixture(scope="session")
def client(app: Starlette) -> Iterator[httpx.Client]:
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


@pytest.fixture(scope="session")
def profile() -> Profile:
    """A man's voice."""
    return profile_of(ROOT / "tests/data/5639-40744-0020.flac", (110.0, 8.0, 4.5))


@pytest.fixture(scope="session")
def another_profile() -> Profile:
    """A woman's voice."""
    return profile_of(ROOT / "tests/data/2961-961-0010.flac", (190.0, 10.0, 4.5))
