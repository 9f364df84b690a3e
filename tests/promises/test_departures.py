"""What can leave the browser at all: the few places in the code that ask a server for anything, and the ledger."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from frontend.ledger import in_words, leaves
from frontend.words import Words
from models.requests import SPEECH_REQUEST_SCHEMA
from models.seal import SEAL_REQUEST_SCHEMA
from steps.layout import ROOT

FRONTEND = ROOT / "frontend"
# Every way in which a page, or Python in it, can reach a server.
WAYS = re.compile(
    r"(?<!onnx_web\.)\bfetch\(|fetchAsIs\(|XMLHttpRequest|sendBeacon|new WebSocket|WebSocket\.new|EventSource"
    r"|RTCPeerConnection|WebTransport|importScripts|pyfetch|open_url|urllib|http\.client|httpx|requests\.|aiohttp|socket\."
)
# Where one of them stands, and what it asks for. Only the first sends anything.
KNOWN = {
    "fetch_web.py": "POST, of what the ledger made: see the next test",
    "onnx_web.py": "GET of a model, by an address of the site",
    "boot/worker.js": "GET of the runtime and the app, by addresses of the site",
    "offline/worker.js": "GET of files that the build lists, by their digests",
}


def test_every_place_that_asks_a_server_is_known() -> None:
    sources = [path for path in FRONTEND.rglob("*") if path.suffix in (".py", ".js")]
    asking = {path.relative_to(FRONTEND).as_posix() for path in sources if WAYS.search(code_of(path))}
    assert asking == set(KNOWN)


def code_of(path: Path) -> str:
    text = path.read_text("utf-8")
    return re.sub(
        r"^\s*//.*|\"\"\".*?\"\"\"", "", text, flags=re.MULTILINE | re.DOTALL if path.suffix == ".py" else re.M
    )


def test_all_that_is_posted_is_made_by_the_ledger() -> None:
    posting = [path for path in FRONTEND.rglob("*.py") if "fetch_web" in path.read_text("utf-8")]
    assert {path.name for path in posting} <= {"app.py", "client.py"}
    calls = [
        node
        for node in ast.walk(ast.parse((FRONTEND / "client.py").read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "self._post"
    ]
    assert calls
    for call in calls:
        path, content, _ = map(ast.unparse, call.args)
        assert content.startswith(f"self._ledger.enter({path}, ")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_field_that_can_be_sent_is_told_in_words(language: str) -> None:
    words = Words(language)
    profile = {"version": 1, "encoder": {"id": 0}, "embedding": "", "prosody": {"f0_median_hz": 0}, "consent": {"x": 0}}
    body: dict[str, object] = {name: {} for name in SPEECH_REQUEST_SCHEMA["properties"]} | {"voice": profile}
    body["pronunciations"] = {"Nevada": "nuh-VAH-duh"}
    body |= SEAL_REQUEST_SCHEMA["properties"]
    names = {name for name, _ in leaves({name: value or 0 for name, value in body.items()})}
    assert names > {"input", "voice.embedding", "pronunciations.Nevada"}
    assert [name for name in names if in_words(name, words) == name] == []
