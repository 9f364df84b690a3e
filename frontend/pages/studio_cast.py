"""Who speaks for whom. A voice that is not in the library is asked for; none steps in unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from frontend.library.voice import Voice
from frontend.parts.controls import choice, line, stack
from frontend.parts.text import markup, paragraph_html
from frontend.parts.voice import day
from frontend.studio.project import Project
from frontend.studio.studio import Studio
from frontend.studio.takes import Takes

if TYPE_CHECKING:
    from frontend.app import App


class CastSection:
    """A choice of voice for each speaker of the script."""

    def __init__(self, app: App, studio: Studio) -> None:
        self._app, self._studio = app, studio
        self._shown: object = None

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        self._shown = None
        self._alarm = markup("", visible=False)
        self._choices = line(role="grid roomy")
        self._card = stack(self._alarm, self._choices, role="card", visible=False)
        return self._card

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    def changed(self, project: Project, takes: Takes) -> None:
        """Other speakers, or other voices."""
        studio = self._studio
        given = {speaker: getattr(studio.voice(speaker), "id", "") for speaker in project.speakers}
        voices = studio.voices
        shown = (given, tuple((voice.id, voice.name) for voice in voices))
        if shown == self._shown:
            return
        self._shown = shown
        self._card.visible = bool(given)
        names = self._names(voices)
        self._choices.objects = [self._choice(speaker, id_, names) for speaker, id_ in given.items()]
        self._tell_missing(project)

    def _tell_missing(self, project: Project) -> None:
        """Speakers without a voice, and the name of the voice that a project's file had for them."""
        words = self._app.words
        missing = [
            words("studio.cast.was", speaker=speaker, voice=cast.name)
            if (cast := project.voices.get(speaker))
            else speaker or words("studio.narrator")
            for speaker in self._studio.unvoiced()
        ]
        text = words("studio.cast.missing", names=", ".join(missing)) if missing else ""
        self._alarm.object = paragraph_html(text, "alarm")
        self._alarm.visible = bool(missing)

    def _names(self, voices: tuple[Voice, ...]) -> dict[str, str]:
        """What each voice is called here, ids by name; two of one name are told apart by their day."""
        names: dict[str, str] = {}
        for voice in voices:
            twice = sum(other.name == voice.name for other in voices) > 1
            name = f"{voice.name} ({day(voice.created_at, self._app.words)})" if twice else voice.name
            while name in names:
                name += "’"
            names[name] = voice.id
        return names

    def _choice(self, speaker: str, id_: str, names: dict[str, str]) -> pn.widgets.Select:
        words = self._app.words

        def give(chosen: str) -> None:
            voice = next((voice for voice in self._studio.voices if voice.id == chosen), None)
            if voice is not None:
                self._studio.give(speaker, voice)

        entries = names if id_ else {words("studio.cast.choose"): "", **names}
        label = words("studio.cast.voice", speaker=speaker or words("studio.narrator"))
        return choice(
            label, entries, id_, give, sizing_mode="stretch_width", css_classes=[] if id_ else ["studio-choose"]
        )
