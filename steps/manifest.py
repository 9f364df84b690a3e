"""The SHA-256 of every file of the site, so that a person can check that the page served is the page published.

`manifest.sha256` is in the format of `sha256sum`, and so is the line that names the whole: the manifest's own SHA-256.
`verify` asks a server for every file as a browser would, and as one that wants it uncompressed, and compares.
"""

from __future__ import annotations

import hashlib
import http.client
import subprocess
import urllib.error
import urllib.parse
import urllib.request
import zlib
from pathlib import Path

from steps import node, stamp
from steps.console import StepError, say

NAME = "manifest.sha256"
ACCEPTED = ("identity", "gzip, deflate, br")  # the second is what a browser says
TIMEOUT_SECONDS = 60
UNBROTLI = "process.stdout.write(require('node:zlib').brotliDecompressSync(require('node:fs').readFileSync(0)))"


def write(site: Path) -> None:
    """Put the manifest of everything in `site` there."""
    names = [path.relative_to(site).as_posix() for path in stamp.tree(site) if path.name not in (NAME, stamp.STAMP)]
    lines = (f"{hashlib.sha256((site / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (site / NAME).write_text("".join(lines), "utf-8")


def read(site: Path) -> dict[str, str]:
    """The SHA-256, in hex, of each file by its name."""
    lines = (site / NAME).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def identity(site: Path) -> str:
    """What names this very build: the SHA-256 of its manifest."""
    return hashlib.sha256((site / NAME).read_bytes()).hexdigest()


def verify(url: str, site: Path) -> list[str]:
    """What a server at `url` serves otherwise than it is in `site`; one line each, none when all is the same.

    Nothing is asked of any other address: a redirection is a difference. Raises StepError when there is no answer.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise StepError(f"{url}: an address begins with http:// or https://")
    differences = []
    files = read(site)
    names = [name for name in files if not name.endswith((".br", ".gz"))] + [NAME, ""]
    for number, name in enumerate(names, 1):
        content = (site / (name or "index.html")).read_bytes()
        for accepted in ACCEPTED:
            found = _served(f"{url.rstrip('/')}/{urllib.parse.quote(name)}", accepted)
            if found != content:
                what = found if isinstance(found, str) else f"SHA-256 {hashlib.sha256(found).hexdigest()}"
                differences.append(f"{name or 'index.html as /'} ({accepted}): {what}")
        if number % 50 == 0:
            say(f"  {number} of {len(names)} files")
    return differences


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirection as it is."""

    def redirect_request(self, *_: object) -> None:
        """Nowhere."""


def _served(address: str, accepted: str) -> bytes | str:
    """The content behind an address, decompressed; or, in words, what came instead. Raises StepError."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": accepted, "Cache-Control": "no-cache"})
    try:
        with urllib.request.build_opener(_NoRedirects).open(request, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read()
            return _decoded(content, answer.headers.get("Content-Encoding", "identity"))
    except urllib.error.HTTPError as error:
        return f"status {error.code}"
    except (OSError, http.client.HTTPException) as error:
        raise StepError(f"{address} does not answer: {error}") from error


def _decoded(content: bytes, encoding: str) -> bytes | str:
    try:
        match encoding:
            case "identity":
                return content
            case "gzip":
                return zlib.decompress(content, zlib.MAX_WBITS | 16)
            case "br":
                order = (node.node(), "-e", UNBROTLI)
                return subprocess.run(order, input=content, capture_output=True, check=True).stdout
            case _:
                return f"an encoding that was not asked for, {encoding}"
    except (zlib.error, subprocess.CalledProcessError):
        return f"what is no {encoding}"
