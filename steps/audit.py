"""Known holes in pinned versions, as far as the registries' advisory services can be asked from here."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from steps import environment, node, packages
from steps.console import say
from steps.layout import REQUIREMENTS

UNREACHABLE = "not known: the advisory service can't be reached from here, or does not know all of them; ask elsewhere"


def audit() -> bool:
    """Print what is known of each list of pins; whether there is nothing to mend, as far as was answered."""
    with tempfile.TemporaryDirectory() as folder:
        browser = Path(folder) / "browser.txt"
        wheels = [package for package in packages.SITE if package.registry == "pypi"]
        browser.write_text(
            "".join(f"{it.name}=={it.version} --hash=sha256:{it.sha256}\n" for it in wheels), encoding="utf-8"
        )
        answers = {
            "Python on the server": _pip(REQUIREMENTS / "run.txt"),
            "Python in the browser": _pip(browser),
            "JavaScript in the browser": _npm(Path(folder)),
        }
    for what, holes in answers.items():
        if holes is None:
            say(f"? {what}: {UNREACHABLE}")
        else:
            say(f"✓ {what}: no known hole" if not holes else f"✗ {what}: {', '.join(holes)}")
    return not any(answers.values())


def _pip(requirements: Path) -> list[str] | None:
    """Known holes as "name version: id"; None without an answer for each package."""
    options = ("--disable-pip", "--require-hashes", "--no-deps", "--progress-spinner", "off", "--format", "json")
    order = (environment.tool("audit") / "pip-audit", *options, "--requirement", requirements)
    answer = _json(subprocess.run(order, capture_output=True, text=True, check=False).stdout)
    if "dependencies" not in answer:
        return None
    found = [(it["name"], it["version"], hole["id"]) for it in answer["dependencies"] for hole in it.get("vulns", ())]
    asked = requirements.read_text("utf-8").count("==")
    if not found and (len(answer["dependencies"]) < asked or any("skip_reason" in it for it in answer["dependencies"])):
        return None
    return [f"{name} {version}: {identity}" for name, version, identity in found]


def _npm(folder: Path) -> list[str] | None:
    """Known holes as "name: severity"; None without an answer."""
    wanted = {package.name: package.version for package in packages.SITE if package.registry == "npm"}
    (folder / "package.json").write_text(json.dumps({"private": True, "dependencies": wanted}), encoding="utf-8")
    lock = (*node.npm(), "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--legacy-peer-deps")
    ask = (*node.npm(), "audit", "--json")
    for order in (lock, ask):
        done = subprocess.run(order, cwd=folder, capture_output=True, text=True, check=False)
    answer = _json(done.stdout)
    if "vulnerabilities" not in answer:
        return None
    return [f"{name}: {hole['severity']}" for name, hole in answer["vulnerabilities"].items()]


def _json(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
