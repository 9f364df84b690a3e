"""The lines as a list, a page at a time, and having them spoken."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import panel as pn

from frontend.pages.studio_line import LineEditor
from frontend.parts import icons
from frontend.parts.controls import button, choice, line, stack
from frontend.parts.text import markup, paragraph_html
from frontend.player.player import Playback
from frontend.studio.generation import Generation
from frontend.studio.line import Line
from frontend.studio.project import Project, cue_fit
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes
from frontend.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App

ROWS = 10  # lines on a page: a chapter has thousands


class LinesSection:
    """What is said, line by line, and how far it is spoken."""

    def __init__(self, app: App, studio: Studio, generation: Generation, edit: Callable[[], None]) -> None:
        self._app, self._studio, self._generation, self._edit_script = app, studio, generation, edit
        self._first = 0  # number of the first line on the page
        self._open: LineEditor | None = None
        self._playback: Playback | None = None
        self._playing = -1
        self._was_running = False
        self._told: object = None

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._open, self._told = None, None
        self._speak = button("", self._speak_all, "primary", icons.PLAY, key="studio-speak")
        self._stop = button(words("stop"), self._halt, "plain", icons.STOP, key="studio-stop", visible=False)
        self._go_on = button(words("studio.lost.now"), self._generation.go_on, "primary", key="studio-continue")
        self._progress = markup("", "studio")
        self._alarm = markup("")
        self._rows = [Row(self, words, index) for index in range(ROWS)]
        self._pages = choice(
            words("studio.pages.label"), {"": 0}, 0, self._turn, width=220, css_classes=["studio-pages"]
        )
        self._back = button(words("studio.pages.back"), lambda: self._turn(self._first - ROWS), "quiet")
        self._on = button(words("studio.pages.on"), lambda: self._turn(self._first + ROWS), "quiet")
        self._pager = line(self._back, self._pages, self._on, role="actions between")
        self._add = button(words("studio.line.add"), self._append, "quiet", icons.PLUS, key="studio-add")
        self._view = stack(
            line(self._speak, self._go_on, self._stop),
            self._progress,
            self._alarm,
            stack(*(row.view for row in self._rows), role="list"),
            self._pager,
            line(self._add),
            visible=False,
        )
        return self._view

    def leave(self) -> None:
        """Silence."""
        if self._playback:
            self._playback.stop()
        self._generation.heard = None

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def changed(self, project: Project, takes: Takes) -> None:
        """Show the page of lines, and how far it is."""
        count = len(project.lines)
        self._view.visible = bool(count)
        self._first = min(self._first, max(0, (count - 1) // ROWS * ROWS))
        self._show_rows(project)
        self._show_pager(count)
        self._show_progress()

    def open(self, number: int) -> None:
        """Show what can be changed about a line; -1 closes it."""
        index = number - self._first
        if not 0 <= index < ROWS:
            number = -1
        self._open = LineEditor(self._app, self._studio, number, self.open, self._take_again) if number >= 0 else None
        for row in self._rows:
            row.close()
        if self._open:
            self._rows[index].show_editor(self._open)
            self._app.start(self._app.focus("studio-line-text"))
        self.changed(self._studio.project, self._studio.takes)

    def toggle(self, index: int) -> None:
        """Open or close the line of that row."""
        number = self._first + index
        self.open(-1 if self._open and self._open.number == number else number)

    def play(self, index: int) -> None:
        """Hear the line of that row, spoken now if it is not yet; or stop it."""
        number = self._first + index
        if self._playing == number:
            if self._generation.heard is not None:  # the line is only spoken to be heard
                self._generation.stop()
            self.leave()
        elif not self._needs_voice([number]):
            self.leave()
            playback = self._playback = Playback(self._studio.rate, on_end=lambda: self._ended(playback))
            self._playing = number
            if (samples := self._studio.take(number)) is not None:
                playback.push(samples)
                playback.finish()
            else:
                self._generation.heard = playback.push
                self._app.start(self._hear(number, playback))
            self._studio.tell()

    async def _hear(self, number: int, playback: Playback) -> None:
        try:
            await self._generation.start([number])
        finally:
            if self._generation.heard == playback.push:
                self._generation.heard = None
            playback.finish()

    def _take_again(self, number: int) -> None:
        """Another take was asked for."""
        self.play(number - self._first)

    def _ended(self, playback: Playback) -> None:
        if playback is self._playback:
            self._playback, self._playing = None, -1
            self._studio.tell()

    def _speak_all(self) -> None:
        missing = self._studio.missing()
        if not self._needs_voice(missing):
            self.leave()
            self._app.start(self._generation.start(missing))
            self._app.start(self._app.focus("studio-stop"))

    def _needs_voice(self, numbers: list[int]) -> bool:
        """Say so if a voice must be chosen before these lines can be spoken."""
        project = self._studio.project
        if not any(self._studio.voice(speaker) is None for speaker in {project.lines[n].speaker for n in numbers}):
            return False
        self._app.announce(self._app.words("studio.cast.first"), assertive=True)
        self._app.start(self._app.focus("studio-choose"))
        return True

    def _halt(self) -> None:
        self.leave()
        self._generation.stop()

    def _append(self) -> None:
        project, words = self._studio.project, self._app.words
        number = len(project.lines)
        speaker = project.lines[-1].speaker if project.lines else ""
        self._studio.change(project.with_new_line(number, Line(words("studio.line.text.new"), speaker)))
        self._first = number // ROWS * ROWS
        self.open(number)

    def _turn(self, first: int) -> None:
        if first == self._first:
            return
        self._first = first
        self.open(-1)

    def _show_rows(self, project: Project) -> None:
        if self._open and not self._open.follow():
            self._open = None
            for row in self._rows:
                row.close()
        seconds = self._studio.seconds()
        for row in self._rows:
            number = self._first + row.index
            if number < len(project.lines):
                is_open = self._open is not None and self._open.number == number
                row.show(number, self._row_html(project, number, seconds[number]), number == self._playing, is_open)
                row.enable(seconds[number] is not None or not self._generation.running or number == self._playing)
            else:
                row.hide()

    def _row_html(self, project: Project, number: int, seconds: float | None) -> str:
        words, said = self._app.words, project.lines[number]
        state = self._generation.state(number)
        text = words("studio.state.ready", seconds=words.number(seconds, 1)) if seconds is not None else ""
        facts = [text or words(f"studio.state.{state}"), *line_facts(said, self._app)]
        alarm = self._generation.refusal(number)
        fit = cue_fit(said, seconds)
        if fit is not None:
            over = words.number((seconds or 0.0) - (said.cue.end - said.cue.start if said.cue else 0.0), 1)
            key = "studio.fit.cut" if fit.cut else "studio.fit.late"
            alarm = alarm or words(key, seconds=over, share=words.number(100 * fit.cut))
        name = said.speaker or (words("studio.narrator") if len(project.speakers) > 1 else "")
        return (
            f'<div class="row {state}"><span class="number">{number + 1}</span><div>'
            + (f'<p class="who">{escape(name)}</p>' if name else "")
            + f'<p class="said">{escape(said.text)}</p><p class="facts"><i></i>{escape(" · ".join(facts))}</p>'
            + (f'<p class="late">{escape(alarm)}</p>' if alarm else "")
            + "</div></div>"
        )

    def _show_pager(self, count: int) -> None:
        words = self._app.words
        self._pager.visible = count > ROWS
        if self._told != (count, words.language):
            self._told = (count, words.language)
            ranges = {
                words(
                    "studio.pages.lines",
                    first=words.number(first + 1),
                    last=words.number(min(first + ROWS, count)),
                    count=words.number(count),
                ): first
                for first in range(0, max(count, 1), ROWS)
            }
            self._pages.options = ranges
        self._pages.value = self._first
        self._back.disabled, self._on.disabled = self._first == 0, self._first + ROWS >= count

    def _show_progress(self) -> None:
        words, generation = self._app.words, self._generation
        missing = len(self._studio.missing())
        total = len(self._studio.project.lines)
        key = "none" if not missing else "all" if missing == total else "one" if missing == 1 else "many"
        self._speak.name = words(f"studio.speak.{key}", count=words.number(missing))
        self._speak.disabled = generation.running or not missing
        if self._was_running and not generation.running and not missing:
            self._app.announce(words("studio.speak.none"))
        self._was_running = generation.running
        self._stop.visible = generation.running
        self._go_on.visible = generation.lost is not None
        progress = generation.progress
        self._progress.visible = generation.running and progress is not None
        if generation.running and progress is not None:
            done = total - missing
            left = "" if progress.remaining is None else remaining(progress.remaining, self._app)
            told = words("studio.progress", done=words.number(done), total=words.number(total))
            share, told_all = 100 * done / max(total, 1), " · ".join(filter(None, (told, left)))
            self._progress.object = (
                f'<div class="progress" role="progressbar" aria-label="{escape(told)}" aria-valuenow="{share:.0f}">'
                f'<i style="width: {share:.1f}%"></i></div><p class="note">{escape(told_all)}</p>'
            )
        lost = ""
        if generation.lost is not None:
            at = words.number(total - missing + 1)
            lost = words(
                f"studio.lost.{'busy' if generation.lost.kind == 'refused' else generation.lost.kind}", line=at
            )
        if self._alarm.object != paragraph_html(lost, "alarm"):
            self._alarm.object = paragraph_html(lost, "alarm")
            if lost:
                self._app.announce(lost, assertive=True)
                self._app.start(self._app.focus("studio-continue"))
        self._alarm.visible = bool(lost)


class Row:
    """A place in the list: a line's text and state, its two buttons, and its editor when it is open."""

    def __init__(self, section: LinesSection, words: Words, index: int) -> None:
        self.index = index
        self._words = words
        self._text = markup("", "studio")
        self._play = button("", lambda: section.play(index), "icon", icons.PLAY, key=f"studio-play-{index}")
        self._edit = button("", lambda: section.toggle(index), "icon", icons.PENCIL, key=f"studio-edit-{index}")
        self._editor = stack(role="editor", visible=False)
        self.view = stack(
            line(self._text, line(self._play, self._edit, role="close"), role="entry"), self._editor, role="item"
        )

    def show(self, number: int, html: str, playing: bool, is_open: bool) -> None:
        """A line, and whether it sounds or is open."""
        words = self._words
        self.view.visible = True
        self._text.object = html
        self._play.name = words("studio.line.stop" if playing else "studio.line.play", number=number + 1)
        self._play.icon = icons.STOP if playing else icons.PLAY
        self._edit.name = words("studio.line.close" if is_open else "studio.line.change", number=number + 1)
        self._edit.icon = icons.CLOSE if is_open else icons.PENCIL

    def enable(self, enabled: bool) -> None:
        """Whether it can be heard: not while others are spoken first."""
        self._play.disabled = not enabled

    def hide(self) -> None:
        """No line here."""
        self.view.visible = False

    def show_editor(self, editor: LineEditor) -> None:
        """Open."""
        self._editor.objects = [editor.view()]
        self._editor.visible = True

    def close(self) -> None:
        """Closed."""
        if self._editor.visible:
            self._editor.visible = False
            self._editor.objects = []


