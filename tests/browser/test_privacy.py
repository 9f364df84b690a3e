"""The recording never leaves the device: shown on the wire, for every byte that the browser sent."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from frontend.client import SPEECH_PATH, speech_request
from frontend.ledger import in_words, leaves
from frontend.library.voice import Voice
from frontend.words import Words
from models.contract import PROFILE_MAX_BYTES, REQUEST_MAX_BYTES
from models.requests import SPEECH_RULES
from models.seal import SEAL_MAX_BYTES, SEAL_PATH
from server import claims
from steps import manifest
from tests.browser import files, netlog, sites, walk
from tests.browser.conftest import Visitor, serving
from tests.browser.film import RATE, music, shoot
from tests.browser.leak import ALIKE, holds, likeness
from tests.browser.proxy import ERRANDS, Proxy, Request, proxied
from tests.browser.test_detector import check
from tests.browser.test_library import PASSPHRASE, at, card, erase, open_voice, press, save
from tests.browser.test_studio import spoken
from tests.browser.test_video import export, it_plays, open_video, packets
from tests.recordings import recordings

Departure = tuple[str, dict[str, str]]  # a line of the ledger, and the sizes of what it lists

SAID = "The quiet river carries the morning light to the sea."
DIALOGUE = ("Good morning, Ben.", "Good morning to you.")
SCRIPT = f"ADA: {DIALOGUE[0]}\n\nBEN: {DIALOGUE[1]}"
SAMPLE = Words("en")("library.sample.text")
FILM_SECONDS = 6.0
HEADERS_MAX = 4_096  # bytes
LIMITS = {SPEECH_PATH: REQUEST_MAX_BYTES, SEAL_PATH: SEAL_MAX_BYTES}
VENDOR = tuple(name.removeprefix("*") for name in ERRANDS)
NEVER = {"websocket", "eventsource", "ping", "beacon", "cspviolationreport"}  # what the browser calls kinds of requests


def test_nothing_leaves_in_a_whole_session_but_what_the_ledger_tells(visitor: Visitor, tmp_path: Path) -> None:
    """All that one can do, from the first voice to the end; with the service worker, behind a recording proxy."""
    read, film, logged = recordings()[2], shoot(tmp_path / "walk.mp4", FILM_SECONDS), tmp_path / "net.json"
    site = sites.changed(tmp_path, read.file)
    with serving(site) as server, proxied(server) as proxy:
        behind = {"proxy": proxy.settings(), "flags": (netlog.flag(logged),)}
        visit = visitor(recording=read.file, address=server, service_workers="allow", **behind)
        page, kinds = visit.page, set[str]()
        page.context.on("request", lambda request: kinds.add(request.resource_type))
        page.on("websocket", lambda _: kinds.add("websocket"))

        visit.open()
        walk.agree(page)
        walk.record(page, read)
        walk.make(page, read)
        expect(page.get_by_text("Nothing has left this device.")).to_be_visible()
        assert sent(proxy) == []
        walk.speak(page, SAID)
        expect(page.get_by_text(re.compile("1 request has left this device"))).to_be_visible()
        walk.download(page, tmp_path)
        to_library(page)
        ada, ben = keep_and_compare(page, tmp_path)
        narrate(page, film)
        told = {}
        for words, other in ((Words("en"), "Deutsch"), (Words("de"), "English")):
            told[words] = ledger(page, words)
            press(page, other)
        to_library(page, "Back to your voices")
        erase(page)
        press(page, "Check a file")
        assert "No mark found." in check(page, film)
        page.goto("about:blank")  # a beacon would go now
        page.wait_for_timeout(1_000)
        page.context.close()

    posts = sent(proxy)
    check_posts(posts, [(ada, SAID), (ben, SAMPLE), (ada, DIALOGUE[0]), (ben, DIALOGUE[1])])
    for words, departures in told.items():
        assert departures == [departure(post, words) for post in reversed(posts)]
    heads = check_others(proxy, {"/"} | {f"/{name}" for name in manifest.read(site)})
    content = b"".join(post.body for post in posts) + heads
    assert likeness(content, read.samples, 16_000) < ALIKE
    assert likeness(content, music(FILM_SECONDS).mean(axis=0), RATE) < ALIKE
    assert not holds(content, film.read_bytes())

    assert (proxy.strays, visit.elsewhere, kinds & NEVER) == ([], [], set())
    log, own = netlog.read(logged), urlsplit(server).netloc
    assert (log.peers, log.sent) == ({urlsplit(proxy.address).netloc}, sum(request.size for request in proxy.requests))
    assert {urlsplit(url).netloc for asker, url in log.asked if asker != netlog.BROWSER} == {own}
    hosts = {urlsplit(url).netloc for _, url in log.asked} - {own}
    assert [host for host in hosts if not host.endswith(VENDOR)] == []


def keep_and_compare(page: Page, folder: Path) -> tuple[Voice, Voice]:
    """Save the voice, delete everything, bring it in again with a second one; hear that, compare them."""
    (ada,), (ben,) = save(page, folder / "ada.ownvoice"), files.voices(Ben=[0])
    erase(page)
    walk.bring(page, folder / "ada.ownvoice", PASSPHRASE)
    walk.bring(page, files.write(folder / "ben.ownvoice", [ben]))
    card(page, "Ben").get_by_role("button", name="Listen").click()
    expect(card(page, "Ben").get_by_role("button", name="Stop")).to_be_visible()
    open_voice(page, "Ada")
    page.get_by_label("Compare with").select_option("Ben")
    expect(page.locator("#app").get_by_text("like different people")).to_be_visible()
    to_library(page, "Back to your voices")
    return ada, ben


def narrate(page: Page, film: Path) -> None:
    """A dialogue of the two, laid under the film; exported and saved."""
    press(page, "Studio")
    at(page, "Studio")
    page.get_by_label("Your script").fill(SCRIPT)
    press(page, "Use this script")
    press(page, "Speak all lines")
    spoken(page)
    open_video(page, film)
    it_plays(page)
    assert packets(export(page)[1]) == packets(film.read_bytes())
    with page.expect_download():
        press(page, "Save the project")


def check_posts(posts: list[Request], speeches: list[tuple[Voice, str]]) -> None:
    """Those texts in those voices, with nothing besides; and two claims, which are read to the last field."""
    bodies = {path: [json.loads(post.body) for post in posts if post.path == path] for path in LIMITS}
    assert sum(map(len, bodies.values())) == len(posts)
    assert [post.path for post in posts if len(post.body) > LIMITS[post.path]] == []
    assert {(post.method, post.headers["sec-fetch-mode"]) for post in posts} == {("POST", "same-origin")}  # no beacon
    assert bodies[SPEECH_PATH] == [speech_request(voice.profile, text) for voice, text in speeches]
    for body in bodies[SPEECH_PATH]:
        assert SPEECH_RULES.check(body) and len(json.dumps(body["voice"])) <= PROFILE_MAX_BYTES
    assert len([claims.parse(body) for body in bodies[SEAL_PATH]]) == 2


def check_others(proxy: Proxy, files_of_the_site: set[str]) -> bytes:
    """Files of the site are all that is asked for besides; what was ever said in the heads of requests."""
    others = [request for request in proxy.requests if request.method == "GET"]
    assert not any(request.body for request in others)
    assert {request.path for request in others} <= files_of_the_site
    heads = {f"{name}: {value}" for request in proxy.requests for name, value in request.headers.items()}
    assert sum(map(len, heads)) < HEADERS_MAX  # no room for sound
    assert not [it for it in proxy.requests if {"cookie", "authorization"} & it.headers.keys()]
    # Where Chromium looks by itself for a newer service worker, it names that script as its own referrer.
    referrers = {(it.url, it.headers["referer"]) for it in proxy.requests if "referer" in it.headers}
    assert [it for it in referrers if set(it) != {f"http://{proxy.app.netloc}/offline.js"}] == []
    return "\n".join(heads).encode()


def sent(proxy: Proxy) -> list[Request]:
    """The requests with anything in them."""
    return [request for request in proxy.requests if request.method != "GET"]


def to_library(page: Page, by: str = "Your voices") -> None:
    press(page, by)
    at(page, "Your voices")


def ledger(page: Page, words: Words) -> list[Departure]:
    """Each departure that the page tells, the latest first: the end of its line, and its fields with their sizes."""
    expect(page.locator(".ledger .entries p")).to_have_text(words("ledger.what"))
    page.locator(".ledger summary").click()
    expect(page.locator(".ledger .entries")).to_be_visible()
    entries: list[tuple[str, list[list[str]]]] = page.locator(".ledger .entries").evaluate(
        """(entries) => [...entries.querySelectorAll("h3")].map((title) => [title.textContent,
          [...title.nextElementSibling.rows].map((row) => [...row.cells].map((cell) => cell.textContent))])"""
    )
    return [(title.partition(" UTC, ")[2], dict(rows)) for title, rows in entries]


def departure(post: Request, words: Words) -> Departure:
    """What the ledger has to say of a request, from what was seen of it on the way."""
    sizes = Counter[str]()
    for name, value in leaves(json.loads(post.body)):
        assert in_words(name, words) != name
        sizes[in_words(name, words)] += len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
    title = f"POST {post.path}, {words.size(len(post.body))}"
    return title, {what: words.size(size) for what, size in sizes.items()}
