"""From an address to an app: in one's language, from one origin, under the strict policy; or a readable failure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from server.headers import REFUSED
from steps.layout import DIST
from tests.browser.conftest import RENDER_MS, RENDERED, Visitor

# Each attempt ends when the browser says which rule forbade it, or after two seconds in which none did.
FORBIDDEN = """async (elsewhere) => {
  const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
  const attempts = {
    fetch: () => fetch(elsewhere).catch(() => {}),
    beacon: () => navigator.sendBeacon(elsewhere, "x"),
    "event source": () => new EventSource(elsewhere),
    websocket: () => new WebSocket(elsewhere.replace("http", "ws")),
    picture: () => add("img", { src: elsewhere }),
    sound: () => add("audio", { src: elsewhere }),
    frame: () => add("iframe", { src: elsewhere }),
    script: () => add("script", { src: elsewhere }),
    "script inline": () => add("script", { textContent: "0" }),
    handler: () => document.body.setAttribute("onclick", "0"),
    eval: () => setTimeout(() => eval("0")),
    worker: () => new Worker(URL.createObjectURL(new Blob(["0"]))),
    form: () => { add("form", { action: elsewhere, id: "stray" }); document.getElementById("stray").submit(); },
  };
  const found = {};
  for (const [name, attempt] of Object.entries(attempts)) {
    const told = new Promise((done) => {
      document.addEventListener("securitypolicyviolation", (it) => done(it.effectiveDirective), { once: true });
      setTimeout(done, 2000, "nothing");
    });
    try { attempt(); } catch {}
    found[name] = await told;
  }
  return found;
}"""
BY = {
    "fetch": "connect-src",
    "beacon": "connect-src",
    "event source": "connect-src",
    "websocket": "connect-src",
    "picture": "img-src",
    "sound": "media-src",
    "frame": "frame-src",
    "script": "script-src-elem",
    "script inline": "script-src-elem",
    "handler": "script-src-attr",
    "eval": "script-src",
    "worker": "worker-src",
    "form": "form-action",
}
ALLOWED = "(names) => names.filter((name) => document.featurePolicy.allowsFeature(name))"
ELSEWHERE = "http://127.0.0.1:9/"
PROGRESS_NAMES = {"en-US": "Loading Ownvoice", "de-DE": "Ownvoice wird geladen"}


def test_app_starts_from_its_own_origin_without_complaint(visitor: Visitor) -> None:
    visit = visitor(service_workers="allow")
    visit.open()
    expect(visit.page.get_by_role("main").get_by_role("button").first).to_be_visible()
    assert visit.elsewhere == []
    assert visit.complaints == []
    assert visit.page.locator("#boot").count() == 0

    # What the policy forbids, the browser refuses, whoever's code would ask for it.
    assert visit.page.evaluate("self.crossOriginIsolated")
    assert visit.page.evaluate(ALLOWED, ["microphone", *REFUSED]) == ["microphone"]
    assert visit.page.evaluate(FORBIDDEN, ELSEWHERE) == BY


@pytest.mark.parametrize("locale", PROGRESS_NAMES)
def test_progress_is_told_in_words_and_to_screen_readers(visitor: Visitor, locale: str) -> None:
    visit = visitor(locale=locale)
    held: list[Route] = []
    visit.page.route("**/snapshot.bin", lambda route: held.append(route))  # the app cannot start before this arrives
    visit.page.goto(visit.address)
    bar = visit.page.get_by_role("progressbar", name=PROGRESS_NAMES[locale])
    expect(bar).to_have_attribute("aria-valuetext", re.compile(r"\d[.,]\d (of|von) \d+[.,]\d MB"))
    assert 0 <= int(bar.get_attribute("aria-valuenow") or -1) < 100
    expect(visit.page.locator("html")).to_have_attribute("lang", locale[:2])
    for route in held:
        route.continue_()
    visit.page.wait_for_function(RENDERED, timeout=RENDER_MS)


@pytest.mark.parametrize("lost", ["**/snapshot.bin", "**/bokeh.min.js", "**/pyodide.asm.wasm"])
def test_a_lost_file_is_explained_and_can_be_retried(visitor: Visitor, lost: str) -> None:
    visit = visitor(locale="de-DE")
    visit.page.route(lost, lambda route: route.abort())
    visit.page.goto(visit.address)
    alert = visit.page.get_by_role("alert").filter(has_text="Ownvoice konnte nicht starten")
    expect(alert).to_contain_text("Prüfen Sie die Verbindung")
    visit.page.unroute(lost)
    visit.page.get_by_role("button", name="Erneut versuchen").click()
    visit.page.wait_for_function(RENDERED, timeout=RENDER_MS)


def test_a_visitor_without_javascript_is_told_why_it_is_needed(visitor: Visitor) -> None:
    visit = visitor(java_script_enabled=False)
    visit.page.goto(visit.address)
    for language in ("en", "de"):
        expect(visit.page.locator(f"noscript [lang={language}]")).to_be_visible()


def test_no_page_of_ours_carries_a_script_or_handler_inline() -> None:
    page = (DIST / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\son\w+=", page) == []
    assert re.findall(r"""["'(]\s*(?:https?:)?//""", page) == []


def test_every_address_in_the_site_but_three_is_named_by_content() -> None:
    others = [path.relative_to(DIST) for path in DIST.rglob("*") if path.is_file() and path.name != ".stamp"]
    pages = {Path("index.html"), Path("offline.js"), Path("manifest.sha256")}
    stray = [path for path in others if path not in pages and not re.fullmatch(r"[0-9a-f]{16}", path.parts[1])]
    assert stray == []
