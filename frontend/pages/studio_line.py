"""One line, opened: its words, who says them, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from frontend.parts import icons
from frontend.parts.controls import button, choice, line, stack, text_area, text_field
from frontend.parts.text import markup, paragraph_html
from frontend.studio.line import EMPHASES, Line, ScriptError
from frontend.studio.project import holds
from frontend.studio.studio import Studio
from models.contract import INPUT_MAX_CHARS, SAID_MAX_CHARS, SEED_RANGE, WRITTEN_MAX_CHARS

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.app import App

SPEEDS = (0.75, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.5)
PITCHES = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)  # semitones
PAUSES = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0)  # s
WIDE = {"sizing_mode": "stretch_width"}


class LineEditor:
    """Every field changes the line at once, which is one step for undo."""

    def __init__(
        self, app: App, studio: Studio, number: int, move: Callable[[int], None], again: Callable[[int], None]
    ) -> None:
        self.number = number
        self._app, self._studio, self._move, self._again = app, studio, move, again
        self._shown: Line = studio.project.lines[number]
        self._dictionary = studio.project.dictionary
        self._word = self._how = ""
        self._view = stack(role="tight")

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        self._fill()
        return self._view

    def follow(self) -> bool:
        """Show the line as it is now, after an undo for example; False when it is another line, or gone."""
        project = self._studio.project
        if self.number >= len(project.lines):
            return False
        now = project.lines[self.number]
        if now != self._shown or project.dictionary is not self._dictionary:
            self._shown, self._dictionary = now, project.dictionary
            self._fill()
        return True

    def _fill(self) -> None:
        words, said, numbers = self._app.words, self._shown, self._app.words.number
        times = {words("speak.times", factor=numbers(it, 2)): it for it in sorted({*SPEEDS, said.speed})}
        pitches = {
            words("studio.pitch.none" if not it else "studio.facts.pitch", count=f"{it:+g}".replace("-", "−")): it
            for it in sorted({*PITCHES, said.pitch})
        }
        emphases = {words(f"studio.emphasis.{name or 'none'}"): name for name in EMPHASES}
        self._alarm = markup("", visible=False)
        self._text = text_area(
            words("studio.line.text"),
            said.text,
            lambda _: None,
            rows=2,
            auto_grow=True,
            max_rows=8,
            max_length=INPUT_MAX_CHARS,
            css_classes=["studio-line-text"],
        )
        self._text.param.watch(lambda event: self._set(text=event.new), "value")
        self._view.objects = [
            self._text,
            self._alarm,
            line(
                self._choice("studio.line.speaker", self._speakers(), "speaker"),
                self._choice("speak.speed", times, "speed"),
                self._choice("studio.pitch", pitches, "pitch"),
                self._choice("studio.emphasis", emphases, "emphasis"),
                self._choice("studio.pause.before", self._pauses(said.pause_before), "pause_before"),
                self._choice("studio.pause.after", self._pauses(said.pause_after), "pause_after"),
                role="grid",
            ),
            self._pronunciations(),
            self._endings(),
        ]

    def _choice(self, label: str, entries: dict[str, Any], name: str) -> pn.widgets.Select:
        value = getattr(self._shown, name)
        return choice(self._app.words(label), entries, value, lambda chosen: self._set(**{name: chosen}), **WIDE)

    def _speakers(self) -> dict[str, str]:
        """Those of the script, then voices of the library that have no part yet."""
        project = self._studio.project
        names = dict.fromkeys((*project.speakers, *(voice.name for voice in self._studio.voices)))
        taken = {name.casefold() for name in project.speakers}
        kept = [name for name in names if name in project.speakers or name.casefold() not in taken]
        return {name or self._app.words("studio.narrator"): name for name in kept}

    def _pauses(self, own: float) -> dict[str, float]:
        words = self._app.words
        return {words("studio.seconds", count=words.number(it, 2)): it for it in sorted({*PAUSES, own})}

    def _pronunciations(self) -> pn.viewable.Viewable:
        """Words said another way: those of this line, and room for one more."""
        words, said = self._app.words, self._shown
        known = {**self._dictionary, **said.pronunciations}
        forget = [
            button(words("studio.say.forget", word=word, how=how), self._forgetting(word), "quiet", icons.CLOSE)
            for word, how in known.items()
            if holds(said.text, word)
        ]
        word = text_field(words("studio.say.word"), "", self._typed_word, width=170, max_length=WRITTEN_MAX_CHARS)
        how = text_field(
            words("studio.say.how"),
            "",
            self._typed_how,
            width=220,
            max_length=SAID_MAX_CHARS,
            placeholder=words("studio.say.placeholder"),
        )
        remember = button(words("studio.say.remember"), self._remember, "plain", key="studio-remember", align="end")
        return stack(
            line(word, how, remember, role="actions"),
            markup(paragraph_html(words("studio.say.hint"), "note")),
            *([line(*forget)] if forget else []),
            role="tight",
        )

    def _endings(self) -> pn.viewable.Viewable:
        words, said = self._app.words, self._shown
        before = button(words("studio.take.before"), lambda: self._set(take=said.take - 1), "quiet")
        before.disabled = said.take == 0
        another = button(words("speak.another"), self._another, "plain", icons.AGAIN, key="studio-another")
        entries = [another, before]
        if said.start is not None:
            entries.append(button(words("studio.line.unpin"), lambda: self._set(start=None), "quiet"))
        entries += [
            button(words("studio.line.insert"), self._insert, "quiet", icons.PLUS, key="studio-insert"),
            button(words("studio.line.delete"), self._delete, "quiet", key="studio-delete"),
        ]
        entries[-1].disabled = len(self._studio.project.lines) == 1
        return line(*entries)

    def _set(self, **changes: Any) -> None:
        project = self._studio.project
        try:
            changed = project.with_line(self.number, **changes)
        except ScriptError as error:
            from frontend.pages.studio_script import script_problem

            self._app.alarm(self._alarm, script_problem(error, self._app.words))
            return
        self._alarm.visible = False
        if changes.keys() <= {"text", "speaker", "speed", "pitch", "emphasis", "pause_before", "pause_after"}:
            self._shown = changed.lines[self.number]  # the field shows it already, and keeps the focus
        self._studio.change(changed)

    def _typed_word(self, text: str) -> None:
        self._word = text

    def _typed_how(self, text: str) -> None:
        self._how = text

    def _remember(self) -> None:
        """For this line and every other one that holds the word."""
        word, how, words = " ".join(self._word.split()), " ".join(self._how.split()), self._app.words
        if not word or not how:
            self._app.alarm(self._alarm, words("studio.say.empty"))
        elif not holds(self._shown.text, word):
            self._app.alarm(self._alarm, words("studio.say.absent", word=word))
        else:
            project = self._studio.project
            self._studio.change(project.replace(dictionary={**project.dictionary, word: how}))
            self._app.announce(words("studio.say.remembered", word=word))

    def _forgetting(self, word: str) -> Callable[[], None]:
        def forget() -> None:
            project = self._studio.project
            own = {it: how for it, how in self._shown.pronunciations.items() if it != word}
            dictionary = {it: how for it, how in project.dictionary.items() if it != word}
            self._studio.change(project.with_line(self.number, pronunciations=own).replace(dictionary=dictionary))

        return forget

    def _another(self) -> None:
        self._set(take=(self._shown.take + 1) % SEED_RANGE[1])
        self._again(self.number)

    def _insert(self) -> None:
        project, words = self._studio.project, self._app.words
        new = Line(words("studio.line.text.new"), self._shown.speaker)
        self._studio.change(project.with_new_line(self.number + 1, new))
        self._move(self.number + 1)

    def _delete(self) -> None:
        self._move(-1)
        self._studio.change(self._studio.project.without_line(self.number))
        self._app.announce(self._app.words("studio.line.deleted"))
