"""age and Argon2id for the browser: ES modules of npm whose imports by package name are made relative.

Workers have no import maps, and a bundler would be one more thing to trust; these modules need neither.
"""

from __future__ import annotations

import posixpath
import re

from steps import archive, packages
from steps.layout import DOWNLOADS

AGE = "age-encryption/dist/index.js"
ARGON2 = "hash-wasm/dist/argon2.umd.min.js"
STATEMENT = re.compile(r"^import\b[^;]*;|^export\b[^;]*\bfrom\b[^;]*;", re.MULTILINE)
IMPORT = re.compile(r"""(\b(?:from|import)\s*)(["'])([^"']+)\2""")
ENTRIES = {"age-encryption": AGE, "@scure/base": "@scure/base/index.js"}


def files() -> dict[str, bytes]:
    """Every module that AGE reaches, and ARGON2, by path under `sealing/`; each package's licence beside them."""
    held = {
        f"{package.name}/{name}": data
        for package in packages.SEALING
        for name, data in archive.read_npm(DOWNLOADS / package.filename).items()
    }
    chosen, waiting = {ARGON2: held[ARGON2]}, [AGE]
    while waiting:
        path = waiting.pop()
        if path not in chosen:
            text, imported = _relative(held[path].decode(), path)
            chosen[path] = text.encode()
            waiting += imported
    chosen |= {name: data for name, data in held.items() if re.fullmatch(r".*/LICENSE(\.\w+)?", name)}
    return {f"sealing/{name}": data for name, data in chosen.items()}


def _relative(source: str, path: str) -> tuple[str, list[str]]:
    """The source with every import relative to `path`, and the paths imported."""
    imported: list[str] = []

    def repoint(found: re.Match[str]) -> str:
        keyword, quote, name = found.groups()
        target = ENTRIES.get(name, name) if not name.startswith(".") else posixpath.join(posixpath.dirname(path), name)
        target = posixpath.normpath(target)
        imported.append(target)
        return f"{keyword}{quote}{_step(path, target)}{quote}"

    return STATEMENT.sub(lambda statement: IMPORT.sub(repoint, statement[0]), source), imported


def _step(path: str, target: str) -> str:
    relative = posixpath.relpath(target, posixpath.dirname(path))
    return relative if relative.startswith(".") else f"./{relative}"
