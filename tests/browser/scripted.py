"""The app as built, but asking for the sentence that a recording holds: the script check is not to be fooled.

Fresh scripts are drawn from sentences that no shipped recording reads. So the page gets the real archive with two of
its data files replaced in place: what is asked for changes, nothing of how it is checked.
"""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

from playwright.sync_api import BrowserContext, Route

from tests.recordings import recordings

STATEMENTS = "frontend/library/statements.json"
SENTENCES = "frontend/library/sentences.json"


def ask_for(context: BrowserContext, recording: Path) -> None:
    """Have the pages of this context ask for what `recording` reads, in halves: consent, and one sentence."""

    def answer(route: Route) -> None:
        response = route.fetch()
        headers = {name: value for name, value in response.headers.items() if name != "content-encoding"}
        route.fulfill(response=response, headers=headers, body=asking(response.body(), recording))

    context.route("**/app.zip", answer)


def asking(archive: bytes, recording: Path) -> bytes:
    """The archive with both files replaced by others of the same length: it is stored, not compressed."""
    words = next(it.transcript for it in recordings() if it.file == recording).capitalize().split()
    consent, sentence = " ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        held = {name: opened.read(name) for name in (STATEMENTS, SENTENCES)}
    statements = json.loads(held[STATEMENTS])
    for version in statements.values():
        for language in version.values():
            language["spoken"] = f"{consent}."
    pool = [{"text": f"{sentence}.", "phonemes": "a b"}]
    for name, value in ((STATEMENTS, statements), (SENTENCES, {"en": pool, "de": pool})):
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        assert len(text) <= len(held[name]) and archive.count(held[name]) == 1
        archive = archive.replace(held[name], text.ljust(len(held[name])))
    return archive
