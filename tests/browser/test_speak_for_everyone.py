"""Usable by everybody: by keyboard alone, with a screen reader, narrow or wide, light or dark, without a microphone."""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from steps.layout import DOWNLOADS
from tests.browser import files, walk
from tests.browser.conftest import Visitor
from tests.recordings import recordings

AXE = "package/axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(1280, "light", "none"), (1280, "dark", "none"), (320, "light", "none"), (320, "dark", "active")]
PRESSES_MAX = 12  # of the tab key, to anything on a page


def axe() -> str:
    (package,) = DOWNLOADS.glob("axe-core-*.tgz")
    with tarfile.open(package) as archive:
        file = archive.extractfile(AXE)
        assert file
        return file.read().decode()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds wrong on the page as it is now."""
    page.evaluate(axe())
    found = page.evaluate("tags => axe.run(document, { runOnly: tags })", TAGS)
    return [
        {"rule": it["id"], "where": [node["target"] for node in it["nodes"]], "what": it["help"]}
        for it in found["violations"]
    ]


def look(page: Page, width: int, scheme: str, forced_colors: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme, forced_colors=forced_colors)  # type: ignore[arg-type]
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def inspect(page: Page) -> None:
    for width, scheme, forced_colors in LOOKS:
        look(page, width, scheme, forced_colors)
        assert violations(page) == [], (width, scheme, forced_colors)
    page.emulate_media(forced_colors="none")


def test_no_page_has_an_accessibility_violation_or_scrolls_sideways(visitor: Visitor) -> None:
    read = recordings()[2]
    visit = visitor(recording=read.file, asked=read.file, reduced_motion="reduce")
    visit.open()
    page = visit.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    inspect(page)
    page.get_by_role("button", name="Make my voice").click()
    expect(page.get_by_role("heading", name="First, your consent")).to_be_focused()
    inspect(page)
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Zuerst Ihr Einverständnis")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_role("button", name="English").click()
    page.get_by_label("Your name").fill(walk.NAME)
    page.get_by_role("checkbox", name="I have read this, and I agree.").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Read this aloud")).to_be_focused()
    page.get_by_role("button", name="Turn on the microphone").click()
    expect(page.get_by_role("button", name="Start recording")).to_be_focused()
    inspect(page)
    walk.read(page, read)
    inspect(page)
    walk.make(page, read)
    walk.speak(page, "Good morning.")
    inspect(page)


def test_everything_can_be_done_with_the_keyboard(visitor: Visitor) -> None:
    read = recordings()[2]
    visit = visitor(recording=read.file, asked=read.file)
    visit.open()
    page = visit.page

    def press(name: str, key: str = "Enter") -> None:
        target = page.get_by_role("button", name=name).or_(page.get_by_role("checkbox", name=name))
        expect(target).to_be_enabled(timeout=walk.MAKING_MS)
        for _ in range(PRESSES_MAX):
            if target.evaluate("element => element.getRootNode().activeElement === element"):
                break
            page.keyboard.press("Tab")
        expect(target).to_be_focused()
        page.keyboard.press(key)

    press("Make my voice")
    expect(page.get_by_role("heading", name="First, your consent")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(walk.NAME)
    press("I have read this, and I agree.", "Space")
    press("Continue")
    expect(page.get_by_role("heading", name="Read this aloud")).to_be_focused()
    press("Turn on the microphone")
    press("Start recording")
    expect(page.get_by_role("button", name="Done")).to_be_focused()
    walk.listen(page, read)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Are you happy with it?")).to_be_focused()
    press("Make my voice")
    walk.await_made(page, read, page.get_by_role("button", name="Keep it and try it"))
    press("Keep it and try it")
    expect(page.get_by_role("heading", name="Your voice is ready")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("Good morning.")
    press("Speak")
    expect(page.get_by_role("button", name="Play again")).to_be_enabled(timeout=walk.SPEAKING_MS)


def test_without_a_microphone_the_page_says_what_to_do(visitor: Visitor) -> None:
    visit = visitor()
    refuse = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }"
    visit.page.add_init_script(refuse)
    visit.open()
    walk.agree(visit.page)
    visit.page.get_by_role("button", name="Turn on the microphone").click()
    expect(visit.page.get_by_role("alert").filter(has_text="No microphone was found")).to_have_count(1)
    expect(visit.page.get_by_role("button", name="Try again")).to_be_focused()


def test_a_lost_connection_costs_no_text(visitor: Visitor, tmp_path: Path) -> None:
    visit = visitor()
    visit.open()
    walk.bring(visit.page, files.write(tmp_path / "voice.ownvoice", files.voices(Ben=[2])))
    visit.page.get_by_role("button", name="Speak").click()
    visit.page.context.set_offline(True)
    field = visit.page.get_by_label("What should your voice say?")
    field.fill("Good morning.")
    visit.page.get_by_role("button", name="Speak").click()
    expect(visit.page.get_by_role("alert").filter(has_text="The server cannot be reached")).to_have_count(1)
    expect(field).to_have_value("Good morning.")
    visit.page.context.set_offline(False)
    visit.page.get_by_role("button", name="Speak").click()
    expect(visit.page.get_by_role("button", name="Play again")).to_be_enabled(timeout=walk.SPEAKING_MS)
