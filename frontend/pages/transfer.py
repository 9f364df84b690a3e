"""Voices out to an `.ownvoice` file, and back in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from frontend.bridge import call
from frontend.library import export, sealing
from frontend.library.vault import PASSPHRASE_MIN_CHARS
from frontend.pages.protection import _Form
from frontend.parts import icons
from frontend.parts.controls import button, line, passphrase_field, stack
from frontend.parts.text import heading, markup, paragraph, paragraph_html

if TYPE_CHECKING:
    from frontend.app import App


class ExportPage(_Form):
    """One voice or all of them, under a passphrase that only the person knows."""

    name = "export"

    def __init__(self, app: App, id_: str | None) -> None:
        super().__init__(app)
        self._id = id_

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._new = passphrase_field(words("passphrase.new"), key="export-new")
        self._again = passphrase_field(words("passphrase.again"), key="export-again")
        self._go = button(words("export.go"), self._save, "primary", icons.SAVE, key="export-go")
        return stack(
            stack(heading(words("export.title"), self.name), paragraph(words("export.lead"), "lead"), role="tight"),
            self._new,
            self._again,
            self._alarm,
            line(self._go, button(words("library.back"), self._app.go_home, "quiet", key="export-back")),
        )

    async def _save(self) -> None:
        words, passphrase = self._app.words, self._new.value_input
        if len(passphrase) < PASSPHRASE_MIN_CHARS:
            self._app.alarm(self._alarm, words("passphrase.short", limit=PASSPHRASE_MIN_CHARS))
        elif passphrase != self._again.value_input:
            self._app.alarm(self._alarm, words("passphrase.differs"))
        elif await self._try(self._go, lambda: self._encrypt(passphrase)):
            self._app.announce(words("export.done"))
            self._app.go_home()

    async def _encrypt(self, passphrase: str) -> None:
        vault = self._app.vault
        voices = vault.voices if self._id is None else (vault.voice(self._id),)
        file = await sealing.encrypt(export.packed(voices), passphrase, export.WORK_FACTOR)
        name = "-".join(voices[0].name.split()) if len(voices) == 1 else self._app.words("export.file")
        call("boot.save", name=name + export.SUFFIX, mime=export.MIME, data=file)


class ImportPage(_Form):
    """A file and its passphrase; taken whole or not at all."""

    name = "import"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._file: dict[str, Any] | None = None
        self._count = 0

    def view(self) -> pn.viewable.Viewable:
        """What is shown."""
        words = self._app.words
        self._chosen = markup("")
        self._choose = button(words("import.choose"), self._pick, "plain", key="import-choose")
        self._passphrase = passphrase_field(words("import.passphrase"), key="import-passphrase")
        self._go = button(words("import.go"), self._take, "primary", key="import-go", disabled=True)
        return stack(
            stack(heading(words("import.title"), self.name), paragraph(words("import.lead"), "lead"), role="tight"),
            line(self._choose, self._chosen),
            self._passphrase,
            self._alarm,
            line(self._go, button(words("back"), self._app.go_home, "quiet", key="import-back")),
        )

    async def _pick(self) -> None:
        picked = await call("library.choose", accept=export.SUFFIX, limit=export.MAX_BYTES + 1)
        if picked:
            self._file = picked
            self._chosen.object = paragraph_html(picked["name"], "note")
            self._go.disabled = self._alarm.visible = False

    async def _take(self) -> None:
        if await self._try(self._go, self._unpack):
            self._app.announce(self._app.words("import.done", count=self._count))
            self._app.go_home()

    async def _unpack(self) -> None:
        assert self._file is not None
        content = np.asarray(self._file["bytes"], np.uint8).tobytes()
        sha256 = (await self._app.fetch_encoder()).sha256
        voices = await export.unpacked(content, self._passphrase.value_input, sealing.decrypt, sha256)
        await self._app.vault.add(*voices)
        self._count = len(voices)
