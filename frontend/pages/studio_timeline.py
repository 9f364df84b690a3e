"""The timeline: every line's speech in its place; dragged, nudged, spread, fitted, heard."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from frontend.bridge import call, on
from frontend.pages.studio_lines import clock
from frontend.parts import icons
from frontend.parts.controls import button, line, stack
from frontend.parts.text import markup, paragraph_html
from frontend.player.player import Playback
from frontend.studio.project import Project, cue_fit
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes
from frontend.studio.timeline import Timeline
from frontend.waveform import envelope

if TYPE_CHECKING:
    from frontend.app import App

HOST = "studio-timeline"
PEAKS_A_SECOND = 24
AHEAD_SECONDS = 6.0  # of narration handed over before it is heard
PIECE_SECONDS = 2.0
DRAWING_TRIES, DRAWING_SECONDS = 100, 0.05  # for Bokeh to have made the host
LABEL_CHARS = 60


class TimelineSection:
    """Where the clips lie, and the narration from the playhead on."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._timeline = Timeline()
        self._drawn: object = None
        self._unsubscribe: list[Any] = []
        self._playback: Playback | None = None
        self._began = self._handed = 0.0  # s on the timeline, of what plays

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self.leave()
        self._drawn = None
        self._unsubscribe = [
            on("timeline.moved", self._moved),
            on("timeline.seek", self._sought),
            on("timeline.wanted", self._shape),
            on("timeline.undo", lambda _: self._studio.undo()),
            on("timeline.redo", lambda _: self._studio.redo()),
        ]
        if self._show_head not in self._studio.moved:
            self._studio.moved.append(self._show_head)
        self._play = button(words("studio.narration.play"), self._play_on, "primary", icons.PLAY, key="studio-narrate")
        self._stop = button(words("stop"), self._halt, "plain", icons.STOP, key="studio-silence", visible=False)
        self._time = markup("", "studio", align="center", min_width=150)  # so that it wraps
        self._host = markup(f'<div id="{HOST}" class="timeline"></div>', "timeline")
        self._alarm = markup("")
        self._spread = button(words("studio.spread"), self._mend, "plain", key="studio-spread")
        self._fit = button(words("studio.fit"), self._fit_all, "plain", key="studio-fit")
        self._faults = stack(self._alarm, line(self._spread, self._fit), role="tight", visible=False)
        self._view = stack(
            markup(f"<h2>{words('studio.timeline')}</h2>"),
            line(
                line(self._play, self._stop, role="close"),
                self._time,
                line(
                    button(words("studio.zoom.out"), lambda: self._zoom(-1), "icon", icons.MINUS),
                    button(words("studio.zoom.in"), lambda: self._zoom(1), "icon", icons.PLUS),
                    role="close",
                ),
                role="actions",
            ),
            self._host,
            markup(paragraph_html(words("studio.timeline.hint"), "note")),
            self._faults,
            role="card",
            visible=False,
        )
        return self._view

    def leave(self) -> None:
        """Silence, and no event of the page heard any more."""
        for end in self._unsubscribe:
            end()
        self._unsubscribe = []
        if self._playback:
            self._playback.stop()

    def paint(self, dark: bool) -> None:
        """Nothing is painted: the page's colours are style variables."""

    def changed(self, project: Project, takes: Takes) -> None:
        """Draw anew what changed."""
        seconds = self._studio.seconds()
        timeline = project.timeline(seconds)
        drawn = (timeline, project.lines, project.video)
        if drawn == self._drawn:
            return
        self._drawn, self._timeline = drawn, timeline
        self._view.visible = bool(timeline.clips)
        self._tell_faults(project, seconds)
        if timeline.clips:
            self._app.start(self._draw(project, timeline))

    def _tell_faults(self, project: Project, seconds: list[float | None]) -> None:
        words = self._app.words
        overlaps = len(self._timeline.overlaps())
        fits = [
            (it, said) for said, length in zip(project.lines, seconds, strict=True) if (it := cue_fit(said, length))
        ]
        late = sum(it.speed != said.speed for it, said in fits)
        cut = sum(it.cut > 0 for it, _ in fits)
        told = [("studio.overlap", overlaps), ("studio.late", late), ("studio.cut", cut - late if cut > late else 0)]
        faults = [words(f"{key}.{'one' if count == 1 else 'many'}", count=count) for key, count in told if count]
        self._alarm.object = paragraph_html(" ".join(faults), "alarm")
        self._faults.visible = bool(faults)
        self._spread.visible, self._fit.visible = overlaps > 0, late > 0

    async def _draw(self, project: Project, timeline: Timeline) -> None:
        words = self._app.words
        clips = timeline.clips
        ends = [timeline.seconds, project.video.seconds if project.video else 0.0]
        cues = [at for said in project.lines if said.cue for at in (said.cue.start, said.cue.end)]
        for _ in range(DRAWING_TRIES):
            drawn = await call(
                "timeline.draw",
                host=HOST,
                lines=np.array([clip.line for clip in clips], np.int32),
                starts=np.array([clip.start for clip in clips], np.float64),
                seconds=np.array([clip.seconds for clip in clips], np.float64),
                labels="\n".join(self._label(project, clip.line) for clip in clips),
                keys="\n".join(self._studio.key(clip.line) for clip in clips),
                cues=np.array(cues, np.float64),
                length=max([*ends, *cues]),
                words={"position": words("studio.position"), "starts": words("studio.starts")},
            )
            if drawn:
                self._show_head(self._studio.playhead)
                return
            await asyncio.sleep(DRAWING_SECONDS)

    def _label(self, project: Project, number: int) -> str:
        said = project.lines[number]
        text = " ".join(f"{said.speaker}: {said.text}".removeprefix(": ").split())
        return f"{number + 1} · {text if len(text) <= LABEL_CHARS else text[:LABEL_CHARS] + '…'}"

    def _shape(self, value: dict[str, Any]) -> None:
        """The waveforms that came into sight."""
        for number in np.asarray(value["lines"], int).tolist():
            if number < len(self._studio.project.lines) and (samples := self._studio.take(number)) is not None:
                columns = max(2, round(PEAKS_A_SECOND * len(samples) / self._studio.rate))
                low, high = envelope(samples, columns)
                peaks = np.minimum(255, 255 * np.maximum(-low, high) / max(float(np.abs(samples).max()), 1e-3))
                call("timeline.shape", key=self._studio.key(number), peaks=peaks.astype(np.uint8))

    def _moved(self, value: dict[str, Any]) -> None:
        """A clip was dragged, or nudged with the keyboard, which needs no snapping."""
        project, number = self._studio.project, int(value["line"])
        if not any(clip.line == number for clip in self._timeline.clips):
            return
        if value["dragged"]:
            edges = [edge for said in project.lines if said.cue for edge in (said.cue.start, said.cue.end)]
            moved = self._timeline.moved(number, float(value["start"]), edges)
        else:
            moved = self._timeline.nudged(number, float(value["start"]))
        self._studio.change(project.placed(moved, [number]))

    def _mend(self) -> None:
        """Later clips of an overlap move back."""
        spread = self._timeline.spread()
        moved = [clip.line for clip in spread.clips if clip.start != self._timeline[clip.line].start]
        self._studio.change(self._studio.project.placed(spread, moved))
        self._app.announce(self._app.words("studio.spread.done"))

    def _fit_all(self) -> None:
        """Lines that are too long for their cue get faster; they are to be spoken again."""
        self._studio.change(self._studio.project.fitted(self._studio.seconds()))
        self._app.announce(self._app.words("studio.fit.done"))
        self._app.start(self._app.focus("studio-speak"))

    def _zoom(self, by: int) -> None:
        call("timeline.scale", by=by)

    def _sought(self, value: dict[str, Any]) -> None:
        playing = self._playback is not None and self._playback.playing
        self._studio.seek(float(value["seconds"]))
        if playing:
            self._play_on()

    def _show_head(self, seconds: float) -> None:
        playing = self._playback is not None and self._playback.playing
        call("timeline.head", seconds=seconds, follow=playing)
        length = clock(self._timeline.seconds)
        self._time.object = f'<p class="time">{clock(seconds)} <span>/ {length}</span></p>'

    def _play_on(self) -> None:
        """From the playhead; from the start when it stands at the end."""
        if self._studio.playhead >= self._timeline.seconds - 0.05:
            self._studio.seek(0.0)
        if self._playback:
            self._playback.stop()
        self._began = self._handed = self._studio.playhead
        playback = self._playback = Playback(self._studio.rate, self._progressed, lambda: self._ended(playback))
        self._hand_over()
        self._play.visible, self._stop.visible = False, True

    def _hand_over(self) -> None:
        """Give the player what it will need soon: a whole chapter would not fit into memory."""
        assert self._playback is not None
        while self._handed < min(self._studio.playhead + AHEAD_SECONDS, self._timeline.seconds):
            seconds = min(PIECE_SECONDS, self._timeline.seconds - self._handed)
            self._playback.push(self._studio.window(self._handed, seconds))
            self._handed += PIECE_SECONDS
            if self._handed >= self._timeline.seconds:
                self._playback.finish()

    def _progressed(self, seconds: float) -> None:
        self._studio.seek(self._began + seconds)
        self._hand_over()

    def _halt(self) -> None:
        if self._playback:
            self._playback.stop()

    def _ended(self, playback: Playback) -> None:
        if playback is self._playback:
            self._playback = None
            self._play.visible, self._stop.visible = True, False
