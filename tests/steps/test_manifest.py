"""Whether the page served is the page published: shown on served copies, one of which differs by one byte."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route

from server.site import Site
from steps import manifest
from steps.console import StepError
from steps.layout import DIST


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """The app of the site that was built, with its compressed files, and the page."""
    site = tmp_path / "published"
    shutil.copytree(DIST / "app", site / "app")
    shutil.copyfile(DIST / "index.html", site / "index.html")
    manifest.write(site)
    return site


@pytest.fixture
def served(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "served"))


@contextmanager
def answering(*routes: BaseRoute) -> Iterator[str]:
    """The address of a server of these routes."""
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def differences(served: Path, published: Path) -> list[str]:
    with answering(Mount("/", Site(served))) as address:
        return manifest.verify(address, published)


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_the_same_site_is_the_same(published: Path, served: Path) -> None:
    assert differences(served, published) == []


def test_one_altered_byte_is_named(published: Path, served: Path) -> None:
    (script,) = served.glob("app/*/boot/icon.svg")
    alter(script)
    found = differences(served, published)
    assert [line.partition(" ")[0] for line in found] == [script.relative_to(served).as_posix()] * 2


def test_a_byte_altered_for_browsers_only_is_named(published: Path, served: Path) -> None:
    (script,) = served.glob("app/*/boot/boot.js.br")
    alter(script)
    (found,) = differences(served, published)
    assert found.startswith(f"{script.relative_to(served).with_suffix('').as_posix()} (gzip, deflate, br)")


def test_a_file_that_is_missing_or_elsewhere_is_named(published: Path, served: Path) -> None:
    (served / manifest.NAME).unlink()
    away = Route("/index.html", lambda request: RedirectResponse("/"))
    with answering(away, Mount("/", Site(served))) as address:
        found = manifest.verify(address, published)
    assert {line.partition(" (")[0]: line.partition("): ")[2] for line in found} == {
        manifest.NAME: "status 404",
        "index.html": "status 307",
    }


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "file:///"])
def test_no_answer_is_no_judgement(address: str, published: Path) -> None:
    with pytest.raises(StepError):
        manifest.verify(address, published)


def test_what_is_served_is_listed_whole() -> None:
    listed = manifest.read(DIST)
    files = {path.relative_to(DIST).as_posix() for path in DIST.rglob("*") if path.is_file()}
    assert files - {".stamp", manifest.NAME} == set(listed)
