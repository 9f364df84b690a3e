"""The recording never leaves the device: shown on the wire, for every byte that the browser sent."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from frontend.audio import Samples, resample
from frontend.client import SPEECH_PATH
from frontend.ledger import in_words, leaves
from frontend.words import Words
from models.contract import PROFILE_MAX_BYTES, REQUEST_MAX_BYTES, Rules
from models.requests import SPEECH_REQUEST_SCHEMA
from steps import manifest
from tests.browser import sites, walk
from tests.browser.conftest import Visitor, serving
from tests.browser.leak import ALIKE, likeness
from tests.browser.proxy import Proxy, Request, proxied
from tests.browser.test_library import press
from tests.recordings import recordings

AGAIN = "And it comes back again."
PASSPHRASE = "correct horse battery"
WORDS = Words("en")
TEXT = "The quiet river carries the morning light to the sea."
HEADERS_MAX = 4_096  # bytes


def pcm(samples: Samples) -> bytes:
    return np.rint(samples * 32_767).astype("<i2").tobytes()


ENCODINGS: dict[str, Callable[[Samples], bytes]] = {
    "float32": lambda samples: samples.tobytes(),
    "int16": pcm,
    "quiet int16, off by a byte": lambda samples: b"{" + pcm(0.05 * samples),
    "int8": lambda samples: np.rint(samples / np.abs(samples).max() * 127).astype(np.int8).tobytes(),
    "base64": lambda samples: b'{"voice":"' + base64.b64encode(pcm(samples)) + b'"}',
    "base64 of float32": lambda samples: base64.urlsafe_b64encode(samples.tobytes()),
    "hex": lambda samples: pcm(samples).hex().encode(),
    "a list of numbers": lambda samples: json.dumps([round(float(sample), 3) for sample in samples]).encode(),
    "8 kHz, inverted": lambda samples: pcm(-resample(samples, 16_000, 8_000)),
    "48 kHz": lambda samples: resample(samples, 16_000, 48_000).tobytes(),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_detector_finds_a_tenth_of_a_second_in_any_encoding(encoding: str) -> None:
    samples = recordings()[2].samples[:32_000]
    stolen = ENCODINGS[encoding](samples[20_011 : 20_011 + 2_400])
    assert likeness(stolen, samples, 16_000) > ALIKE


def test_the_detector_is_not_alarmed_by_noise_or_by_another_recording() -> None:
    one, other = recordings()[0].samples[:32_000], recordings()[2].samples[:32_000]
    noise = np.random.default_rng(0).integers(0, 256, 4_000, np.uint8).tobytes()
    assert likeness(noise, one, 16_000) < 0.45
    assert likeness(base64.b64encode(noise), one, 16_000) < 0.45
    assert likeness(pcm(other[20_000:24_000]), one, 16_000) < ALIKE


def test_nothing_leaves_in_a_whole_session_but_what_the_ledger_tells(visitor: Visitor, tmp_path: Path) -> None:
    """Make a voice, speak, export, delete everything, import, speak again; with the service worker, behind a proxy."""
    read = recordings()[2]
    site = sites.changed(tmp_path, read.file)
    with serving(site) as server, proxied(server) as proxy:
        visit = visitor(recording=read.file, address=server, service_workers="allow", proxy=proxy.settings())
        page, sockets = visit.page, list[str]()
        page.on("websocket", lambda socket: sockets.append(socket.url))
        page.set_default_timeout(60_000)
        visit.open()
        walk.agree(page)
        walk.record(page, 2 * len(read.samples) / 16_000)
        walk.make(page)
        expect(page.get_by_text("Nothing has left this device.")).to_be_visible()
        assert sent(proxy) == []
        walk.speak(page, TEXT)
        expect(page.get_by_text(re.compile("1 request has left this device"))).to_be_visible()
        page.get_by_role("button", name="Your voices").click()
        file = tmp_path / "ada.ownvoice"
        export(page, file)
        erase(page)
        bring_in(page, file)
        press(page, "Speak")
        expect(page.get_by_role("heading", name="Your voice is ready")).to_be_focused()
        walk.speak(page, AGAIN)
        told = ledger(page)
        elsewhere = visit.elsewhere
        page.goto("about:blank")  # a beacon would go now
        page.wait_for_timeout(1_000)

    posts = sent(proxy)
    assert [json.loads(request.body)["input"] for request in posts] == [TEXT, AGAIN]
    for request in posts:
        assert request.path == SPEECH_PATH and len(request.body) <= REQUEST_MAX_BYTES
        checked = Rules(SPEECH_REQUEST_SCHEMA).check(json.loads(request.body))
        assert len(json.dumps(checked["voice"])) <= PROFILE_MAX_BYTES
    for (title, fields), request in zip(told, reversed(posts), strict=True):
        assert title.endswith(f"POST {request.path}, {WORDS.size(len(request.body))}")
        names = {name for name, _ in leaves(json.loads(request.body))}
        assert fields == {in_words(name, WORDS) for name in names} and not fields & names
    others = [request for request in proxy.requests if request not in posts]
    assert all(request.method == "GET" and not request.body for request in others)
    assert {request.path for request in others} <= {"/"} | {f"/{name}" for name in manifest.read(site)}
    spoken = {f"{name}: {value}" for request in others for name, value in request.headers.items()}
    assert sum(map(len, spoken)) < HEADERS_MAX  # all that GETs ever said in their heads: no room for sound
    assert not [it for it in proxy.requests if {"cookie", "authorization"} & it.headers.keys()]
    assert elsewhere == [] and sockets == []
    for request in posts:
        assert likeness(request.body, read.samples, 16_000) < ALIKE


def sent(proxy: Proxy) -> list[Request]:
    """The requests with anything in them."""
    return [request for request in proxy.requests if request.method != "GET"]


def ledger(page: Page) -> list[tuple[str, set[str]]]:
    """Of each departure that the page tells, the latest first: its line, and its fields in words."""
    page.get_by_text("Show all").click()
    entries: list[tuple[str, list[str]]] = page.locator(".ledger .entries").evaluate(
        """(entries) => [...entries.querySelectorAll("h3")].map((title) => [
          title.textContent, [...title.nextElementSibling.querySelectorAll("th")].map((it) => it.textContent)])"""
    )
    return [(title, set(fields)) for title, fields in entries]


def export(page: Page, file: Path) -> None:
    """All voices to a file."""
    press(page, "Save all to a file")
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    with page.expect_download() as offered:
        press(page, "Save the file")
    offered.value.save_as(file)
    expect(page.get_by_role("heading", level=1, name="Your voices")).to_be_focused()


def erase(page: Page) -> None:
    """Everything that this page has stored."""
    press(page, "Delete everything")
    expect(page.get_by_role("heading", level=1, name="Delete everything?")).to_be_focused()
    press(page, "Delete everything")
    expect(page.get_by_role("heading", level=1, name="Anything you write, in your own voice.")).to_be_focused()


def bring_in(page: Page, file: Path) -> None:
    """The voices of a file, from the welcome to the library."""
    press(page, "Bring in a voice file")
    with page.expect_file_chooser() as chooser:
        press(page, "Choose a file")
    chooser.value.set_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    page.get_by_label("Passphrase of the file").fill(PASSPHRASE)
    press(page, "Bring in")
    expect(page.get_by_role("heading", level=1, name="Your voices")).to_be_focused()
