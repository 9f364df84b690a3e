"""A project's state, its file, and the studio that holds them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from frontend.studio.line import Cue, Line
from frontend.studio.project import Cast, Mix, Project, Video
from frontend.studio.project_file import ProjectRefused, read_project, write_project
from frontend.studio.script import read_text
from frontend.studio.studio import Studio
from tests.frontend.library.doubles import voice

FULL = Project(
    (
        Line("Hello there.", "ANNA", 1.1, -2.0, 0.5, 0.25, {"there": "/ðɛə/"}, 3, None, "strong", 2.5),
        Line("Welcome to us.", cue=Cue(4.0, 6.0)),
    ),
    {"ANNA": Cast("Anna at home", "a" * 32)},
    {"GIF": "jiff"},
    Mix("room", -23.0, "replace"),
    Video("holiday.mp4", 12.5),
)


def test_a_project_comes_back_from_its_file_with_the_name_of_a_voice_alone() -> None:
    file = write_project(FULL)
    assert read_project(file) == FULL.replace(voices={"ANNA": Cast("Anna at home")})
    assert b"aaaa" not in file and b"embedding" not in file


@pytest.mark.parametrize(
    ("spoil", "kind", "detail"),
    [
        (lambda it: it.update(ownvoice_project=2), "newer", "2"),
        (lambda it: it.pop("ownvoice_project"), "foreign", ""),
        (lambda it: it["lines"][0].update(speed=9), "invalid", "lines.0: out-of-range speed=9"),
        (lambda it: it["lines"][1].update(text=" "), "invalid", "lines.1: empty-line"),
        (lambda it: it["lines"][1].update(cue=[6, 4]), "invalid", "lines.1: cue-order 6 --> 4"),
        (lambda it: it["lines"][0].update(embedding="AAAA"), "invalid", "lines.0"),
        (lambda it: it["mix"].update(effect="phaser"), "invalid", "mix.effect"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_whole(spoil, kind: str, detail: str) -> None:  # type: ignore[no-untyped-def]
    content = json.loads(write_project(FULL))
    spoil(content)
    with pytest.raises(ProjectRefused) as refused:
        read_project(json.dumps(content).encode())
    assert (refused.value.kind, refused.value.detail) == (kind, detail)


@pytest.mark.parametrize("file", [b"", b"\xff\xfe", b"[]", b"not JSON", b"[" * 100_000, b'{"ownvoice_project": "1"}'])
def test_another_file_is_none_of_ours(file: bytes) -> None:
    with pytest.raises(ProjectRefused, match="foreign"):
        read_project(file)


def test_the_script_as_text_reads_back_and_keeps_what_was_set() -> None:
    text = FULL.script().replace("Welcome to", "Welcome back to") + "\n\nANNA: One more."
    changed = FULL.rewritten(read_text(text, FULL.speakers))
    assert changed.lines[0] == FULL.lines[0]
    assert changed.lines[1] == FULL.lines[1].replace(text="Welcome back to us.")
    assert changed.lines[2] == Line("One more.", "ANNA")


def test_a_line_is_asked_for_with_the_words_of_the_dictionary_that_it_holds() -> None:
    project = Project((Line("A gif of gifts.", emphasis="moderate"),), dictionary={"GIF": "jiff", "gift": "present"})
    assert project.spoken(0).pronunciations == {"GIF": "jiff"}
    assert project.spoken(0).speed == pytest.approx(0.94)


def test_a_voice_that_is_not_there_is_asked_for() -> None:
    anna, ben = voice(0, "Anna"), voice(1, "Ben")
    library = [anna, ben]
    studio = Studio(lambda: library)
    studio.change(Project((Line("Hi.", "ANNA"), Line("Hello.", "Carla"), Line("Narrated."))))
    assert (studio.voice("ANNA"), studio.voice("Carla"), studio.voice("")) == (anna, None, None)
    assert studio.unvoiced() == ("Carla", "")
    studio.give("Carla", ben)
    studio.give("", anna)
    assert studio.unvoiced() == ()
    library.remove(ben)
    assert studio.unvoiced() == ("Carla",)
    studio.change(read_project(write_project(studio.project)))
    assert (studio.voice(""), studio.voice("Carla")) == (anna, None)


def test_what_is_placed_follows_the_takes_and_the_pins() -> None:
    studio = Studio(lambda: [voice(0, "Anna")])
    studio.change(Project((Line("One."), Line("Two.", pause_before=0.5), Line("Three."))))
    for number in (0, 1):
        samples = np.full(studio.rate, 0.25, np.float32)
        studio.takes.put(studio.key(number), samples)
    assert [(it.number, it.start) for it in studio.placed()] == [(0, 0.0), (1, 1.5)]
    window = studio.window(0.75, 1.0)
    assert len(window) == studio.rate and list(window[[0, studio.rate // 2, -1]]) == [0.25, 0.0, 0.25]
    studio.change(studio.project.placed(studio.timeline().moved(0, 4.0), [0]))
    assert [(it.number, it.start) for it in studio.placed()] == [(0, 4.0), (1, 5.5)]
    studio.undo()
    assert [it.start for it in studio.placed()] == [0.0, 1.5]


def test_a_script_is_unsaved_until_it_is_written_and_again_once_it_changes() -> None:
    studio = Studio(list)
    found = [studio.unsaved]
    studio.change(FULL)
    found.append(studio.unsaved)
    studio.saved = studio.project
    found.append(studio.unsaved)
    studio.change(FULL.with_line(0, take=4))
    found.append(studio.unsaved)
    studio.undo()
    found.append(studio.unsaved)
    assert found == [False, True, False, True, False]
    studio.forget()
    assert studio.project == Project() and not studio.can_undo
