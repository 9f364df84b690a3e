"""A person's way through the app, by the names that a person or a screen reader finds on the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser import files
from tests.recordings import Recording

NAME = "Ada"
TURNS = 2.5  # of a recording that the microphone plays again and again: one of them whole, wherever it begins
READINGS = 3  # on a machine too busy for it, the browser's microphone loses sound: then one reads again, as people do
MAKING_MS = 180_000
SPEAKING_MS = 120_000


def agree(page: Page) -> None:
    """From the welcome to the page where one records."""
    page.get_by_role("button", name="Make my voice").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_role("checkbox", name="I have read this, and I agree.").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Read this aloud")).to_be_focused()


def record(page: Page, reading: Recording) -> None:
    """Turn on the microphone, which plays that, and read, up to the page where one listens."""
    page.get_by_role("button", name="Turn on the microphone").click()
    read(page, reading)


def read(page: Page, reading: Recording) -> None:
    """Record with the microphone on, up to the page where one listens."""
    page.get_by_role("button", name="Start recording").click()
    done = page.get_by_role("button", name="Done")
    done.wait_for()
    listen(page, reading)
    done.click()
    expect(page.get_by_role("heading", name="Are you happy with it?")).to_be_focused()


def listen(page: Page, reading: Recording) -> None:
    """Wait while the reading is recorded."""
    page.wait_for_timeout(TURNS * reading.seconds * 1_000)


def await_made(page: Page, reading: Recording, made: Locator) -> None:
    """Wait for `made`, which is seen once something is made of the recording; where that is refused, read it again."""
    refused = page.locator(".alarm").filter(visible=True)
    for left in reversed(range(READINGS)):
        expect(made.or_(refused).first).to_be_visible(timeout=MAKING_MS)
        if made.is_visible():
            return
        assert left, refused.all_inner_texts()
        page.get_by_role("button", name="Read it again").click()
        record(page, reading)
        page.get_by_role("button", name="Make my voice").click()


def make(page: Page, reading: Recording) -> None:
    """Have the voice made of the recording and kept, up to the page where it speaks."""
    page.get_by_role("button", name="Make my voice").click()
    keep = page.get_by_role("button", name="Keep it and try it")
    await_made(page, reading, keep)
    keep.click()
    expect(page.get_by_role("heading", name="Your voice is ready")).to_be_focused()


def choose(page: Page, file: Path, passphrase: str = files.PASSPHRASE) -> None:
    """Offer a file on the page that brings voices in."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    expect(page.get_by_text(file.name)).to_be_visible()
    page.get_by_label("Passphrase of the file").fill(passphrase)
    page.get_by_role("button", name="Bring in", exact=True).click()


def bring(page: Page, file: Path, passphrase: str = files.PASSPHRASE) -> None:
    """Bring in the voices of a file, up to the library: the quick way, for what is not about recording."""
    page.get_by_role("button", name="Bring in a voice file").click()
    choose(page, file, passphrase)
    expect(page.get_by_role("heading", level=1, name="Your voices")).to_be_focused()


def speak(page: Page, text: str) -> None:
    """Have it say something, to the end."""
    page.get_by_label("What should your voice say?").fill(text)
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("button", name="Play again")).to_be_enabled(timeout=SPEAKING_MS)


def download(page: Page, folder: Path) -> bytes:
    """The WAV file behind the button."""
    with page.expect_download() as offered:
        page.get_by_role("button", name="Download").click()
    path = folder / offered.value.suggested_filename
    offered.value.save_as(path)
    return path.read_bytes()
