"""Sites that differ in one part from the one that was built: other versions, put together by the build's own steps."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from steps import site, stamp
from steps.layout import DIST
from tests.browser.scripted import asking

PARTS = ("panel", "runtime", "models", "app")
PYTHON = "app.zip"


def built() -> list[site.Part]:
    """The parts of the site that was built."""
    found = []
    for name in PARTS:
        (folder,) = (DIST / name).iterdir()
        paths = [folder / it for it in site.BROWSER_MODELS] if name == "models" else stamp.tree(folder)
        part = site.Part(name, {path.relative_to(folder).as_posix(): path for path in paths})
        assert part.address == f"{name}/{folder.name}"
        found.append(part)
    return found


def changed(folder: Path, recording: Path, *, text: tuple[bytes, bytes] = (b"", b"")) -> Path:
    """Another version in `folder`/site: it asks for what `recording` reads, and says `text[1]` for `text[0]`."""
    *others, app = built()
    content = asking(app.files[PYTHON].read_bytes(), recording)
    assert not text[0] or (content.count(text[0]) == 1 and len(text[0]) == len(text[1]))
    (folder / PYTHON).write_bytes(content.replace(*text, 1))
    compressed = {f"{PYTHON}.br", f"{PYTHON}.gz"}
    files = {name: path for name, path in app.files.items() if name not in compressed} | {PYTHON: folder / PYTHON}
    site.assemble(folder / "site", (*others, replace(app, files=files)))
    return folder / "site"


def deploy(new: Path, served: Path) -> None:
    """Put a version in the place of another while it is served, as a deployment does: nothing of the old one stays."""
    for part in PARTS:
        for old in (served / part).iterdir():
            if not (new / part / old.name).exists():
                shutil.rmtree(old)
    shutil.copytree(new, served, dirs_exist_ok=True)
