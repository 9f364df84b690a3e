"""Do a piece of work once for the same inputs: what was made carries a stamp of what it was made from."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

STAMP = ".stamp"


def digest(*parts: str | bytes | Path) -> str:
    """SHA-256, in hex, of texts, bytes and files (content and name), in order."""
    whole = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            content = part.name.encode() + b"\0" + part.read_bytes()
        else:
            content = part.encode() if isinstance(part, str) else part
        whole.update(len(content).to_bytes(8, "big") + content)
    return whole.hexdigest()


def tree(folder: Path, ignore: Iterable[str] = ("__pycache__",)) -> list[Path]:
    """Every file under a folder, sorted, but those in a folder named in `ignore`."""
    skip = set(ignore)
    return sorted(p for p in folder.rglob("*") if p.is_file() and not skip & set(p.relative_to(folder).parts))


def once(folder: Path, key: str, make: Callable[[Path], None]) -> bool:
    """Have `make` fill `folder` unless it already did for this key; whether it had to. Whole or not at all."""
    if is_made(folder, key):
        return False
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    make(fresh)
    (fresh / STAMP).write_text(key, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return True


def is_made(folder: Path, key: str) -> bool:
    """Whether `folder` was made for this key."""
    stamp = folder / STAMP
    return stamp.exists() and stamp.read_text("utf-8") == key
