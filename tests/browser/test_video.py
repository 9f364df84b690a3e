"""A video narrated in the studio: what comes out is heard, seen and measured by tools that did not make it."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from frontend.audio import Samples, frame_levels, resample, speech_frames
from frontend.check import read_credentials
from frontend.credentials import MEDIA_TYPES
from frontend.detector import detect
from frontend.loudness import integrated_loudness
from frontend.studio.mix import true_peak_db
from models.contract import ENCODER_SAMPLE_RATE
from models.recogniser.recognition import Recogniser
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.browser import files, film, walk
from tests.browser.conftest import Visitor
from tests.browser.files import computed
from tests.browser.test_speak_for_everyone import violations

SECONDS = 11.0
SAID = ("The quiet river carries the morning light to the sea.", "We walked along the shore until the evening came.")
SCRIPT = f"""1
00:00:01,000 --> 00:00:04,800
{SAID[0]}

2
00:00:06,000 --> 00:00:09,800
{SAID[1]}
"""
SPEAKING_MS = EXPORTING_MS = 180_000
TOLERANCE_SECONDS = 0.15
SOUNDS = {  # by their names on the page: codec, Hz
    "MP3": ("mp3float", 22_050),
    "M4A": ("aac", 22_050),
    "Opus": ("opus", 48_000),
    "FLAC": ("flac", 22_050),
    "WAV": ("pcm_s16le", 22_050),
}


@dataclass(frozen=True)
class Text:
    """A subtitle in a file: when, and what it says."""

    start: float
    end: float
    said: str


def test_a_video_is_narrated_heard_and_exported(visitor: Visitor, tmp_path: Path) -> None:
    plain = film.shoot(tmp_path / "walk.mp4", SECONDS)
    visit = visitor(accept_downloads=True, reduced_motion="reduce")
    visit.open()
    page = visit.page
    walk.bring(page, files.write(tmp_path / "voices.ownvoice", files.voices(Ada=[0])))
    page.get_by_role("button", name="Studio").click()
    write_script(page, tmp_path)
    open_video(page, plain)
    expect(page.get_by_text("walk.mp4 · 320 × 180, 0:11")).to_be_visible()
    it_plays(page)
    assert violations(page) == []

    name, made = export(page)
    assert name == "walk (AI-generated).mp4"
    check_video(made, plain)

    open_video(page, film.shoot(tmp_path / "screen.webm", SECONDS, "libvpx-vp9", "libopus"))
    expect(page.get_by_text("screen.webm · 320 × 180, 0:11")).to_be_visible()
    page.get_by_label("Its own sound").select_option("Replace it by the narration")
    name, made = export(page)
    assert packets(made) == packets((tmp_path / "screen.webm").read_bytes())
    sound, rate = heard(made)
    assert np.abs(sound[: rate // 2]).max() < 0.001, "nothing of the own sound is left"
    check_times(texts(made), sound.mean(axis=1), rate)

    (tmp_path / "broken.mp4").write_bytes(plain.read_bytes()[:5_000])
    open_video(page, tmp_path / "broken.mp4")
    expect(page.get_by_role("alert")).to_contain_text("broken.mp4")
    expect(page.get_by_text("screen.webm · 320 × 180")).to_be_visible()

    page.get_by_role("button", name="Close the video").click()
    expect(page.get_by_label("File", exact=True).locator("option", has_text="MP4")).to_have_count(0)
    subtitles = check_subtitles(page)
    for kind, (codec, rate) in SOUNDS.items():
        check_sound(page, kind, codec, rate, subtitles)
    check_one_for_each_line(page)
    assert visit.complaints == []
    assert visit.elsewhere == []


def write_script(page: Page, folder: Path) -> None:
    """Two lines with their cues, spoken."""
    file = folder / "walk.srt"
    file.write_text(SCRIPT, "utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file").first.click()
    chooser.value.set_files(file)
    page.get_by_role("button", name="Speak all lines").click()
    page.get_by_role("button", name="All lines are spoken").wait_for(timeout=SPEAKING_MS)


def open_video(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=re.compile("^Open (a|another) video$")).click()
    chooser.value.set_files(file)


def it_plays(page: Page) -> None:
    """The picture moves, with the narration beside it."""
    screen = page.locator("video")
    screen.evaluate("video => video.play()")
    screen.evaluate("video => new Promise(done => { video.ontimeupdate = () => video.currentTime > 0.5 && done(); })")
    screen.evaluate("video => video.pause()")


def export(page: Page, kind: str = "") -> tuple[str, bytes]:
    """The name and the content of the file that the page hands over, signed where its kind can be."""
    if kind:
        field = page.get_by_label("File", exact=True)
        (label,) = [text for text in field.locator("option").all_inner_texts() if kind in text]
        field.select_option(label)
    with page.expect_download(timeout=EXPORTING_MS) as offered:
        page.get_by_role("button", name="Export", exact=True).click()
    page.locator("#app").get_by_text("Done. The file is with your downloads").wait_for()
    name, made = offered.value.suggested_filename, Path(offered.value.path()).read_bytes()
    if (suffix := Path(name).suffix) in MEDIA_TYPES:
        signed = read_credentials(made, suffix)
        assert (signed.status, signed.tool, signed.generated) == ("intact", "Ownvoice studio", True), name
    return name, made


def check_video(made: bytes, plain: Path) -> None:
    """Streams, picture, sound, texts, and the words at the times that the texts claim."""
    with av.open(io.BytesIO(made), "r") as file:
        assert [stream.type for stream in file.streams] == ["audio", "video", "subtitle"]
        assert file.streams.audio[0].codec_context.name == "aac"
        assert file.streams.audio[0].channels == 2
        assert file.metadata["comment"].startswith("AI-generated speech")
        assert "trainedAlgorithmicMedia" in file.metadata["comment"]
        assert file.duration == pytest.approx(1e6 * SECONDS, abs=60_000)
    assert packets(made) == packets(plain.read_bytes()), "the picture is copied bit by bit"
    sound, rate = heard(made)
    assert len(sound) / rate == pytest.approx(SECONDS, abs=0.06)
    assert integrated_loudness(sound.T, rate) == pytest.approx(-16, abs=0.5)
    assert true_peak_db(sound.T) < -1
    told = texts(made)
    assert [text.said for text in told] == list(SAID)
    check_words(told, sound.mean(axis=1), rate)
    check_marked(sound.mean(axis=1), rate, told)


def check_words(told: list[Text], mono: Samples, rate: int) -> None:
    """All words of each text are heard from its start to its end, and 150 ms more on either side."""
    recogniser = Recogniser(NativeRunner(MODELS / "recogniser.onnx"), (MODELS / "recogniser_tokens.json").read_bytes())
    margin = round(TOLERANCE_SECONDS * rate)
    for text in told:
        begin, end = round(text.start * rate), round(text.end * rate)
        part = resample(mono[begin - margin : end + margin], rate, ENCODER_SAMPLE_RATE)
        assert words(computed(recogniser.transcribe(part, "en"))) == words(text.said)


def check_times(told: list[Text], mono: Samples, rate: int) -> None:
    """Speech begins and ends within 150 ms of what each text claims, with its words in between."""
    check_words(told, mono, rate)
    for text in told:
        for claimed in (text.start, text.end):
            assert speaks(mono, rate, round(claimed * rate)) == pytest.approx(claimed, abs=TOLERANCE_SECONDS)


def speaks(mono: Samples, rate: int, at: int) -> float:
    """The second, nearest to sample `at`, where speech begins or ends; what lies under it is much quieter."""
    spoken = speech_frames(frame_levels(mono, rate)).astype(int)
    edges = np.flatnonzero(np.diff(spoken, prepend=0)) * 0.02
    return float(edges[np.argmin(np.abs(edges - at / rate))])


def check_marked(mono: Samples, rate: int, told: list[Text]) -> None:
    """The mark of the server is still in the sound."""
    found = computed(detect(mono, rate, NativeRunner(MODELS / "watermark_decoder.onnx")))
    assert found.verdict == "made-here"
    for text in told:
        for second in range(int(text.start) + 1, int(text.end)):
            assert found.seconds[second].marked, second


def check_subtitles(page: Page) -> list[Text]:
    """Both kinds say the same; WebVTT begins as it must."""
    name, srt = export(page, "SRT")
    assert name == "Narration (AI-generated).srt"
    blocks = [block.split("\n") for block in srt.decode().strip().split("\n\n")]
    times = [block[1].partition(" --> ") for block in blocks]
    told = [Text(seconds(a), seconds(b), " ".join(rest[2:])) for (a, _, b), rest in zip(times, blocks, strict=True)]
    assert [text.said for text in told] == list(SAID)
    _, vtt = export(page, "WebVTT")
    assert vtt.startswith(b"WEBVTT\n")
    assert all(said.encode() in vtt for said in SAID)
    return told


def check_sound(page: Page, kind: str, codec: str, rate: int, told: list[Text]) -> None:
    name, made = export(page, kind)
    assert name == f"Narration (AI-generated).{kind.lower()}"
    with av.open(io.BytesIO(made), "r") as file:
        (stream,) = file.streams
        assert (file.streams.audio[0].codec_context.name, file.streams.audio[0].rate) == (codec, rate)
        tags = {key.lower(): value for key, value in {**stream.metadata, **file.metadata}.items()}
        assert tags["comment"].startswith("AI-generated speech")
    sound, rate = heard(made)
    mono = sound.mean(axis=1)
    assert integrated_loudness(mono, rate) == pytest.approx(-16, abs=0.5)
    assert true_peak_db(mono) < -1
    assert speaks(mono, rate, round(told[0].start * rate)) == pytest.approx(told[0].start, abs=TOLERANCE_SECONDS)
    check_marked(mono, rate, told)


def check_one_for_each_line(page: Page) -> None:
    page.get_by_role("checkbox", name="One file for each line, in a ZIP").check()
    name, made = export(page, "MP3")
    assert name == "Narration (AI-generated).zip"
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.namelist() == [
            f"{number:03} {said.removesuffix('.')} (AI-generated).mp3" for number, said in enumerate(SAID, 1)
        ]
        for file in packed.namelist():
            sound, rate = heard(packed.read(file))
            assert 1.5 < len(sound) / rate < 5
            assert integrated_loudness(sound.T, rate) == pytest.approx(-16, abs=0.5)


def packets(content: bytes) -> list[bytes]:
    """The picture, packet by packet."""
    with av.open(io.BytesIO(content), "r") as file:
        return [bytes(packet) for packet in file.demux(video=0) if packet.size]


def heard(content: bytes) -> tuple[Samples, int]:
    """The sound at its place in time [n, channels], and its rate."""
    with av.open(io.BytesIO(content), "r") as file:
        stream = file.streams.audio[0]
        resampler = av.AudioResampler("fltp", stream.layout, stream.rate)
        parts = [
            (round((part.time or 0.0) * stream.rate), part.to_ndarray().T)
            for frame in file.decode(stream)
            for part in resampler.resample(frame)
        ]
        sound = np.zeros((max(at + len(part) for at, part in parts), stream.channels), np.float32)
        for at, part in parts:
            sound[max(0, at) : at + len(part)] = part[max(0, -at) :]
        return sound, stream.rate


def texts(content: bytes) -> list[Text]:
    """The texts of the subtitle track, which a player lets one switch on."""
    with av.open(io.BytesIO(content), "r") as file:
        (track,) = file.streams.subtitles
        assert (track.codec_context.name, track.language) == ("mov_text", "eng")
        found = []
        for packet in file.demux(track):
            if packet.size > 2 and packet.pts is not None and packet.duration is not None:
                raw = bytes(packet)
                said = raw[2 : 2 + struct.unpack(">H", raw[:2])[0]].decode()
                found.append(Text(packet.pts / 1_000, (packet.pts + packet.duration) / 1_000, said))
        return found


def seconds(stamp: str) -> float:
    """Of a time such as 00:00:01,250."""
    hours, minutes, rest = stamp.strip().replace(",", ".").split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def words(text: str) -> list[str]:
    """The words alone, in small letters."""
    return re.findall(r"[a-z']+", text.lower())
