"""The site's service worker: our script, with the version and the digest of every file that it may keep before it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from steps import app, stamp

COMPRESSED = (".br", ".gz")  # a browser gets these by the name of what they hold


def script(site: Path, version: str, parts: Sequence[str]) -> str:
    """The text of `offline.js` for the files in `site`, by part."""
    held = {
        part: {
            path.relative_to(site / part).as_posix(): _integrity(path)
            for path in stamp.tree(site / part)
            if path.suffix not in COMPRESSED
        }
        for part in parts
    }
    facts = {"version": version, "page": _integrity(site / "index.html"), "parts": held}
    return f"self.site = {json.dumps(facts, separators=(',', ':'))};\n{app.WORKER.read_text('utf-8')}"


def _integrity(path: Path) -> str:
    """As fetch wants it (W3C Subresource Integrity)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
