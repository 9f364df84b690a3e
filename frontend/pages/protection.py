"""The passphrase: asked for, set, changed, removed; and everything deleted at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import panel as pn

from frontend.bridge import call
from frontend.library.vault import PASSPHRASE_MIN_CHARS
from frontend.parts.controls import button, line, passphrase_field, stack
from frontend.parts.problem import Problem, problem
from frontend.parts.text import heading, markup, paragraph

if TYPE_CHECKING:
    from frontend.app import App


class _Form:
    """What these pages have in common: an alarm, and work that takes a second."""

    name = ""

    def __init__(self, app: App) -> None:
        self._app = app
        self._alarm = markup("", visible=False)

    def leave(self) -> None:
        """Nothing to let go of."""

    def paint(self, dark: bool) -> None:
        """Nothing is painted."""

    async def _try(self, pressed: pn.widgets.Button, work: Callable[[], Awaitable[None]]) -> bool:
        """Whether it worked; if not, why not is said."""
        self._alarm.visible = False
        pressed.disabled = True
        name, pressed.name = pressed.name, self._app.words("working")
        self._app.announce(pressed.name)
        try:
            await work()
        except Problem as error:
            self._app.alarm(self._alarm, problem(error, self._app.words))
            return False
        finally:
            pressed.param.update(disabled=False, name=name)
        return True


class UnlockPage(_Form):
    """The library is locked."""

    name = "unlock"

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._passphrase = passphrase_field(words("library.passphrase.label"), key="unlock-passphrase")
        self._go = button(words("unlock.go"), self._unlock, "primary", key="unlock-go")
        return stack(
            stack(heading(words("unlock.title"), self.name), paragraph(words("unlock.lead"), "lead"), role="tight"),
            self._passphrase,
            self._alarm,
            line(
                self._go,
                button(words("library.erase"), lambda: self._app.go(ErasePage(self._app)), "quiet", key="unlock-erase"),
            ),
        )

    async def _unlock(self) -> None:
        passphrase = self._passphrase.value_input
        if await self._try(self._go, lambda: self._app.vault.unlock(passphrase)):
            self._app.go_home()


class PassphrasePage(_Form):
    """Set, change or remove it; for all voices at once, or not at all."""

    name = "passphrase"

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words, vault = self._app.words, self._app.vault
        self._current = passphrase_field(words("passphrase.current"), key="passphrase-current")
        self._new = passphrase_field(words("passphrase.new"), key="passphrase-new")
        self._again = passphrase_field(words("passphrase.again"), key="passphrase-again")
        self._current.visible = vault.has_passphrase
        self._set = button(words("passphrase.set"), self._save, "primary", key="passphrase-set")
        self._off = button(words("passphrase.remove"), self._remove, "plain", key="passphrase-remove")
        self._off.visible = vault.has_passphrase
        return stack(
            stack(
                heading(words("passphrase.title"), self.name), paragraph(words("passphrase.lead"), "lead"), role="tight"
            ),
            self._current,
            self._new,
            self._again,
            self._alarm,
            line(
                self._set,
                self._off,
                button(words("library.back"), self._app.go_home, "quiet", key="passphrase-back"),
            ),
        )

    async def _save(self) -> None:
        words, passphrase = self._app.words, self._new.value_input
        if len(passphrase) < PASSPHRASE_MIN_CHARS:
            self._app.alarm(self._alarm, words("passphrase.short", limit=PASSPHRASE_MIN_CHARS))
        elif passphrase != self._again.value_input:
            self._app.alarm(self._alarm, words("passphrase.differs"))
        elif await self._try(self._set, lambda: self._app.vault.set_passphrase(passphrase, self._current.value_input)):
            self._app.announce(words("passphrase.done"))
            self._app.go_home()

    async def _remove(self) -> None:
        if await self._try(self._off, lambda: self._app.vault.remove_passphrase(self._current.value_input)):
            self._app.announce(self._app.words("passphrase.gone"))
            self._app.go_home()


class ErasePage(_Form):
    """Delete everything; works offline and while locked."""

    name = "erase"

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._yes = button(words("erase.yes"), self._erase, "recording", key="erase-yes")
        return stack(
            stack(heading(words("erase.title"), self.name), paragraph(words("erase.lead"), "lead"), role="tight"),
            self._alarm,
            line(button(words("library.keep"), self._app.go_home, "primary", key="erase-no"), self._yes),
        )

    async def _erase(self) -> None:
        if await self._try(self._yes, self._everything):
            self._app.session.forget()
            self._app.studio.forget()
            call("boot.guard", unsaved=False)
            self._app.announce(self._app.words("erase.done"))
            self._app.go_home()

    async def _everything(self) -> None:
        await self._app.vault.delete_everything()
        await call("library.erase")
