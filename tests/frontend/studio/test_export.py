"""What an export is made of: clips as they sound, texts with the times of what is heard, names, the archive."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from frontend.audio import Samples
from frontend.studio import effects, export

RATE = 22_050


def speech(seconds: float, silence: float) -> Samples:
    """Noise with as much silence before and after it."""
    quiet = np.zeros(round(silence * RATE), np.float32)
    noise = (0.1 * np.random.default_rng(0).standard_normal(round(seconds * RATE))).astype(np.float32)
    return np.concatenate([quiet, noise, quiet])


def spoken(start: float, samples: Samples, text: str = "One.", speaker: str = "") -> export.Spoken:
    return export.Spoken(start, lambda: samples, len(samples), text, speaker)


@pytest.mark.parametrize("effect", ["", *effects.EFFECTS])
@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_a_clip_is_as_long_as_it_says(effect: str, rate: int) -> None:
    (clip,) = export.clips([spoken(1.5, speech(0.7, 0.1))], effect, RATE, rate)
    assert clip.first == round(1.5 * rate)
    assert len(clip.samples()) == clip.count


def test_a_clip_is_made_once_while_it_is_heard() -> None:
    asked = []

    def make() -> Samples:
        asked.append(1)
        return speech(0.5, 0)

    (clip,) = export.clips([export.Spoken(0, make, round(0.5 * RATE), "", "")], "", RATE, 48_000)
    np.testing.assert_array_equal(clip.samples(), clip.samples())
    assert len(asked) == 1


def test_cues_begin_and_end_with_what_is_heard() -> None:
    lines = [spoken(2.0, speech(1.0, 0.3), "One."), spoken(5.0, speech(0.5, 0.2), "Two.", "Ada")]
    (first, _, one), (second, speaker, two) = export.cues(lines, RATE)
    assert (one, two, speaker) == ("One.", "Two.", "Ada")
    assert [first.start, first.end] == pytest.approx([2.3, 3.3], abs=0.021)
    assert [second.start, second.end] == pytest.approx([5.2, 5.7], abs=0.021)


def test_a_line_of_silence_has_a_cue_all_the_same() -> None:
    ((cue, _, _),) = export.cues([spoken(1.0, np.zeros(RATE, np.float32))], RATE)
    assert cue.start == 1.0 < cue.end


def test_the_own_sound_is_ducked_once_over_speech_that_is_close_together() -> None:
    curve = export.own_gain([(3.0, 4.0), (1.0, 2.8), (9.0, 10.0)], "duck", -20.0)
    assert [round(second, 3) for second, _ in curve] == [0, 0.75, 1, 4, 4.25, 8.75, 9, 10, 10.25]
    assert [gain for _, gain in curve] == pytest.approx([1, 1, 0.1, 0.1, 1, 1, 0.1, 0.1, 1])
    assert export.own_gain([(1.0, 2.0)], "replace", -20.0) == [(0.0, 0.0)]
    assert export.own_gain([(1.0, 2.0)], "keep", -20.0) == [(0.0, 1.0)]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        ("Holiday", 0, "Holiday (AI-generated).mp3"),
        ("a/b\\c:\0?", 7, "007 a b c (AI-generated).mp3"),
        (" .. ", 0, "ownvoice (AI-generated).mp3"),
        ("x" * 300, 0, "x" * export.NAME_MAX_CHARS + " (AI-generated).mp3"),
    ],
)
def test_a_name_is_safe_and_says_what_the_file_is(title: str, number: int, name: str) -> None:
    assert export.file_name(title, "AI-generated", ".mp3", number) == name


def test_an_archive_holds_its_files() -> None:
    files = [("001 Grüße.mp3", b"one"), ("002.mp3", b"two")]
    with zipfile.ZipFile(io.BytesIO(export.archive(files))) as packed:
        assert [(name, packed.read(name)) for name in packed.namelist()] == files
