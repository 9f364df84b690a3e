"""The voice library as a person meets it: the built app, the real server, Chromium, a real recording."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from steps import archive, packages
from steps.layout import DOWNLOADS
from tests.browser.conftest import RECORDING, Visit, Visitor
from tests.browser.test_library_storage import stored

TWO_TURNS_MS = 17_000  # of the recording: it plays from the first getUserMedia on, again and again
MAKING_MS = 120_000
UNSEALING_MS = 60_000  # scrypt is slow on purpose
PASSPHRASE = "correct horse battery"
TOO_WIDE = """() => {
  const found = [];
  const look = (root) => {
    for (const it of root.querySelectorAll("*")) {
      if (it.getBoundingClientRect().right > innerWidth + 0.5) found.push(it.outerHTML.slice(0, 120));
      if (it.shadowRoot) look(it.shadowRoot);
    }
  };
  look(document.getElementById("app"));
  return document.documentElement.scrollWidth > innerWidth ? found : [];
}"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def at(page: Page, title: str) -> None:
    """Wait until that page is there and its heading has the focus."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_focused(timeout=60_000)


def accessible(page: Page) -> None:
    """axe finds nothing, and nothing is wider than the window."""
    axe = archive.read_npm(DOWNLOADS / packages.AXE.filename)["axe.min.js"].decode()
    page.evaluate(axe)
    found: list[Any] = page.evaluate("async () => (await axe.run()).violations.map((it) => [it.id, it.nodes[0].html])")
    assert found == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.wait_for_timeout(500)  # for the layout to follow
    assert page.evaluate(TOO_WIDE) == []
    page.set_viewport_size({"width": 1100, "height": 900})


def read_aloud(visit: Visit, name: str) -> None:
    """From consent to the verdict on the recording."""
    page = visit.page
    page.get_by_label("Your name").fill(name)
    page.get_by_role("checkbox").check()
    press(page, "Continue")
    press(page, "Turn on the microphone")
    press(page, "Start recording")
    page.get_by_role("button", name="Done").wait_for()
    page.wait_for_timeout(TWO_TURNS_MS)
    press(page, "Done")
    press(page, "Make my voice")


def make_voice(visit: Visit, name: str = "Anna") -> None:
    """From the welcome to the library, with one voice in it."""
    page = visit.page
    page.set_default_timeout(60_000)
    visit.open()
    press(page, "Make my voice")
    read_aloud(visit, name)
    expect(page.get_by_role("heading", level=1, name="This is your voice")).to_be_visible(timeout=MAKING_MS)
    press(page, "Keep it and try it")
    at(page, "Your voice is ready")
    press(page, "Your voices")
    at(page, "Your voices")


def test_a_voice_is_kept_locked_exported_and_deleted(visitor: Visitor, tmp_path: Path) -> None:
    visit = visitor(asked=RECORDING)
    page = visit.page
    make_voice(visit)
    accessible(page)

    press(page, "More")
    at(page, "Anna")
    accessible(page)
    page.get_by_label("Name", exact=True).fill("Anna at home")
    press(page, "Save")
    at(page, "Anna at home")
    press(page, "Back to your voices")

    press(page, "Passphrase")
    at(page, "A passphrase for your voices")
    accessible(page)
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    press(page, "Set the passphrase")
    at(page, "Your voices")

    visit.open()  # as on another day
    expect(page.get_by_role("heading", level=1, name="Your voices are locked")).to_be_visible()
    accessible(page)
    page.get_by_label("Passphrase").fill("wrong horse")
    press(page, "Unlock")
    expect(page.locator(".alarm")).to_contain_text("That is not the passphrase", timeout=UNSEALING_MS)
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(page, "Unlock")
    at(page, "Your voices")

    file = tmp_path / "anna.ownvoice"
    export(page, file)
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    press(page, "More")
    press(page, "Delete")
    press(page, "Delete for good")
    at(page, "Anything you write, in your own voice.")
    held = stored(page)
    assert "Anna" not in held["content"] and len(held["content"]) < 2_000  # the lock alone

    assert visit.elsewhere == []


def export(page: Page, file: Path) -> None:
    press(page, "Export all")
    at(page, "Export to a file")
    accessible(page)
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    with page.expect_download() as download:
        press(page, "Save the file")
    download.value.save_as(file)
    assert re.fullmatch(r"[\w-]+\.ownvoice", download.value.suggested_filename)
    at(page, "Your voices")


def test_a_recording_of_other_sentences_makes_no_voice(visitor: Visitor) -> None:
    visit = visitor()
    visit.page.set_default_timeout(60_000)
    visit.open()
    press(visit.page, "Make my voice")
    read_aloud(visit, "Anna")
    expect(visit.page.locator(".alarm")).to_contain_text("Not all of the text was heard", timeout=MAKING_MS)
    assert "ownvoice-library" not in json.dumps(stored(visit.page)["content"])


@pytest.mark.parametrize(
    ("locale", "terms", "privacy"), [("en-US", "Terms", "Privacy"), ("de-DE", "Nutzungsbedingungen", "Datenschutz")]
)
def test_terms_and_privacy_can_be_read(visitor: Visitor, locale: str, terms: str, privacy: str) -> None:
    visit = visitor(locale=locale)
    page = visit.page
    page.set_default_timeout(60_000)
    visit.open()
    press(page, terms)
    at(page, terms)
    expect(page.get_by_text("50", exact=False).first).to_be_visible()
    accessible(page)
    press(page, {"en-US": "Back", "de-DE": "Zurück"}[locale])
    press(page, privacy)
    at(page, privacy)
    accessible(page)
