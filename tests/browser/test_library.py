"""The voice library as a person meets it: the built app, the real server, Chromium, real voices."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pyrage
import pytest
from playwright.sync_api import Page, expect

from frontend.library.voice import Voice, from_json
from steps import archive, packages
from steps.layout import DOWNLOADS
from tests.browser import files, walk
from tests.browser.conftest import BLOCK, RECORDING, Visit, Visitor
from tests.browser.test_library_storage import stored
from tests.recordings import recordings

PASSPHRASE = "correct horse battery"
TOO_WIDE = """() => {
  const found = [];
  const look = (it) => {
    if (it.getBoundingClientRect().right > innerWidth + 0.5) found.push(it.outerHTML.slice(0, 120));
    if (getComputedStyle(it).overflowX !== "visible") return;  // what scrolls by itself may hold more
    for (const inner of [...it.children, ...(it.shadowRoot?.children ?? [])]) look(inner);
  };
  look(document.getElementById("app"));
  return document.documentElement.scrollWidth > innerWidth ? found : [];
}"""
KEEP_STREAMS = """() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => (window.stream = await open(wanted));
}"""


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def at(page: Page, title: str) -> None:
    """Wait until that page is there and its heading has the focus."""
    expect(page.get_by_role("heading", level=1, name=title)).to_be_focused()


def alarm(page: Page, text: str) -> None:
    """Wait until the page says that."""
    expect(page.locator(".alarm").filter(has_text=text)).to_be_visible()


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


def card(page: Page, name: str) -> Any:
    """The card of that voice."""
    return page.locator(".card").filter(has=page.get_by_role("heading", level=2, name=name, exact=True))


def open_voice(page: Page, name: str) -> None:
    card(page, name).get_by_role("button", name="More").click()
    at(page, name)


def save(page: Page, file: Path) -> tuple[Voice, ...]:
    """The voices in the file that the page saves, opened by another implementation of age."""
    press(page, "Save all to a file")
    at(page, "Save to a file")
    accessible(page)
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    with page.expect_download() as download:
        press(page, "Save the file")
    download.value.save_as(file)
    assert re.fullmatch(r"[\w-]+\.ownvoice", download.value.suggested_filename)
    at(page, "Your voices")
    return opened(file)


def opened(file: Path) -> tuple[Voice, ...]:
    content = json.loads(pyrage.passphrase.decrypt(file.read_bytes(), PASSPHRASE))
    return tuple(from_json(voice, None) for voice in content["voices"])


def erase(page: Page) -> None:
    press(page, "Delete everything")
    at(page, "Delete everything?")
    press(page, "Delete everything")
    at(page, "Anything you write, in your own voice.")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with Anna, who is the woman of the recordings, and Ben, the man."""
    return files.write(tmp_path_factory.mktemp("voices") / "two.ownvoice", files.voices(Anna=[1], Ben=[2]))


def enter(visit: Visit, file: Path) -> Page:
    """The app with those voices in it."""
    visit.open()
    walk.bring(visit.page, file)
    return visit.page


