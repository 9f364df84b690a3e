"""Scripts: plain text, Markdown and dialogue (`NAME: …`) become lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from markdown_it import MarkdownIt

from frontend.studio.line import Line, ScriptError

SCRIPT_MAX_CHARS = 1_000_000  # a chapter of 30,000 words is about 180,000
LINE_TARGET_CHARS = 600  # longer paragraphs are cut at sentences, so that one change regenerates little

# A speaker's name: up to four words, letters first; "12:30" and "https://" are none.
SPEAKER = re.compile(r"^\s*(?P<name>[^\W\d_][\w.'’-]*(?: [\w.'’-]+){0,3})\s*:\s+(?P<text>\S.*)$")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+")


def read_text(text: str, voices: Collection[str] = ()) -> list[Line]:
    """Lines of a plain text: one a paragraph, and one for each speaker's turn in a dialogue.

    A name before a colon is a speaker when it is one of `voices`, is in capitals, or opens at least two lines;
    "Note: …" once in a text stays text. Raises ScriptError for an empty or over-long script.
    """
    text = _checked(text)
    speakers = _speakers(text, voices)
    lines: list[Line] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        speaker, spoken = "", ""
        for row in paragraph.split("\n"):
            match = SPEAKER.match(row)
            if match and match["name"] in speakers:
                lines.extend(_cut(spoken, speaker))
                speaker, spoken = match["name"], match["text"]
            else:
                spoken = f"{spoken} {row.strip()}"
        lines.extend(_cut(spoken, speaker))
    return lines


def read_markdown(text: str, voices: Collection[str] = ()) -> list[Line]:
    """Lines of a Markdown document: headings, paragraphs and list items; code, images and HTML are not read."""
    blocks: list[str] = []
    for token in MarkdownIt("commonmark").parse(_checked(text)):
        if token.type == "inline":
            words = [
                "\n" if child.type in {"softbreak", "hardbreak"} else child.content
                for child in token.children or ()
                if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
            ]
            blocks.append("".join(words))
    return read_text("\n\n".join(blocks), voices)


def _checked(text: str) -> str:
    if not text.strip():
        raise ScriptError("empty-script")
    if len(text) > SCRIPT_MAX_CHARS:
        raise ScriptError("script-too-long", detail=str(SCRIPT_MAX_CHARS))
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


def _speakers(text: str, voices: Collection[str]) -> set[str]:
    names = Counter(match["name"] for match in map(SPEAKER.match, text.split("\n")) if match)
    return {name for name, count in names.items() if name in voices or name.isupper() or count > 1}


def _cut(spoken: str, speaker: str) -> Iterator[Line]:
    """A turn as lines of about LINE_TARGET_CHARS, cut after sentences, else after words."""
    piece = ""
    for sentence in SENTENCE_END.split(" ".join(spoken.split())):
        for part in _wrap(sentence):
            if piece and len(piece) + 1 + len(part) > LINE_TARGET_CHARS:
                yield Line(piece, speaker)
                piece = part
            else:
                piece = f"{piece} {part}".strip()
    if piece:
        yield Line(piece, speaker)


def _wrap(sentence: str) -> Iterator[str]:
    while len(sentence) > LINE_TARGET_CHARS:
        at = sentence.rfind(" ", 1, LINE_TARGET_CHARS + 1)
        at = at if at > 0 else LINE_TARGET_CHARS
        yield sentence[:at]
        sentence = sentence[at:].lstrip()
    if sentence:
        yield sentence
