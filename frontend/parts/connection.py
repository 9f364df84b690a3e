"""A calm line while there is something to know: the server can't be reached, or a newer version is there."""

from __future__ import annotations

from html import escape
from typing import Any

from frontend.bridge import call, on
from frontend.parts import icons
from frontend.parts.controls import button, line
from frontend.parts.text import markup
from frontend.words import Words

WITHOUT_SERVER = {"": "offline.open", "opening": "offline.partly", "whole": "offline.whole"}


class Connection:
    """The line; nothing is shown while there is nothing to know."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._state: dict[str, Any] = {"reachable": True, "kept": "", "update": False}
        self._said = ""
        self._text = markup("", "connection")
        self._reload = button("", lambda: call("offline.reload"), "plain", key="update-reload")
        self.view = line(self._text, self._reload, role="notice", visible=False)
        on("offline.state", self._changed)
        call("offline.watch")

    def show(self, words: Words) -> None:
        """Say it in that language; to a screen reader too, when it is news."""
        self._words = words
        key = self._key()
        self.view.visible = bool(key)
        self._reload.visible = key == "update.text"
        self._reload.name = words("update.reload")
        text = words(key) if key else ""
        icon = icons.AGAIN if key == "update.text" else icons.CLOUD_OFF
        self._text.object = f'<p class="connection">{icon}<span>{escape(text)}</span></p>' if key else ""
        if key and key != self._said:
            call("boot.announce", text=text)
        self._said = key

    def _key(self) -> str:
        if not self._state["reachable"]:
            return WITHOUT_SERVER[self._state["kept"]]
        return "update.text" if self._state["update"] else ""

    def _changed(self, state: dict[str, Any]) -> None:
        self._state = state
        self.show(self._words)
