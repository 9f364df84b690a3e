"""Voices brought along in a file, for tests that need some and not the way to them: real ones, embedded natively."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from frontend.library.export import SUFFIX
from tests.browser import files, walk


def bring(page: Page, folder: Path, *names: str) -> None:
    """From the welcome to the library with voices of these names in it: first a woman's, then a man's."""
    spoken_by = {name: [2 * number] for number, name in enumerate(names)}
    walk.bring(page, files.write(folder / f"voices{SUFFIX}", files.voices(**spoken_by)))
