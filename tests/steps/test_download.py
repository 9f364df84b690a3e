"""Downloads against a server that breaks off, starts over, or sends something else."""

from __future__ import annotations

import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from steps import download
from steps.console import StepError

CONTENT = bytes(range(256)) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Registry(http.server.ThreadingHTTPServer):
    """Serves CONTENT, in pieces of `piece` bytes a connection, and keeps the ranges that were asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.piece = len(CONTENT)
        self.knows_ranges = True
        self.ranges: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/package.tgz"


class Answer(http.server.BaseHTTPRequestHandler):
    """One connection."""

    server: Registry

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        found = re.fullmatch(r"bytes=(\d+)-", asked or "") if self.server.knows_ranges else None
        start = int(found[1]) if found else 0
        self.send_response(206 if found else 200)
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.end_headers()
        self.wfile.write(CONTENT[start : start + self.server.piece])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setattr("steps.download.time.sleep", lambda seconds: None)
    with Registry() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_whole_file_arrives_and_leaves_nothing_else(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    download.download(registry.url, path, len(CONTENT), SHA256)
    assert path.read_bytes() == CONTENT
    assert not path.with_name("package.tgz.part").exists()


def test_interrupted_download_goes_on_where_it_stopped(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    path.with_name("package.tgz.part").write_bytes(CONTENT[:300_000])
    download.download(registry.url, path, len(CONTENT), SHA256)
    assert path.read_bytes() == CONTENT
    assert registry.ranges == ["bytes=300000-"]


def test_connection_that_breaks_off_is_taken_up_again(registry: Registry, tmp_path: Path) -> None:
    registry.piece = 400_000
    path = tmp_path / "package.tgz"
    download.download(registry.url, path, len(CONTENT), SHA256)
    assert path.read_bytes() == CONTENT
    assert registry.ranges == [None, "bytes=400000-", "bytes=800000-"]


def test_server_without_ranges_starts_over(registry: Registry, tmp_path: Path) -> None:
    registry.knows_ranges = False
    path = tmp_path / "package.tgz"
    path.with_name("package.tgz.part").write_bytes(b"x" * 1000)
    download.download(registry.url, path, len(CONTENT), SHA256)
    assert path.read_bytes() == CONTENT


def test_unreachable_server_says_what_to_do_and_keeps_what_came(registry: Registry, tmp_path: Path) -> None:
    registry.piece = 100_000
    path = tmp_path / "package.tgz"
    with pytest.raises(StepError, match="run the same command again"):
        download.download(registry.url, path, len(CONTENT), SHA256)
    assert path.with_name("package.tgz.part").read_bytes() == CONTENT[: 100_000 * download.ATTEMPTS]


def test_other_content_is_refused_and_put_aside(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    with pytest.raises(StepError, match="is pinned"):
        download.download(registry.url, path, len(CONTENT), "0" * 64)
    assert not path.exists()
    assert path.with_name("package.tgz.refused").exists()


def test_verified_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "package.tgz"
    path.write_bytes(CONTENT)
    download.verify(path, SHA256)
    assert download.is_verified(path, SHA256)
    path.write_bytes(CONTENT[:-1] + b"!")
    assert not download.is_verified(path, SHA256)
