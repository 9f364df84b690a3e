"""The studio's export: the video with its narration, the narration alone, or its subtitles. All of it is made here."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
from collections.abc import AsyncIterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from frontend.audio import Samples
from frontend.bridge import BridgeError, call
from frontend.client import SpeechError
from frontend.credentials import MEDIA_TYPES
from frontend.credentials_web import LibraryUnavailable, UnsignedError, sign
from frontend.media import writer
from frontend.parts import icons
from frontend.parts.controls import button, checkbox, choice, line, stack
from frontend.parts.text import markup, paragraph, paragraph_html
from frontend.studio import export, mix
from frontend.studio.export import KINDS, TEXT_KINDS, Kind, Spoken
from frontend.studio.project import Project
from frontend.studio.studio import Studio
from frontend.studio.subtitle_track import add_subtitles
from frontend.studio.subtitles import write_subtitles
from frontend.studio.takes import Takes
from models.contract import SYNTHESIS_LANGUAGES

if TYPE_CHECKING:
    from frontend.app import App

VIDEO = "mp4"
SIGNED_MAX_BYTES = 500_000_000  # the library that signs holds a file in memory, and its copy
LANGUAGE_CODES = {"en": "eng", "de": "deu"}  # ISO 639-2/T


class ExportSection:
    """What kind of file, how loud, and what comes of it."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._work: asyncio.Future[None] | None = None
        self._kind = "mp3"
        self._subtitled = True
        self._each = False
        self._is_signed = True
        self._kinds: tuple[str, ...] = tuple(KINDS)
        self._had_video = False

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, sound = self._app.words, self._studio.project.mix
        levels = {
            words(
                "studio.export.loudness.choice",
                level=words.number(abs(target)),
                use=words(f"studio.export.loudness.{abs(target):.0f}"),
            ): target
            for target in mix.LOUDNESS_TARGETS
        }
        self._choice = choice(words("studio.export.kind"), self._names(), self._kind, self._set_kind, width=280)
        self._level = choice(words("studio.export.loudness"), levels, sound.loudness, self._set_level, width=340)
        self._with_texts = checkbox(words("studio.export.subtitles"), self._subtitled, self._set_subtitled)
        self._per_line = checkbox(words("studio.export.each"), self._each, self._set_each)
        self._note = markup("")
        self._told = markup("", visible=False)
        self._go = button(words("studio.export.go"), self._start, "primary", icons.SAVE, key="studio-export")
        self._stop = button(
            words("studio.export.cancel"), self._cancel, "plain", key="studio-export-cancel", visible=False
        )
        self._view = stack(
            stack(
                markup(f"<h2>{words('studio.export.title')}</h2>"),
                paragraph(words("studio.export.lead"), "note"),
                role="tight",
            ),
            line(self._choice, self._level, role="actions bottom"),
            self._with_texts,
            self._per_line,
            self._note,
            self._told,
            line(self._go, self._stop),
            role="card",
        )
        self._app.start(self._ask_kinds())
        self.changed(self._studio.project, self._studio.takes)
        return self._view

    def leave(self) -> None:
        """Nothing is written any more."""
        self._cancel()

    def changed(self, project: Project, takes: Takes) -> None:
        """A video came or went; another loudness; there are lines or there are none."""
        self._view.visible = bool(project.lines)
        if self._level.value != project.mix.loudness:
            self._level.value = project.mix.loudness
        has_video = self._app.screen.video is not None
        if has_video != self._had_video:
            self._had_video = has_video
            self._kind = VIDEO if has_video else "mp3"
            self._choice.options = self._names()
            self._choice.value = self._kind
        self._explain()

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    async def _ask_kinds(self) -> None:
        self._kinds = tuple(await call("media.formats"))
        self._choice.options = self._names()

    def _names(self) -> dict[str, str]:
        words = self._app.words
        able = [kind for kind in KINDS if kind in self._kinds and (kind != VIDEO or self._app.screen.video)]
        return {words(f"studio.export.kind.{kind}"): kind for kind in (*able, *TEXT_KINDS)}

    def _explain(self) -> None:
        words, text = self._app.words, self._kind in TEXT_KINDS
        self._with_texts.visible = self._kind == VIDEO
        self._per_line.visible = not text and self._kind != VIDEO
        self._level.visible = not text
        told = ["" if text else words("studio.export.marked")]
        video = self._app.screen.video
        if self._kind == VIDEO and video:
            told.append(words("studio.export.picture"))
            late = self._studio.timeline().seconds - video.seconds
            if late > 0:
                told.append(words("studio.export.late", seconds=words.number(late, 1)))
        self._note.object = "".join(paragraph_html(said, "note") for said in told)

    def _set_kind(self, kind: str) -> None:
        self._kind = kind
        self._explain()

    def _set_level(self, target: float) -> None:
        self._studio.set_mix(loudness=target)

    def _set_subtitled(self, subtitled: bool) -> None:
        self._subtitled = subtitled

    def _set_each(self, each: bool) -> None:
        self._each = each

    def _start(self) -> None:
        words, missing = self._app.words, len(self._studio.missing())
        if missing:
            key = "studio.export.missing.one" if missing == 1 else "studio.export.missing.many"
            self._tell(words(key, count=words.number(missing)), "alarm")
        elif self._work is None:
            self._work = self._app.start(self._export())

    def _cancel(self) -> None:
        if self._work:
            self._work.cancel()

    async def _export(self) -> None:
        """Make the file and hand it over; what goes wrong is told, and nothing of the project is lost."""
        words = self._app.words
        self._go.visible, self._stop.visible, self._choice.disabled = False, True, True
        self._app.lock_language(True)  # a page that is drawn anew would drop the work
        self._is_signed = True
        if self._kind not in TEXT_KINDS:
            self._tell(words("studio.export.measuring"))
        try:
            await asyncio.sleep(0)
            if self._kind in TEXT_KINDS:
                self._save_texts()
            elif self._kind == VIDEO:
                await self._save_video()
            elif self._each:
                await self._save_each()
            else:
                await self._save_whole()
            self._tell(words("studio.export.done" if self._is_signed else "studio.export.unsigned"))
        except asyncio.CancelledError:
            self._tell(words("studio.export.cancelled"))
        except (BridgeError, MemoryError) as error:
            self._tell(words("studio.export.failed", reason=error), "alarm")
        finally:
            self._work = None
            self._go.visible, self._stop.visible, self._choice.disabled = True, False, False
            self._app.lock_language(False)

    def _lines(self) -> list[Spoken]:
        studio, lines = self._studio, self._studio.project.lines
        return [
            Spoken(
                clip.start,
                functools.partial(self._speech, clip.line),
                round(clip.seconds * studio.rate),
                lines[clip.line].text,
                lines[clip.line].speaker,
            )
            for clip in studio.timeline().clips
        ]

    def _speech(self, number: int) -> Samples:
        samples = self._studio.take(number)
        return np.zeros(0, np.float32) if samples is None else samples

    def _save_texts(self) -> None:
        text = write_subtitles(export.cues(self._lines(), self._studio.rate), self._kind)
        name = export.file_name(self._title(), self._app.words("studio.export.mark"), f".{self._kind}")
        call("boot.save", name=name, mime=TEXT_KINDS[self._kind], data=text.encode())

    async def _save_whole(self) -> None:
        kind, lines = KINDS[self._kind], self._lines()
        await self._write(kind, lines, self._title())
        await self._hand_over(kind)

    async def _hand_over(self, kind: Kind, tail: bytes = b"", offset: int = 0) -> None:
        call("boot.save", name=self._name(kind), mime=kind.mime, data=await self._signed(kind, tail, offset))

    async def _signed(self, kind: Kind, tail: bytes = b"", offset: int = 0) -> Any:
        """The file, a Blob, with Content Credentials where its kind can have them and the server signs them."""
        words, file = self._app.words, await writer.finished(kind.mime, tail, offset)
        if kind.mime in MEDIA_TYPES.values() and file.size <= SIGNED_MAX_BYTES:
            self._tell(words("speak.signing"))
            try:
                return await sign(file, kind.mime, self._app.client, words.language, composed=kind.name == VIDEO)
            except (LibraryUnavailable, UnsignedError, SpeechError):
                pass
        self._is_signed = False
        return file

    async def _save_each(self) -> None:
        kind, files = KINDS[self._kind], []
        lines = self._lines()
        for number, spoken in enumerate(lines, 1):
            await self._write(kind, [dataclasses.replace(spoken, start=0.0)], spoken.text)
            title = " ".join(filter(None, (spoken.speaker, spoken.text)))
            files.append((self._name(kind, title, number), (await (await self._signed(kind)).arrayBuffer()).to_bytes()))
            self._tell_progress(number / len(lines))
        data = export.archive(files)
        call("boot.save", name=self._name(Kind("zip", "")), mime="application/zip", data=data)

    async def _write(self, kind: Kind, lines: list[Spoken], title: str) -> writer.Written:
        rate = kind.rate or self._studio.rate
        clips = export.clips(lines, self._studio.project.mix.effect, self._studio.rate, rate)
        return await self._write_mix(kind, mix.Mix(clips, rate), title)

    async def _save_video(self) -> None:
        """The picture as it is, the narration in its sound, the texts as a track of their own."""
        kind, lines, video, sound = KINDS[VIDEO], self._lines(), self._app.screen.video, self._studio.project.mix
        assert video is not None
        rate = video.mix_rate
        clips = export.clips(lines, sound.effect, self._studio.rate, rate)
        gain = mix.gain_to(sound.loudness, await mix.loudness(lambda: _each(clips), rate))
        original = video.original() if video.rate and sound.original != "replace" else None
        own = 0.0
        if original:
            alone = mix.Mix([], rate, video.seconds, original)
            own = min(0.0, mix.gain_to(sound.loudness, await mix.loudness(alone.pieces, rate)))
        depth = mix.DUCK_DB if sound.original == "duck" else 0.0
        whole = mix.Mix(clips, rate, video.seconds, original, gain, own, depth)
        made = await self._write_mix(kind, whole, self._title())
        tail = b""
        if self._subtitled and lines:
            told = [(cue, text) for cue, _, text in export.cues(lines, self._studio.rate)]
            language = LANGUAGE_CODES[SYNTHESIS_LANGUAGES[0]]
            tail = b"".join(add_subtitles(made.movie, made.offset, told, language, (video.width, video.height)))
        await self._hand_over(kind, tail, made.offset)

    async def _write_mix(self, kind: Kind, whole: mix.Mix, title: str) -> writer.Written:
        words = self._app.words
        lossy, target = bool(kind.bitrate), self._studio.project.mix.loudness
        mastered = mix.master(whole.pieces, whole.rate, target, lossy=lossy)
        sound = (piece / np.float32(kind.level) async for piece in mastered)
        tags = {
            "title": title,
            "artist": words("name"),
            "comment": words("studio.export.tag", source=export.DIGITAL_SOURCE),
        }
        return await writer.write(
            sound,
            lambda done: self._tell_progress(done / max(whole.count, 1)),
            kind=kind.name,
            rate=whole.rate,
            channels=2 if whole.original else 1,
            bitrate=kind.bitrate,
            tags=tags,
            language=LANGUAGE_CODES[SYNTHESIS_LANGUAGES[0]],
        )

    def _title(self) -> str:
        video = self._app.screen.video
        return PurePath(video.name).stem if video else self._app.words("studio.export.name")

    def _name(self, kind: Kind, title: str = "", number: int = 0) -> str:
        return export.file_name(title or self._title(), self._app.words("studio.export.mark"), kind.suffix, number)

    def _tell_progress(self, share: float) -> None:
        text = self._app.words("studio.export.writing", share=self._app.words.number(100 * min(share, 1)))
        self._told.object = paragraph_html(text, "note")

    def _tell(self, text: str, role: str = "note") -> None:
        self._told.object = paragraph_html(text, role)
        self._told.visible = True
        self._app.announce(text, assertive=role == "alarm")


async def _each(clips: list[mix.Clip]) -> AsyncIterator[Samples]:
    """The speech of every clip, one after the other."""
    for clip in clips:
        yield clip.samples()[None]
        await asyncio.sleep(0)
