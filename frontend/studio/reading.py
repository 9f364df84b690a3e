"""A script of any kind understood here: plain text, Markdown, SubRip, WebVTT or SSML, told by name and content."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection

from frontend.studio.line import Line, ScriptError
from frontend.studio.script import read_markdown, read_text
from frontend.studio.ssml import is_ssml, read_ssml
from frontend.studio.subtitles import read_subtitles

SUFFIXES = (".txt", ".md", ".markdown", ".srt", ".vtt", ".ssml", ".xml")
SUBRIP = re.compile(r"\s*\d+[ \t]*\r?\n\s*\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->")


def decoded(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with its mark, else Windows-1252. Raises ScriptError("not-text")."""
    try:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return content.decode("utf-16")
        if b"\0" in content:
            raise ScriptError("not-text")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:  # as older subtitle files are
            return content.decode("cp1252")
    except UnicodeDecodeError:
        raise ScriptError("not-text") from None


def read(text: str, name: str = "", speakers: Collection[str] = ()) -> list[Line]:
    """The lines of a script; `name` is that of its file, if it has one. Raises ScriptError."""
    suffix = name.lower().rpartition(".")[2] if "." in name else ""
    start = text.removeprefix("\ufeff").lstrip()
    if is_ssml(start) or suffix in {"ssml", "xml"}:
        return read_ssml(text.removeprefix("\ufeff"))
    if suffix == "vtt" or start.startswith("WEBVTT"):
        return read_subtitles(text, "vtt")
    if suffix == "srt" or SUBRIP.match(start):
        return read_subtitles(text, "srt")
    return read_markdown(text, speakers) if suffix in {"md", "markdown"} else read_text(text, speakers)
