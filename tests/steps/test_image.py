"""The image as it runs: what its script assembles speaks, without a shell, without rights, with nowhere to write.

The box is bubblewrap's: the image as a read-only root, an ordinary user without capabilities, no other file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from steps.layout import CACHE, CREDENTIALS, DIST, ROOT
from tests.server.listening import PATH, profile_of
from tests.server.process import started

USER = "65532"
WRITE = """
import errno, os
for folder in ("/", *("/" + name for name in os.listdir("/")), os.getcwd()):
    try:
        os.open(folder + "/written", os.O_CREAT | os.O_WRONLY)
    except OSError as error:
        assert error.errno in (errno.EROFS, errno.ENOENT), error
    else:
        raise SystemExit(folder)
"""


def box(image: Path) -> tuple[str | Path, ...]:
    """The command that runs another in the image."""
    options = ("--unshare-user", "--unshare-ipc", "--uid", USER, "--gid", USER, "--cap-drop", "ALL")
    sealed = ("--ro-bind", image, "/", "--proc", "/proc", "--remount-ro", "/proc")
    return ("bwrap", *options, *sealed, "--ro-bind", CREDENTIALS, "/credentials", "--chdir", ROOT)


@pytest.fixture(scope="module")
def image() -> Iterator[Path]:
    """The root of the image's file system."""
    if not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed")
    if subprocess.run(("bwrap", "--ro-bind", "/", "/", "--unshare-user", "true"), capture_output=True).returncode:
        pytest.skip("no user name space is to be had here")
    assert DIST.is_dir()
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="image ") as folder:
        root = Path(folder)
        for mounted in ("proc", "credentials"):
            (root / mounted).mkdir()
        subprocess.run((sys.executable, ROOT / "deploy" / "image.py", root), check=True)
        yield root


def test_there_is_nothing_to_run_but_python(image: Path) -> None:
    found = {path.resolve().name for path in image.rglob("*") if path.is_file() and is_program(path)}
    assert {name.rstrip("0123456789.") for name in found} == {"python"}


def is_program(path: Path) -> bool:
    """Whether the kernel would start it; libraries and modules are no programs, whatever their mode says."""
    if not os.access(path, os.X_OK) or ".so" in path.name or path.suffix == ".py":
        return False
    with path.open("rb") as file:
        return file.read(4)[:2] in (b"\x7fE", b"#!")


def test_it_speaks_as_nobody_and_nothing_can_be_written(image: Path, tmp_path: Path) -> None:
    profile = profile_of(ROOT / "tests/data/2961-961-0010.flac", (190.0, 10.0, 4.5))
    subprocess.run((*box(image), sys.executable, "-c", WRITE), check=True)
    with (
        started(tmp_path, "--credentials", "/credentials", under=box(image)) as server,
        httpx.Client(base_url=server.address, timeout=120) as client,
    ):
        assert client.get("/readyz").status_code == 200
        assert client.get("/").headers["content-type"].startswith("text/html")
        for name in ("wav", "mp3"):
            answer = client.post(PATH, json={"input": "Hello.", "voice": profile, "response_format": name})
            assert answer.status_code == 200 and len(answer.content) > 5_000
        status = Path(f"/proc/{server.number}/status").read_text()
        for name, value in (("CapEff", "0000000000000000"), ("CapBnd", "0000000000000000"), ("NoNewPrivs", "1")):
            assert f"{name}:\t{value}\n" in status
    assert not list(tmp_path.iterdir())
