"""Checking a file in the page: marked, unmarked, worn down, signed and altered, sound and video; in both languages."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Page, expect

from frontend.manifest_store import find_store
from server.marking import MarkingModel, mark
from steps.layout import MODELS
from tests import marked
from tests.browser.conftest import Visitor
from tests.browser.test_speak_for_everyone import inspect
from tests.recordings import DATA
from tests.server.listening import credentials_in

EXAMINING_MS = 120_000
ANSWER = ".notice.found"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files as a person may have them."""
    folder = tmp_path_factory.mktemp("files")
    credentials, model = credentials_in(folder), MarkingModel(MODELS)
    whole = mark(model, marked.voice(4), marked.RATE)
    signed = marked.signed_file(whole, "wav", credentials)
    padding = signed.find(find_store(signed) or b"\0") + 3_000  # where neither a signature nor a hash looks
    altered = bytearray(signed)
    altered[padding] ^= 1
    partly = io.BytesIO()
    soundfile.write(partly, marked.partly_marked(model, 3), marked.RATE, format="FLAC")
    worn = io.BytesIO()
    soundfile.write(worn, marked.worn_down(model), marked.RATE, format="WAV")
    made = {
        "signed.wav": signed,
        "altered.wav": bytes(altered),
        "signed.mp3": marked.signed_file(whole, "mp3", credentials),
        "film.mp4": credentials.sign(marked.film(whole), "video/mp4"),
        "partly.flac": partly.getvalue(),
        "worn.wav": worn.getvalue(),
        "recording.flac": (DATA / "5639-40744-0013.flac").read_bytes(),
        "text.wav": b"no sound at all",
    }
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


def check(page: Page, path: Path, button: str = "Choose a file") -> str:
    """What the page says of a file."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(path)
    expect(page.locator(ANSWER)).to_contain_text(path.name, timeout=EXAMINING_MS)
    return page.locator(ANSWER).inner_text()


def test_the_page_tells_what_a_file_is(visitor: Visitor, folder: Path) -> None:
    visit = visitor(reduced_motion="reduce")
    visit.open()
    page = visit.page
    page.get_by_role("button", name="Check a file").click()
    expect(page.get_by_role("heading", name="Check a file")).to_be_focused()

    said = check(page, folder / "signed.wav")
    assert "Made by this app: generated speech." in said
    assert "All 4 seconds are marked." in said
    assert "Intact. Made with Ownvoice 0.1.0" in said
    assert "an algorithm made the sound" in said
    assert "certificate for development" in said
    inspect(page)

    said = check(page, folder / "altered.wav")
    assert "Made by this app" in said, "the mark is in the sound, whatever became of the file"
    assert "altered after signing" in said and "Intact" not in said

    for name in ("signed.mp3", "film.mp4"):
        said = check(page, folder / name)
        assert "Made by this app" in said and "Intact." in said, name

    said = check(page, folder / "partly.flac")
    assert "Marked: 4 of 7 seconds, 0:03 to 0:07." in said
    assert "None in this file." in said

    said = check(page, folder / "worn.wav")
    assert "A mark is there, but damaged." in said and "Made by this app:" not in said

    said = check(page, folder / "recording.flac")
    assert "No mark found." in said and "This proves nothing" in said

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(folder / "text.wav")
    expect(page.get_by_text("There is no sound in this file that can be read.").first).to_be_visible()

    page.get_by_role("button", name="Deutsch").click()
    said = check(page, folder / "partly.flac", "Datei wählen")
    assert "Gekennzeichnet: 4 von 7 Sekunden, 0:03 bis 0:07." in said

    assert visit.elsewhere == [], "the file is examined here, and nothing is asked of anyone else"
    assert [line for line in visit.complaints if "text.wav" not in line] == []
