"""The recording never leaves the device: shown on the wire, for every byte that the browser sent."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect

from frontend.audio import Samples, resample
from models.contract import PROFILE_MAX_BYTES
from tests.browser import walk
from tests.browser.conftest import Visitor
from tests.browser.leak import ALIKE, likeness
from tests.browser.tap import tapped
from tests.recordings import recordings

TEXT = "The quiet river carries the morning light to the sea."
HEADERS_MAX = 4_096  # of one request


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


def test_nothing_that_leaves_the_browser_carries_the_recording(visitor: Visitor, app_address: str) -> None:
    read = recordings()[2]
    with tapped(app_address) as tap:
        visit = visitor(recording=read.file, asked=read.file, address=tap.address)
        sockets: list[str] = []
        visit.page.on("websocket", lambda socket: sockets.append(socket.url))
        visit.open()
        walk.agree(visit.page)
        walk.record(visit.page, 2 * len(read.samples) / 16_000)
        expect(visit.page.get_by_text("Nothing has left this device.")).to_be_visible()
        walk.make(visit.page)
        expect(visit.page.get_by_text("Nothing has left this device.")).to_be_visible()
        loaded, known = tap.size, len(tap.sent)
        walk.speak(visit.page, TEXT)
        expect(visit.page.get_by_text(re.compile("1 request has left this device"))).to_be_visible()
        everything = [bytes(connection) for connection in tap.sent]

    bodies = [
        body for connection in everything for body in re.findall(rb"\r\n\r\n(\{.*?\})(?=POST|GET|$)", connection, re.S)
    ]
    (body,) = bodies
    request = json.loads(body)
    assert request["input"] == TEXT
    assert len(json.dumps(request["voice"])) <= PROFILE_MAX_BYTES
    assert visit.elsewhere == [] and sockets == []
    assert tap.size - loaded <= len(body) + HEADERS_MAX * (1 + len(tap.sent) - known)
    posts = sum(len(re.findall(rb"^(?:POST|PUT|PATCH) ", connection, re.M)) for connection in everything)
    assert posts == 1
    assert visit.complaints == []
    for connection in everything:
        assert likeness(connection, read.samples, 16_000) < ALIKE
