"""What a file or a pasted text is taken for."""

from __future__ import annotations

import pytest

from frontend.studio.line import Cue, ScriptError
from frontend.studio.reading import decoded, read

SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello.\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.500\n<v Anna>Hello.\n"


@pytest.mark.parametrize("name", ["", "film.srt"])
def test_subtitles_are_known_by_content_or_name(name: str) -> None:
    assert read("\ufeff" + SRT, name)[0].cue == Cue(1.0, 2.5)
    assert read(VTT, name.replace("srt", "vtt"))[0].speaker == "Anna"


def test_ssml_markdown_and_text() -> None:
    assert read("<speak>Hello <break/> there.</speak>")[1].pause_before == 0.4
    assert [line.text for line in read("# Title\n\nSome *text*.", "a.md")] == ["Title", "Some text."]
    assert [line.speaker for line in read("ANNA: Hi.\nBEN: Hello.", "a.txt")] == ["ANNA", "BEN"]
    with pytest.raises(ScriptError, match="malformed-ssml"):
        read("Hello", "a.ssml")


def test_text_in_the_encodings_that_files_come_in() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        assert decoded("Grüße".encode(encoding)) == "Grüße"
    for content in (b"\x00\x01\x02", b"\x81\x8d\x90", b"\xff\xfe\x00"):
        with pytest.raises(ScriptError, match="not-text"):
            decoded(content)
