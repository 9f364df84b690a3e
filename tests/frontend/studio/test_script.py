"""Text, Markdown, subtitles and SSML become lines; nothing a person wrote is lost on the way."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.studio.line import Cue, Line, ScriptError
from frontend.studio.script import LINE_TARGET_CHARS, read_markdown, read_text
from frontend.studio.ssml import is_ssml, read_ssml
from frontend.studio.subtitles import read_subtitles, write_subtitles


def spoken(lines: list[Line]) -> list[tuple[str, str]]:
    return [(line.speaker, line.text) for line in lines]


def test_a_paragraph_is_a_line() -> None:
    assert spoken(read_text("One\ntwo.\r\n\r\n  Three. \n")) == [("", "One two."), ("", "Three.")]


def test_a_dialogue_gives_each_turn_to_its_voice() -> None:
    text = "ANNA: Good morning.\nBEN: Morning!\nSlept well?\nANNA: Yes."
    assert spoken(read_text(text)) == [("ANNA", "Good morning."), ("BEN", "Morning! Slept well?"), ("ANNA", "Yes.")]


@pytest.mark.parametrize(
    "text", ["Note: this is text.", "It is 12:30 now.", "See https://example.org/a: b", "Why: because."]
)
def test_a_colon_alone_makes_no_speaker(text: str) -> None:
    assert spoken(read_text(text)) == [("", text)]


def test_a_name_from_the_library_is_a_speaker_even_once() -> None:
    assert spoken(read_text("Anna Lena: Hello.", voices={"Anna Lena"})) == [("Anna Lena", "Hello.")]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_no_word_is_lost(text: str) -> None:
    if not text.strip():
        return
    lines = read_text(text)
    words = " ".join(f"{line.speaker}: {line.text}" if line.speaker else line.text for line in lines)
    assert "".join(words.split()) == "".join(text.removeprefix("\ufeff").split())


def test_long_paragraphs_are_cut_after_sentences() -> None:
    sentence = "This sentence is repeated until the paragraph is long. "
    lines = read_text(sentence * 50)
    assert all(len(line.text) <= LINE_TARGET_CHARS and line.text.endswith(".") for line in lines)
    assert "".join(line.text + " " for line in lines) == sentence * 50


def test_markdown_is_read_without_its_marks() -> None:
    source = "# Title\n\nSome *fine* [words](https://example.org).\n\n- first\n- second\n\n```\ncode\n```\n"
    assert [text for _, text in spoken(read_markdown(source))] == ["Title", "Some fine words.", "first", "second"]


@pytest.mark.parametrize("read", [read_text, read_markdown])
@pytest.mark.parametrize("text", ["", " \n\t"])
def test_an_empty_script_is_refused(read: object, text: str) -> None:
    with pytest.raises(ScriptError, match="empty-script"):
        read(text)  # type: ignore[operator]


SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello <i>you</i>\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\nBye\n"


def test_srt_lines_carry_their_cues() -> None:
    first, second = read_subtitles(SRT, "srt")
    assert (first.text, first.cue) == ("Hello you there", Cue(1.0, 2.5))
    assert (second.text, second.cue) == ("Bye", Cue(3.0, 4.0))


def test_vtt_voices_become_speakers() -> None:
    (line,) = read_subtitles("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>Hi there\n", "vtt")
    assert (line.speaker, line.text) == ("Anna", "Hi there")


@pytest.mark.parametrize(
    ("text", "kind", "row"),
    [
        (SRT.replace("2\n00:00:03", "x\n00:00:03"), "srt", 7),
        (SRT.replace("00:00:03,000", "00:61:03,000"), "srt", 7),
        ("no subtitles at all\n\nreally\nnone\n", "srt", 0),
        ("1\n00:00:01,000 --> 00:00:02,500\nnot VTT\n", "vtt", 0),
    ],
)
def test_a_subtitle_file_that_would_lose_a_cue_is_refused(text: str, kind: str, row: int) -> None:
    with pytest.raises(ScriptError) as caught:
        read_subtitles(text, kind)
    assert caught.value.kind == f"malformed-{kind}"
    assert caught.value.line == row


def test_a_cue_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ScriptError, match="cue-order"):
        read_subtitles(SRT.replace("00:00:02,500", "00:00:00,500"), "srt")


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_subtitles_survive_the_round_trip(kind: str) -> None:
    rows = [(Cue(0.5, 1.25), "Anna", "Hi & welcome."), (Cue(3661.001, 3662.0), "", "Later --> on <b>.")]
    lines = read_subtitles(write_subtitles(rows, kind), kind)
    assert [line.cue for line in lines] == [cue for cue, _, _ in rows]
    assert lines[0].text == "Hi & welcome."
    assert lines[0].speaker == ("Anna" if kind == "vtt" else "")
    assert lines[1].text == "Later --› on ‹b›."


def test_ssml_sets_voice_rate_pitch_and_pauses() -> None:
    lines = read_ssml(
        '<speak>Hello <sub alias="World Wide Web Consortium">W3C</sub>.<break time="500ms"/>'
        '<voice name="Anna"><prosody rate="120%" pitch="+2st">'
        'Hi <phoneme ph="təˈmɑːtoʊ">tomato</phoneme>!</prosody></voice>'
        "<p>End</p></speak>"
    )
    assert [line.text for line in lines] == ["Hello World Wide Web Consortium.", "Hi tomato!", "End"]
    assert (lines[1].speaker, lines[1].speed, lines[1].pitch, lines[1].pause_before) == ("Anna", 1.2, 2.0, 0.5)
    assert lines[1].pronunciations == {"tomato": "/təˈmɑːtoʊ/"}


@pytest.mark.parametrize(
    ("ssml", "kind"),
    [
        ("<speak><emphasis>no</emphasis></speak>", "ssml-unsupported"),
        ('<speak><prosody volume="loud">no</prosody></speak>', "ssml-unsupported"),
        ('<speak><break time="soon"/>x</speak>', "ssml-value"),
        ('<speak><prosody rate="900%">x</prosody></speak>', "out-of-range"),
        ("<speak><voice>x</voice></speak>", "ssml-missing-attribute"),
        ("<speak>a<speak>b</speak></speak>", "ssml-nesting"),
        ("<speak>" + "<p>" * 100 + "</p>" * 100 + "</speak>", "ssml-nesting"),
        ("<speak>a &amp b</speak>", "malformed-ssml"),
        ("<speak>open", "malformed-ssml"),
        ("<speak> </speak>", "empty-script"),
        ('<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>', "ssml-unsupported"),
    ],
)
def test_ssml_that_is_not_supported_is_refused_by_name(ssml: str, kind: str) -> None:
    with pytest.raises(ScriptError) as caught:
        read_ssml(ssml)
    assert caught.value.kind == kind


def test_only_a_speak_element_is_ssml() -> None:
    assert is_ssml('<?xml version="1.0"?>\n<speak>x</speak>')
    assert not is_ssml("I speak <speak>.")


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        read_text,
        read_markdown,
        read_ssml,
        lambda t: read_subtitles(t, "srt"),
        lambda t: read_subtitles(t, "vtt"),
    ):
        with suppress(ScriptError):
            read(text)
