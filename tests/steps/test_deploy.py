"""What runs a server: the container's file by its text, the image's content by its own script, the unit by systemd."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from steps.layout import ROOT

CONTAINERFILE = ROOT / "deploy" / "Containerfile"
UNIT = ROOT / "deploy" / "ownvoice.service"
EXPOSURE_AT_MOST = 2.0  # of 10, as systemd rates it


def instructions() -> list[tuple[str, str]]:
    """Name and argument of each instruction, continued lines joined."""
    text = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", CONTAINERFILE.read_text("utf-8"), flags=re.MULTILINE))
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())]


def test_the_image_has_no_shell_no_root_and_no_secret() -> None:
    names = [name for name, _ in instructions()]
    last = max(index for index, name in enumerate(names) if name == "FROM")
    final = dict(instructions()[last:])
    assert final["FROM"] == "scratch"
    assert "RUN" not in names[last:]
    user, group = map(int, final["USER"].split(":"))
    assert user and group
    assert final["ENTRYPOINT"].startswith('["/') and "sh" not in final["ENTRYPOINT"].split('"')
    assert not [name for name in names if name == "ADD"]
    assert not any(
        re.search("key|secret|password", rest, re.IGNORECASE) for name, rest in instructions() if name == "ENV"
    )


def test_everything_that_is_copied_exists() -> None:
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    assert [source for sources in copied for source in sources if not (ROOT / source).exists()] == []


def test_what_the_image_gets_is_found_without_a_shell(tmp_path: Path) -> None:
    """Its script on two programs that are linked like Python and its extension modules."""
    script = compile((ROOT / "deploy" / "image.py").read_text("utf-8"), "image.py", "exec")
    image: dict[str, object] = {"__name__": "image", "__file__": str(ROOT / "deploy" / "image.py")}
    exec(script, image)
    linked = image["linked"]
    assert callable(linked)
    found = [path.name for path in linked([Path("/bin/ls")])]
    assert any(name.startswith("ld-linux") for name in found) and "libc.so.6" in found
    copy = image["copy"]
    assert callable(copy)
    copy(tmp_path, ROOT / "server")
    assert (tmp_path / (ROOT / "server" / "app.py").relative_to("/")).exists()
    assert not list(tmp_path.rglob("__pycache__"))


def test_the_unit_gives_the_server_nothing_to_write_and_nobody_to_call() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(re.sub(r"\\\n\s*", "", UNIT.read_text("utf-8")))
    service = unit["Service"]
    expected = {
        "DynamicUser": "yes",
        "ProtectSystem": "strict",
        "NoNewPrivileges": "yes",
        "CapabilityBoundingSet": "",
        "IPAddressDeny": "any",
        "IPAddressAllow": "localhost",
        "LimitCORE": "0",
        "MemorySwapMax": "0",
    }
    assert {name: service[name] for name in expected} == expected
    assert not {"ReadWritePaths", "StateDirectory", "CacheDirectory", "LogsDirectory"} & set(service)


def test_the_units_options_are_the_servers() -> None:
    options = set(re.findall(r"(--[a-z-]+)", UNIT.read_text("utf-8").partition("ExecStart=")[2].partition("\nWork")[0]))
    known = (ROOT / "server" / "__main__.py").read_text("utf-8")
    assert options and [option for option in options if f'"{option}"' not in known] == []


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_rates_the_unit_as_well_sandboxed() -> None:
    order = ("systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT))
    told = subprocess.run(order, capture_output=True, text=True, check=False)
    rated = re.search(r"Overall exposure level for ownvoice.service: ([\d.]+)", told.stdout)
    assert rated, told.stderr
    assert float(rated[1]) <= EXPOSURE_AT_MOST
