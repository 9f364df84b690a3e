"""A person's way through the app, by the names that a person or a screen reader finds on the page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import files

NAME = "Ada"
MAKING_MS = 180_000
SPEAKING_MS = 120_000


def agree(page: Page) -> None:
    """From the welcome to the page where one records."""
    page.get_by_role("button", name="Make my voice").click()
    page.get_by_label("Your name").fill(NAME)
    page.get_by_role("checkbox", name="I have read this, and I agree.").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Read this aloud")).to_be_focused()


def record(page: Page, seconds: float) -> None:
    """Record for so long, up to the page where one listens."""
    page.get_by_role("button", name="Turn on the microphone").click()
    page.get_by_role("button", name="Start recording").click()
    done = page.get_by_role("button", name="Done")
    done.wait_for(timeout=30_000)
    page.wait_for_timeout(seconds * 1_000)
    done.click()
    expect(page.get_by_role("heading", name="Are you happy with it?")).to_be_focused(timeout=20_000)


def make(page: Page) -> None:
    """Have the voice made and kept, up to the page where it speaks."""
    page.get_by_role("button", name="Make my voice").click()
    page.get_by_role("button", name="Keep it and try it").click(timeout=MAKING_MS)
    expect(page.get_by_role("heading", name="Your voice is ready")).to_be_focused(timeout=20_000)


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
