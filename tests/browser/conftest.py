"""The built app on the real server, in a real Chromium whose microphone plays a recording."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from steps.layout import DIST, MODELS, ROOT
from tests.browser.scripted import ask_for
from tests.recordings import recordings

RECORDING = recordings()[0].file
GRANTED = "--use-fake-ui-for-media-stream"  # the microphone, unasked
BLOCK = 2  # as Chromium writes it in its preferences
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    GRANTED,
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
BLOCKED = "Service Worker registration blocked by Playwright"
START_SECONDS = 60
RENDER_MS = 120_000
WAIT_MS = 60_000  # Playwright's 5 and 30 s are short of what a loaded machine with two cores takes; nothing is claimed
RENDERED = "() => performance.getEntriesByName('rendered').length > 0"


@dataclass
class Visit:
    """A page and all that it said and asked for since it was opened."""

    page: Page
    address: str
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """Requests that went to another origin than the app's own."""
        own = (self.address, "data:", f"blob:{self.address}")
        return [url for url in self.requested if not url.startswith(own)]

    def open(self, path: str = "/") -> None:
        """Load the app and wait until it is on the page."""
        self.page.goto(self.address + path)
        self.page.wait_for_function(RENDERED, timeout=RENDER_MS)

    def heard(self, message: ConsoleMessage) -> None:
        """Keep what the console calls a warning or an error, but for what the driver says of itself."""
        if message.type in ("error", "warning") and message.text != BLOCKED:
            self.complaints.append(message.text)


@contextmanager
def serving(site: Path = DIST) -> Iterator[str]:
    """The address of the real server with `site` on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    order = (sys.executable, "-m", "server", "--port", str(port), "--models", MODELS, "--site", site)
    with subprocess.Popen(order, cwd=ROOT) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _await(f"{address}/healthz", server)
            yield address
        finally:
            server.terminate()


def _await(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url):
                return
        except urllib.error.URLError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser that `build.py` found, or the one on the PATH."""
    found = os.environ.get("OWNVOICE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "no Chromium: `python3 build.py test` installs one"
    return found


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    with serving() as address:
        yield address


Visitor = Callable[..., Visit]


@pytest.fixture
def visitor(playwright: Playwright, chromium: str, app_address: str, tmp_path: Path) -> Iterator[Visitor]:
    """Opens visits, each with a profile of its own: `visitor(recording=…, locale=…, address=…)`.

    The microphone plays the recording from the first `getUserMedia` on, again and again. `asked`, a recording too,
    has the page ask for what that one reads; otherwise the script is a fresh one, which no recording reads.
    `settings` are Chromium's own, by site: {"media_stream_mic": BLOCK}; with any, nothing is granted by itself.
    `flags` are more of Chromium's.
    """
    contexts: list[BrowserContext] = []

    def visit(
        recording: Path = RECORDING,
        locale: str = "en-US",
        address: str = app_address,
        asked: Path | None = None,
        settings: dict[str, int] | None = None,
        flags: tuple[str, ...] = (),
        **options: object,
    ) -> Visit:
        profile = tmp_path / f"profile{len(contexts)}"
        standing = [flag for flag in FLAGS if not (settings and flag == GRANTED)]
        if settings:
            (profile / "Default").mkdir(parents=True)
            values = {"profile": {"default_content_setting_values": settings}}
            (profile / "Default" / "Preferences").write_text(json.dumps(values))
        context = playwright.chromium.launch_persistent_context(
            profile,
            executable_path=chromium,
            headless=True,
            locale=locale,
            args=[*standing, *flags, f"--use-file-for-fake-audio-capture={_microphone(recording, tmp_path)}"],
            **{"service_workers": "block", **options},  # type: ignore[arg-type]  # kept files would cost each test seconds
        )
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        if asked:
            ask_for(context, asked)
        visit = Visit(context.pages[0], address)
        context.on("request", lambda request: visit.requested.append(request.url))
        visit.page.on("console", visit.heard)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        return visit

    yield visit
    for context in contexts:
        context.close()


def _microphone(recording: Path, folder: Path) -> Path:
    """The recording as the WAV file that Chromium's fake microphone wants."""
    samples, rate = soundfile.read(recording, dtype="int16")
    wav = folder / f"{recording.stem}.wav"
    soundfile.write(wav, samples, rate, subtype="PCM_16")
    return wav
