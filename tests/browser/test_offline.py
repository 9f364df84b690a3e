"""Without a network the app opens and does what needs none; a newer version is announced, and never mixes."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from steps.layout import DIST
from tests.browser import sites, walk
from tests.browser.conftest import RECORDING, Visitor, serving
from tests.browser.tap import Tap, tapped
from tests.browser.test_boot import BY, ELSEWHERE, FORBIDDEN
from tests.browser.test_library import accessible
from tests.browser.test_library_storage import stored
from tests.recordings import recordings

OLD, NEW = "in your own voice.", "in your new voice."
KEPT = """async () => {
  const names = await caches.keys();
  const models = names.find((name) => name.startsWith("models/"));
  return Boolean(models) && (await (await caches.open(models)).keys()).length === 4;
}"""
ALTERED = "0" * 16
REFUSED = """async (version) => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  const worker = registration.installing;
  if (worker.state !== "redundant") await new Promise((done) => (worker.onstatechange = done));
  return worker.state === "redundant" && !(await caches.match("/", { cacheName: `page/${version}` }));
}"""
LOOK = """async () => {
  const registration = await navigator.serviceWorker.ready;
  setInterval(() => registration.installing && registration.active.postMessage("keep"), 20);
  document.dispatchEvent(new Event("visibilitychange"));
}"""  # as when one comes back to the tab; the old version tidies up just while the new one arrives
FETCHED = re.compile(rb"^GET (/\w+/[0-9a-f]{16}/\S+) HTTP", re.M)


def keep(page: Page) -> None:
    """Have everything kept, without waiting for the app's own patience."""
    page.evaluate("async () => (await navigator.serviceWorker.ready).active.postMessage('keep')")
    page.wait_for_function(KEPT)


def fetched(tap: Tap) -> Counter[bytes]:
    """How often each file of the site was asked for."""
    return Counter(path for connection in tap.sent for path in FETCHED.findall(bytes(connection)))


def test_a_newer_version_is_announced_whole_and_then_it_works_without_a_network(
    visitor: Visitor, tmp_path: Path
) -> None:
    served = shutil.copytree(DIST, tmp_path / "served")
    (old_app,) = (served / "app").iterdir()
    lazy = f"/app/{old_app.name}/capture/page.js"
    with serving(served) as server, tapped(server) as tap:
        visit = visitor(recording=RECORDING, address=tap.address, service_workers="allow")
        page = visit.page
        visit.open()
        keep(page)
        assert [path for path, times in fetched(tap).items() if times > 1] == []

        sites.deploy(sites.changed(tmp_path, RECORDING, text=(OLD.encode(), NEW.encode())), served)
        assert httpx.get(server + lazy).status_code == 404
        page.evaluate(LOOK)
        notice = page.locator("#app").get_by_text("A new version is there. Reload when it suits you")
        expect(notice).to_be_visible()
        expect(page.locator("#polite")).to_contain_text("A new version is there")
        accessible(page)
        again = fetched(tap)
        assert [path for path in again if not path.startswith(b"/app/") and again[path] > 1] == []
        page.get_by_role("button", name="Privacy").click()  # the old page goes on, with its own files
        expect(page.get_by_role("heading", level=1, name="Privacy")).to_be_focused()
        assert "export" in page.evaluate("async (path) => (await fetch(path)).text()", lazy)

        page.get_by_role("button", name="Reload").click()
        expect(page.get_by_role("heading", level=1, name=NEW)).to_be_visible()
        expect(notice).to_have_count(0)
        keep(page)
        page.wait_for_function("async (name) => !(await caches.has(name))", arg=f"app/{old_app.name}")

        refuse_an_altered_file(page, served)

    visit.complaints.clear()
    visit.open()  # the server is gone
    expect(page.get_by_role("heading", level=1, name=NEW)).to_be_visible()
    expect(page.locator("#app").get_by_text("The server can't be reached. Your voices, making a voice")).to_be_visible()
    walk.agree(page)
    walk.record(page, recordings()[0])
    walk.make(page, recordings()[0])
    page.get_by_label("What should your voice say?").fill("Can you hear me?")
    page.get_by_role("button", name="Speak").click()
    expect(page.locator("#app").get_by_text("The server cannot be reached. Your text is still here")).to_be_visible()
    page.get_by_role("button", name="Your voices").click()
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_role("heading", level=1, name="Delete everything?").wait_for()
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_role("heading", level=1, name=NEW)).to_be_visible()
    assert stored(page) == {"names": [], "content": ""}
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
    assert page.evaluate("self.crossOriginIsolated") and page.evaluate(FORBIDDEN, ELSEWHERE) == BY  # kept with the page


def refuse_an_altered_file(page: Page, served: Path) -> None:
    """A version of which one file is not what its own list says is not taken."""
    script, changed = served / "offline.js", served / "index.html"
    listed, content = script.read_text("utf-8"), changed.read_text("utf-8")
    script.write_text(re.sub(r'"version":"\w+"', f'"version":"{ALTERED}"', listed), "utf-8")
    changed.write_text(content.replace("Ownvoice", "0wnvoice", 1), "utf-8")
    assert page.evaluate(REFUSED, ALTERED)
    script.write_text(listed, "utf-8")
    changed.write_text(content, "utf-8")