def test_saved_deleted_and_brought_in_again_it_is_the_same_voice_bit_for_bit(
    visitor: Visitor, two: Path, tmp_path: Path
) -> None:
    visit = visitor()
    page = enter(visit, two)
    first = save(page, tmp_path / "first.ownvoice")
    assert [voice.name for voice in first] == ["Anna", "Ben"]
    content = (tmp_path / "first.ownvoice").read_bytes()

    open_voice(page, "Ben")
    press(page, "Delete")
    press(page, "Delete for good")
    at(page, "Your voices")
    expect(card(page, "Ben")).to_have_count(0)

    press(page, "Bring in a voice file")
    at(page, "Bring in a voice file")
    accessible(page)
    before = stored(page)
    refused = {
        "wrong": (content, "another passphrase", "The passphrase is wrong"),
        "changed": (content[:-40] + bytes([content[-40] ^ 1]) + content[-39:], PASSPHRASE, "The file is damaged"),
        "short": (content[: len(content) // 2], PASSPHRASE, "The file is damaged"),
        "foreign": (b"%PDF-1.7 and so on", PASSPHRASE, "This is not a file of Ownvoice"),
        "note": (pyrage.passphrase.encrypt(b'{"to": "do"}', PASSPHRASE), PASSPHRASE, "This is not a file of Ownvoice"),
        "newer": (
            pyrage.passphrase.encrypt(b'{"ownvoice": 2, "voices": []}', PASSPHRASE),
            PASSPHRASE,
            "made by a newer version",
        ),
    }
    for name, (spoilt, passphrase, said) in refused.items():
        file = tmp_path / f"{name}.ownvoice"
        file.write_bytes(spoilt)
        walk.choose(page, file, passphrase)
        alarm(page, said)
    assert stored(page) == before
    page.context.route("**/age-encryption/**", lambda route: route.abort())
    walk.choose(page, tmp_path / "first.ownvoice", PASSPHRASE)
    alarm(page, "could not be fetched")  # which is not to be called a damaged file
    assert stored(page) == before
    page.context.unroute_all()
    press(page, "Bring in")
    at(page, "Your voices")
    assert save(page, tmp_path / "second.ownvoice") == first

    page.context.set_offline(True)
    erase(page)
    held = stored(page)
    assert held == {"names": [], "content": ""}
    assert visit.elsewhere == []


def test_what_one_tab_does_the_other_follows_and_a_passphrase_locks_both(visitor: Visitor, two: Path) -> None:
    visit = visitor()
    page = enter(visit, two)
    other = Visit(page.context.new_page(), visit.address)
    other.open()
    open_voice(page, "Anna")
    accessible(page)
    page.get_by_label("Name", exact=True).fill("Anna at home")
    press(page, "Save")
    at(page, "Anna at home")
    expect(card(other.page, "Anna at home")).to_be_visible()
    open_voice(other.page, "Anna at home")
    press(page, "Delete")
    press(page, "Delete for good")
    at(page, "Your voices")
    expect(other.page.get_by_role("heading", level=1, name="Your voices")).to_be_visible()
    expect(card(other.page, "Anna at home")).to_have_count(0)

    press(page, "Passphrase")
    at(page, "A passphrase for your voices")
    accessible(page)
    page.get_by_label("New passphrase").fill(PASSPHRASE)
    page.get_by_label("The same once more").fill(PASSPHRASE)
    press(page, "Set the passphrase")
    at(page, "Your voices")
    expect(other.page.get_by_role("heading", level=1, name="Your voices are locked")).to_be_visible()
    accessible(other.page)
    other.page.get_by_label("Passphrase").fill("wrong horse")
    press(other.page, "Unlock")
    alarm(other.page, "That is not the passphrase")
    other.page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(other.page, "Unlock")
    expect(card(other.page, "Ben")).to_be_visible()
    other.page.close()

    # Closed in the middle of a save: the old voice or the new one, and nothing in between.
    open_voice(page, "Ben")
    page.get_by_label("Name", exact=True).fill("Benjamin")
    press(page, "Save")
    visit.open()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    press(page, "Unlock")
    expect(card(page, "Ben").or_(card(page, "Benjamin"))).to_have_count(1)
    expect(page.locator(".alarm:visible")).to_have_count(0)
    press(page, "Lock")
    at(page, "Your voices are locked")


def test_reading_aloud_finds_the_same_person_and_improves_a_voice(visitor: Visitor, two: Path) -> None:
    visit = visitor(asked=RECORDING)
    page = enter(visit, two)
    press(page, "Make another voice")
    read_aloud(page, "This is your voice")
    expect(page.get_by_text("This sounds like “Anna”")).to_be_visible()
    press(page, "Keep it and try it")
    at(page, "Your voice is ready")
    press(page, "Your voices")
    at(page, "Your voices")
    accessible(page)

    open_voice(page, walk.NAME)
    for name, said in (("Anna", "like the same person"), ("Ben", "like different people")):
        page.get_by_label("Compare with").select_option(name)
        expect(page.locator("#app").get_by_text(said)).to_be_visible()
    press(page, "Read once more")
    read_aloud(page, walk.NAME)
    expect(page.get_by_text("2 readings")).to_be_visible()
    press(page, "Take back the last reading")
    expect(page.get_by_text("1 reading")).to_be_visible()


def read_aloud(page: Page, title: str) -> None:
    """From consent to the page of that title, which shows what the recording was made into."""
    read = recordings()[0]
    at(page, "First, your consent")
    page.get_by_label("Your name").fill(walk.NAME)
    page.get_by_role("checkbox").check()
    press(page, "Continue")
    walk.record(page, read)
    press(page, "Make my voice")
    walk.await_made(page, read, page.get_by_role("heading", level=1, name=title))
    at(page, title)


def test_a_sample_is_heard_from_its_card_and_says_when_it_cannot_be(visitor: Visitor, two: Path) -> None:
    page = enter(visitor(), two)
    page.context.set_offline(True)
    card(page, "Ben").get_by_role("button", name="Listen").click()
    alarm(page, "The server that speaks cannot be reached")
    page.context.set_offline(False)
    for _ in range(2):  # the second time nothing is asked of the server
        card(page, "Ben").get_by_role("button", name="Listen").click()
        expect(card(page, "Ben").get_by_role("button", name="Stop")).to_be_visible()
        expect(card(page, "Ben").get_by_role("button", name="Listen")).to_be_visible()
        expect(page.get_by_text("2 requests have left this device")).to_be_visible()
    expect(page.locator(".alarm:visible")).to_have_count(0)
    expect(card(page, "Ben")).to_contain_text("not used yet")
    card(page, "Ben").get_by_role("button", name="Speak").click()
    walk.speak(page, "Good morning.")
    press(page, "Your voices")
    expect(card(page, "Ben")).to_contain_text("used once")


def test_a_browser_without_room_keeps_what_it_had(visitor: Visitor, two: Path) -> None:
    visit = visitor()
    page = visit.page
    visit.open()
    quota = {"origin": visit.address, "quotaSize": 4_000}
    browser = page.context.new_cdp_session(page)
    browser.send("Storage.overrideQuotaForOrigin", quota)
    press(page, "Bring in a voice file")
    walk.choose(page, two)
    alarm(page, "The browser has no more room")
    assert stored(page)["content"].count("\n") == 3  # four lists, all empty
    browser.send("Storage.overrideQuotaForOrigin", {"origin": visit.address})
    press(page, "Bring in")
    expect(card(page, "Ben")).to_be_visible()


def test_where_site_data_is_blocked_voices_last_as_long_as_the_page(
    visitor: Visitor, two: Path, tmp_path: Path
) -> None:
    visit = visitor(settings={"cookies": BLOCK})
    page = enter(visit, two)
    alarm(page, "This browser keeps nothing for this page")
    assert [voice.name for voice in save(page, tmp_path / "kept.ownvoice")] == ["Anna", "Ben"]
    visit.open()
    expect(page.locator(".card")).to_have_count(0)


def test_a_recording_of_other_sentences_makes_no_voice(visitor: Visitor) -> None:
    visit = visitor()
    visit.open()
    walk.agree(visit.page)
    walk.record(visit.page, recordings()[0])
    press(visit.page, "Make my voice")
    alarm(visit.page, "Not all of the text was heard")
    assert "ownvoice-library" not in json.dumps(stored(visit.page)["content"])


def test_a_lost_microphone_drops_the_recording_and_can_be_turned_on_again(visitor: Visitor) -> None:
    visit = visitor()
    page = visit.page
    page.add_init_script(f"({KEEP_STREAMS})()")
    visit.open()
    walk.agree(page)
    press(page, "Turn on the microphone")
    alarm(page, "The room is loud")  # the recording plays from the start
    press(page, "Measure again")
    expect(page.get_by_role("button", name="Start recording")).to_be_focused()
    press(page, "Start recording")
    page.get_by_role("button", name="Done").wait_for()
    page.evaluate("window.stream.getAudioTracks()[0].dispatchEvent(new Event('ended'))")  # as when it is unplugged
    alarm(page, "The microphone was unplugged")
    expect(page.get_by_role("button", name="Done")).to_have_count(0)
    expect(page.get_by_role("button", name="Try again")).to_be_focused()
    assert page.evaluate("window.stream.active") is False
    press(page, "Try again")
    expect(page.get_by_role("button", name="Start recording")).to_be_focused()


def test_a_denied_microphone_is_explained(visitor: Visitor) -> None:
    visit = visitor(settings={"media_stream_mic": BLOCK})
    visit.open()
    walk.agree(visit.page)
    press(visit.page, "Turn on the microphone")
    alarm(visit.page, "The browser does not let this page use the microphone")
    expect(visit.page.get_by_role("button", name="Try again")).to_be_focused()


@pytest.mark.parametrize(
    ("locale", "terms", "privacy"), [("en-US", "Terms", "Privacy"), ("de-DE", "Nutzungsbedingungen", "Datenschutz")]
)
def test_terms_and_privacy_can_be_read(visitor: Visitor, locale: str, terms: str, privacy: str) -> None:
    visit = visitor(locale=locale)
    page = visit.page
    visit.open()
    press(page, terms)
    at(page, terms)
    expect(page.get_by_text("50", exact=False).first).to_be_visible()
    accessible(page)
    press(page, {"en-US": "Back", "de-DE": "Zurück"}[locale])
    press(page, privacy)
    at(page, privacy)
    accessible(page)
