"""Serves the harness page, the sources, and the built runtime on a free port of this machine."""

from __future__ import annotations

import http.server
import io
import json
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.layout import ROOT
from steps.runtime import FOLDER

HARNESS = Path(__file__).resolve().parent
TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}


def runtime() -> Path:
    """The built runtime. Raises FileNotFoundError before the first build."""
    if not (FOLDER / "python" / "snapshot.bin").exists():
        raise FileNotFoundError(f"{FOLDER}: run `python3 build.py build` first")
    return FOLDER


def sources() -> bytes:
    """The Python of the browser's side, and its data, as a zip that is stored, not compressed."""
    packed = io.BytesIO()
    paths = [path for path in (ROOT / "frontend").rglob("*") if path.suffix in (".py", ".json")]
    paths += [ROOT / "models" / name for name in ("__init__.py", "contract.py")]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in paths:
            archive.write(path, path.relative_to(ROOT).as_posix())
    return packed.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    """GET of three folders: /harness/, /source/ and /runtime/."""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        kind, content = "application/octet-stream", None
        if path == "/harness/sources.zip":
            content = sources()
        elif path == "/harness/addresses.json":
            kind, content = "application/json", json.dumps({"runtime": "/runtime/"}).encode()
        else:
            folder, _, rest = path.lstrip("/").partition("/")
            base = {"harness": HARNESS, "source": ROOT, "runtime": runtime()}.get(folder)
            file = (base / (rest or "index.html")).resolve() if base else None
            if base and file and file.is_file() and file.is_relative_to(base):
                kind, content = TYPES.get(file.suffix, kind), file.read_bytes()
        self.send_response(200 if content is not None else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve() -> Iterator[str]:
    """The address of the harness's folder while it is served."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/harness/"
        finally:
            server.shutdown()