def line_facts(said: Line, app: App) -> list[str]:
    """What a line has that others don't, in words."""
    words, facts = app.words, []
    if said.speed != 1.0:
        facts.append(words("speak.times", factor=words.number(said.speed, 2)))
    if said.pitch:
        facts.append(words("studio.facts.pitch", count=f"{said.pitch:+.0f}".replace("-", "−")))
    if said.emphasis:
        facts.append(words(f"studio.emphasis.{said.emphasis}"))
    if said.pause_before or said.pause_after:
        facts.append(words("studio.facts.pause", seconds=words.number(said.pause_before + said.pause_after, 2)))
    if said.take:
        facts.append(words("studio.facts.take", number=said.take + 1))
    if said.cue:
        facts.append(f"{clock(said.cue.start)} – {clock(said.cue.end)}")
    return facts


def clock(seconds: float) -> str:
    """A time in a video: 1:02.5."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}" if hours else f"{minutes}:{rest:04.1f}"


def remaining(seconds: float, app: App) -> str:
    """How long it will take, as one would say it."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return app.words("studio.left.soon")
    if minutes < 90:
        return app.words("studio.left.one" if minutes == 1 else "studio.left.minutes", count=minutes)
    return app.words("studio.left.hours", count=app.words.number(seconds / 3_600, 1))
