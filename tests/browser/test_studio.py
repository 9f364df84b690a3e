"""The studio as a person meets it: a dialogue written, spoken, changed, placed, lost and found again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import files, walk
from tests.browser.conftest import Visitor
from tests.browser.test_library import accessible, at, press

SCRIPT = """ANNA: Good morning.

BEN: Good morning to you.

ANNA: Shall we begin?

CLARA: Yes, please."""
SRT = "1\n00:00:00,500 --> 00:00:01,000\nThis is far too long a sentence.\n\n2\n00:00:01,200 --> 00:00:09,000\nShort.\n"
SPEECH = "**/v1/audio/speech"


class Requests:
    """What the server was asked to say, and whether it is there."""

    def __init__(self, page: Page) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.away_from = 1_000_000
        page.context.route(SPEECH, self._answer)

    @property
    def texts(self) -> list[str]:
        return [body["input"] for body in self.bodies]

    def _answer(self, route: Route) -> None:
        if len(self.bodies) >= self.away_from:
            route.abort("connectionrefused")
            return
        self.bodies.append(json.loads(route.request.post_data or ""))
        route.continue_()


def spoken(page: Page) -> None:
    """Wait until every line has its take."""
    expect(page.get_by_role("button", name="All lines are spoken")).to_be_visible(timeout=walk.SPEAKING_MS)


def clip(page: Page, number: int) -> Locator:
    return page.get_by_role("slider", name=re.compile(rf"^{number} · "))


def start(page: Page, number: int) -> float:
    """Where the clip of a line starts, in seconds."""
    return float(clip(page, number).get_attribute("aria-valuenow") or "nan")


def moves_to(page: Page, number: int, seconds: float) -> None:
    expect(clip(page, number)).to_have_attribute("aria-valuenow", f"{seconds:.2f}")


def open_file(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        press(page, "Open a file")
    chooser.value.set_files(path)


def test_a_dialogue_is_written_spoken_placed_and_kept(visitor: Visitor, tmp_path: Path) -> None:
    visit = visitor(accept_downloads=True, service_workers="block")
    page = visit.page
    visit.open()
    walk.bring(page, files.write(tmp_path / "two.ownvoice", files.voices(Anna=[0], Ben=[2])))
    press(page, "Studio")
    at(page, "Studio")
    requests = Requests(page)

    page.get_by_label("Your script").fill("<speak>Hello\n<audio/></speak>")
    press(page, "Use this script")
    expect(page.locator(".alarm", has_text="Line 2: <audio> is not supported")).to_be_visible()
    page.get_by_label("Your script").fill(SCRIPT)
    accessible(page)
    press(page, "Use this script")

    # Anna and Ben are found by their names; nobody steps in for Clara.
    expect(page.get_by_label("Voice of ANNA").locator("option:checked")).to_have_text("Anna")
    expect(page.locator(".alarm", has_text="Choose who speaks: CLARA.")).to_be_visible()
    press(page, "Speak all lines")
    expect(page.get_by_label("Voice of CLARA")).to_be_focused()
    page.get_by_label("Voice of CLARA").select_option("Ben")

    # The server goes away after two lines; they are kept, and it goes on with the third.
    requests.away_from = 2
    press(page, "Speak all lines")
    expect(page.locator(".alarm", has_text="The server cannot be reached. It went as far as line 3")).to_be_visible()
    requests.away_from = 1_000_000
    press(page, "Continue now")
    spoken(page)
    assert requests.texts == ["Good morning.", "Good morning to you.", "Shall we begin?", "Yes, please."]
    voices = [body["voice"]["embedding"] for body in requests.bodies]
    assert voices[0] == voices[2] != voices[1] == voices[3]

    # One line is changed; that one alone is asked for again, with all that was set.
    press(page, "Change line 3")
    page.get_by_label("Text", exact=True).fill("Shall we begin with Ahm?")
    page.get_by_label("Pitch").select_option("+2 semitones")
    page.get_by_label("Emphasis").select_option("Strong")
    page.get_by_label("Word", exact=True).fill("Ahm")
    page.get_by_label("Say it like").fill("/ɑːm/")
    press(page, "Remember")
    accessible(page)
    press(page, "Speak the line that is missing")
    spoken(page)
    asked = requests.bodies[4]
    assert (asked["input"], asked["pronunciations"], asked["seed"]) == ("Shall we begin with Ahm?", {"Ahm": "/ɑːm/"}, 0)
    pitch = [requests.bodies[n]["voice"]["prosody"]["f0_median_hz"] for n in (0, 4)]
    assert abs(pitch[1] / pitch[0] - 2 ** (2 / 12)) < 1e-6 and asked["speed"] < 1
    press(page, "Another take")
    expect(page.get_by_role("button", name="Stop line 3")).to_be_visible()
    spoken(page)
    assert (len(requests.bodies), requests.bodies[5]["seed"]) == (6, 1)
    press(page, "Take before")  # is still there
    spoken(page)
    press(page, "Close line 3")

    # On the timeline, clips are moved with the keyboard; what overlaps is mended; undo and redo.
    second = start(page, 2)
    clip(page, 2).press("Shift+ArrowRight")
    moves_to(page, 2, second + 1)
    clip(page, 2).press("ArrowLeft")
    moves_to(page, 2, second + 0.9)
    expect(clip(page, 2)).to_be_focused()
    clip(page, 2).press("Control+z")
    moves_to(page, 2, second + 1)
    press(page, "Undo")
    moves_to(page, 2, second)
    press(page, "Redo")
    moves_to(page, 2, second + 1)
    clip(page, 2).press("Shift+ArrowLeft")
    moves_to(page, 2, second)
    clip(page, 2).press("Shift+ArrowLeft")
    moves_to(page, 2, max(0.0, second - 1))
    expect(page.locator(".alarm", has_text="sound at once")).to_be_visible()
    press(page, "Move apart")
    expect(page.locator(".alarm", has_text="sound at once")).not_to_be_visible()
    expect(clip(page, 2)).not_to_have_attribute("aria-valuenow", "0.00")
    placed = [start(page, number) for number in (1, 2, 3, 4)]
    press(page, "Play")
    expect(page.get_by_role("slider", name="Position")).not_to_have_attribute("aria-valuenow", re.compile(r"^0\.\d$"))
    press(page, "Stop")
    accessible(page)

    # The project is saved and opened again: the same lines in the same places, and nothing to speak.
    with page.expect_download() as download:
        press(page, "Save the project")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    held = json.loads(file.read_bytes())
    assert held["voices"]["CLARA"] == "Ben" and "embedding" not in file.read_text("utf-8")
    press(page, "Edit as text")
    page.get_by_label("Your script").fill("Something else.")
    press(page, "Use this script")
    expect(clip(page, 1)).not_to_be_visible()
    open_file(page, file)
    spoken(page)
    assert [start(page, number) for number in (1, 2, 3, 4)] == placed
    assert len(requests.bodies) == 6

    # In German, on a phone.
    press(page, "Deutsch")
    expect(page.get_by_role("button", name="Alle Zeilen sind gesprochen")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 740})
    page.set_viewport_size({"width": 360, "height": 740})
    accessible(page)
    press(page, "English")

    # Subtitles: the line that is too long for its cue is spoken faster, or told how much to cut.
    subtitles = tmp_path / "film.srt"
    subtitles.write_text(SRT, "utf-8")
    open_file(page, subtitles)
    expect(page.get_by_label("Voice of Narrator")).to_be_visible()
    page.get_by_label("Voice of Narrator").select_option("Anna")
    press(page, "Speak all lines")
    spoken(page)
    moves_to(page, 1, 0.5)
    moves_to(page, 2, 1.2)
    press(page, "Fit into cues")
    press(page, "Speak the line that is missing")
    spoken(page)
    assert requests.bodies[-1]["speed"] == 1.3
    expect(page.get_by_text(re.compile(r"too long for its cue.*cut about \d\d % of the text"))).to_be_visible()

    # With a pointer, clips are dragged: the second takes the end of its cue, which is near.
    clip(page, 2).hover()
    page.mouse.down()
    box = clip(page, 2).bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    page.mouse.move(x + 40 * (9.0 - 1.2) + 2, y, steps=4)  # 40 pixels a second
    page.mouse.up()
    moves_to(page, 2, 9.0)
    assert visit.elsewhere == []
    known = ("ERR_CONNECTION_REFUSED", "Preload assets timed out")  # the server that was away; axe's own
    assert [it for it in visit.complaints if not any(words in it for words in known)] == []
