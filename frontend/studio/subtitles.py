"""Subtitles: SubRip (SRT) and WebVTT, read into lines with cues and written from them."""

from __future__ import annotations

import io
from collections.abc import Iterable

import webvtt
from webvtt import Caption

from frontend.studio.line import Cue, Line, ScriptError

FORMATS = ("srt", "vtt")
SUBTITLES_MAX_CHARS = 2_000_000


def read_subtitles(text: str, kind: str) -> list[Line]:
    """Lines of a subtitle file of `kind` ("srt" or "vtt"), in order of their cues.

    The parser skips cues that it can't read; losing what a person wrote is no option here, so a file in which
    one is skipped is refused. Raises ScriptError with the line in the file where that is known.
    """
    if len(text) > SUBTITLES_MAX_CHARS:
        raise ScriptError("script-too-long", detail=str(SUBTITLES_MAX_CHARS))
    source = text.removeprefix("\ufeff").lstrip()
    if not source:
        raise ScriptError("empty-script")
    try:
        captions = webvtt.WebVTT.from_buffer(io.StringIO(source), format=kind).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise ScriptError(f"malformed-{kind}", detail=str(error)) from None
    spoken = [caption for caption in captions if caption.text.strip()]
    if not spoken:
        raise ScriptError("empty-script")
    _check_that_nothing_was_skipped(text.splitlines(), spoken, kind)
    lines = [
        Line(
            " ".join(caption.text.split()),
            speaker=(caption.voice or "") if kind == "vtt" else "",
            cue=_cue(caption),
        )
        for caption in spoken
    ]
    return sorted(lines, key=lambda line: line.cue.start if line.cue else 0.0)


def _cue(caption: Caption) -> Cue:
    return Cue(caption.start_time.in_milliseconds() / 1000, caption.end_time.in_milliseconds() / 1000)


def _check_that_nothing_was_skipped(rows: list[str], spoken: list[Caption], kind: str) -> None:
    """Each timing row that text follows is a caption of its own, in the same order."""
    timed = [
        (number, row)
        for number, row in enumerate(rows, 1)
        if "-->" in row and "".join(rows[number : number + 1]).strip()
    ]
    for index, (number, row) in enumerate(timed):
        try:
            read = webvtt.models.Timestamp.from_string(row.split("-->")[0].strip().replace(",", "."))
        except webvtt.errors.MalformedCaptionError:
            read = None
        if read is None or index >= len(spoken) or spoken[index].start_time != read:
            raise ScriptError(f"malformed-{kind}", line=number, detail=row.strip())


def write_subtitles(lines: Iterable[tuple[Cue, str, str]], kind: str) -> str:
    """A subtitle file of `kind` from (cue, speaker, text); WebVTT carries the speaker as a voice span."""
    if kind not in FORMATS:
        raise ValueError(kind)
    captions = [
        Caption(
            str(webvtt.models.Timestamp.from_seconds(cue.start)),
            str(webvtt.models.Timestamp.from_seconds(cue.end)),
            f"<v {speaker}>{_escaped(text)}" if speaker and kind == "vtt" else _escaped(text),
        )
        for cue, speaker, text in lines
    ]
    out = io.StringIO()
    webvtt.WebVTT(captions=captions).write(out, format=kind)
    return out.getvalue() + "\n"


def _escaped(text: str) -> str:
    """Cue text holds no markup of ours and no arrow that a parser would take for timings."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())
