"""Everything that reads what somebody else may have written: how it is called, honest inputs, and how it may refuse."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import soundfile

from frontend import wav
from frontend.check import UnreadableError, decode, read_credentials
from frontend.library.export import ImportRefused, packed, unpacked
from frontend.manifest_store import is_intact
from frontend.studio.line import Cue, Line, ScriptError
from frontend.studio.project import Cast, Mix, Project, Video
from frontend.studio.project_file import ProjectRefused, read_project, write_project
from frontend.studio.script import read_markdown, read_text
from frontend.studio.ssml import read_ssml
from frontend.studio.subtitles import read_subtitles, write_subtitles
from models.contract import ENCODER_ID, ENCODER_SHA256, ContractError, decode_json, encode_embedding
from models.requests import parse_dialogue_request, parse_speech_request
from server.credentials import Credentials
from server.text import utterances
from tests.frontend.library.doubles import ENCODER, voice
from tests.server.listening import MODELS, ROOT

RATE = 8_000
SOUND = (0.3 * np.sin(np.arange(800) / 5)).astype(np.float32)


@dataclass(frozen=True)
class Parser:
    """`read` gets the bytes; what it raises is one of `refusals`. `share` of the inputs, for what is slow."""

    name: str
    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]
    share: float = 1.0


def as_text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    """Files are decoded before they are read; what is no text does not get here."""
    return lambda content: read(content.decode("utf-8", "replace"))


def file(container: str, subtype: str) -> bytes:
    """A short sound in that container."""
    out = io.BytesIO()
    soundfile.write(out, SOUND, RATE, format=container, subtype=subtype)
    return out.getvalue()


def profile() -> dict[str, object]:
    """A voice that the contract takes."""
    embedding = np.zeros(512, np.float32)
    embedding[7] = 1
    return {
        "version": 1,
        "encoder": {"id": ENCODER_ID, "sha256": ENCODER_SHA256},
        "embedding": encode_embedding(embedding),
        "prosody": {"f0_median_hz": 150.5, "f0_range_semitones": 9, "syllables_per_second": 4.5},
        "consent": {
            "statement_version": 1,
            "language": "en",
            "recorded_at": "2026-11-22T12:00:00Z",
            "script_sha256": "0" * 64,
        },
    }


async def in_the_clear(content: bytes, passphrase: str) -> bytes:
    """For the cipher of an export, so that what was inside can be hostile too."""
    return content.partition(b"\n")[2]


def opened(content: bytes) -> None:
    """What is taken can be written again."""
    packed(asyncio.run(unpacked(b"age-encryption.org/v1\n" + content, "", in_the_clear, ENCODER)))


def project(content: bytes) -> None:
    """What is taken comes back from the file that is written next."""
    taken = read_project(content)
    assert read_project(write_project(taken)) == taken


def subtitles(kind: str) -> Callable[[str], None]:
    """Of what is taken, subtitles can be written."""

    def read(text: str) -> None:
        lines = read_subtitles(text, kind)
        write_subtitles([(line.cue, line.speaker, line.text) for line in lines if line.cue], kind)

    return read


def spoken(text: str) -> list[object]:
    return [utterance.phonemes for utterance in utterances(text[:600], "en", folder=MODELS)]


SPEECH = {"input": "Hello, world.", "voice": profile(), "speed": 1.25, "seed": 7, "pronunciations": {"world": "wurld"}}
DIALOGUE = {
    "voices": {"a": profile()},
    "lines": [{"voice": "a", "input": "Yes.", "pause_after": 0.5}, {"voice": "a", "input": "No."}],
}
PROJECT = Project(
    (Line("Hello.", "ANNA", 1.1, -2.0, 0.5, 0.25, {"x": "/ɛ/"}, 3), Line("There.", cue=Cue(4.0, 6.0))),
    {"ANNA": Cast("Anna")},
    {"GIF": "jiff"},
    Mix("room", -23.0, "replace"),
    Video("holiday.mp4", 12.5),
)
SCRIPT = "# One\n\nANNA: Hello there.\nBEN: And *you*?\n\n- a list\n> a quote\n\n```\ncode\n```\nThe end, at 12:30."
SSML = (
    '<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en"><p><s>One '
    '<break time="500ms"/> <prosody rate="120%" pitch="+2st">two</prosody></s></p><voice name="A">'
    '<phoneme alphabet="ipa" ph="wˈʌn">one</phoneme> <sub alias="et cetera">etc.</sub> &amp;</voice></speak>'
)
SRT = "1\n00:00:01,000 --> 00:00:02,500\nHello\nthere\n\n2\n00:00:03,000 --> 00:00:04,000\n<i>Two</i>\n"
VTT = (
    "WEBVTT\n\nSTYLE\n::cue {}\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Anna>Hello\n\n"
    "00:03.000 --> 00:04.000\nB\n"
)
TEXT = (
    'On 12/24/2024 at 7:05 pm Dr. Smith paid $1,234.50 (≈ 3½ kg) to "U.S.A." — see https://a.example/x?y=1 or +1 555!'
)

JSON_WORDS = (
    b'"',
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"\\ud800",
    b"\\u0000",
    b'"input":',
    b"7.0",
)
SCRIPT_WORDS = (
    b"ANNA:",
    b"\n\n",
    b"# ",
    b"- ",
    b"```",
    b"> ",
    b"[a](b)",
    b"![",
    b"<b>",
    b"|",
    b"***",
    b"&#0;",
    b"\n===\n",
)
XML_WORDS = (
    *(
        b"<",
        b">",
        b"</",
        b"/>",
        b"&",
        b"&#0;",
        b"&x;",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"<?x?>",
        b"<![CDATA[",
        b"]]>",
    ),
    *(b"<p>", b"</p>", b"<voice name='", b"<break time='9e9s'/>", b"<prosody rate='", b"xmlns:a='b'", b"<!--", b"-->"),
)
CUE_WORDS = (
    b" --> ",
    b"\n\n",
    b"00:00:01,000",
    b"99:59:59.999",
    b"WEBVTT",
    b"NOTE",
    b"STYLE",
    b"<v ",
    b"</c>",
    b"-",
    b":",
)
TEXT_WORDS = (
    b"$",
    b"%",
    b"1.2.3",
    b"//",
    b"@",
    b"'",
    b"...",
    b"-",
    b"1/2",
    b"&",
    b"VIII",
    b"\xc2\xb0C",
    b"#",
    b"e.g.",
    b"99:99",
)
CHUNKS = (
    b"RIFF",
    b"WAVE",
    b"fmt ",
    b"data",
    b"LIST",
    b"fLaC",
    b"OggS",
    b"ID3",
    b"\xff\xfb",
    b"ftyp",
    b"moov",
    b"jumb",
    b"jumd",
)
SIGNED = Credentials(ROOT / ".cache" / "credentials").sign(file("WAV", "PCM_16"), "audio/wav")

PARSERS = (
    Parser(
        "speech request",
        lambda b: parse_speech_request(decode_json(b), ENCODER_SHA256),
        (ContractError,),
        (json.dumps(SPEECH).encode(), json.dumps({**SPEECH, "voice": json.dumps(profile())}).encode()),
        JSON_WORDS,
    ),
    Parser(
        "dialogue request",
        lambda b: parse_dialogue_request(decode_json(b), ENCODER_SHA256),
        (ContractError,),
        (json.dumps(DIALOGUE).encode(),),
        (*JSON_WORDS, b'"voice":', b'"lines":'),
    ),
    Parser("text", as_text(spoken), (ContractError,), (TEXT.encode(), SCRIPT.encode()), TEXT_WORDS, 0.1),
    Parser("script", as_text(read_text), (ScriptError,), (SCRIPT.encode(),), SCRIPT_WORDS),
    Parser("Markdown", as_text(read_markdown), (ScriptError,), (SCRIPT.encode(),), SCRIPT_WORDS),
    Parser("SSML", as_text(read_ssml), (ScriptError,), (SSML.encode(),), XML_WORDS),
    Parser("SubRip", as_text(subtitles("srt")), (ScriptError,), (SRT.encode(),), CUE_WORDS),
    Parser("WebVTT", as_text(subtitles("vtt")), (ScriptError,), (VTT.encode(),), CUE_WORDS),
    Parser("project", project, (ProjectRefused,), (write_project(PROJECT),), JSON_WORDS),
    Parser("export", opened, (ImportRefused,), (packed((voice(0), voice(1, "Jörg 🎙"))),), JSON_WORDS),
    Parser("WAV", wav.decode, (wav.WavError,), (wav.encode(SOUND, RATE), file("WAV", "FLOAT")), CHUNKS),
    Parser("WAV, streamed", wav.complete, (), (wav.encode(SOUND, RATE),), CHUNKS),
    Parser(
        "audio file",
        decode,
        (UnreadableError,),
        (file("WAV", "PCM_16"), file("FLAC", "PCM_16"), file("OGG", "OPUS"), file("MP3", "MPEG_LAYER_III")),
        CHUNKS,
        0.2,
    ),
    Parser("manifest store", is_intact, (), (SIGNED,), CHUNKS),
    Parser("credentials", lambda b: read_credentials(b, ".wav"), (), (SIGNED,), CHUNKS, 0.05),
)
