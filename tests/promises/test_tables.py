"""The tables of promises name tests that exist, and no sentence of the privacy page goes without."""

from __future__ import annotations

import json
import re

import pytest

from server.headers import CONTENT_SECURITY_POLICY, HEADERS
from steps.layout import ROOT

PATH = re.compile(r"`((?:tests|models|docs|deploy|frontend|server)/[\w./-]+)`")
UNTESTED = ("explanation", "not tested here")
SENTENCE = re.compile(r"(?<=[.;])\s+(?=[A-Z])")


def rows(document: str) -> list[list[str]]:
    """The cells of each row of the document's tables."""
    lines = (ROOT / document).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


@pytest.mark.parametrize("document", ["README.md", "docs/threat-model.md", "docs/deployment.md"])
def test_every_file_that_is_named_exists(document: str) -> None:
    named = PATH.findall((ROOT / document).read_text("utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize(
    ("document", "first", "least"),
    [
        ("README.md", "promise", 11),
        ("docs/threat-model.md", "", 11),
        ("docs/deployment.md", "what", 8),
        ("docs/deployment.md", "what happens", 10),
    ],
)
def test_every_promise_and_threat_has_a_test_or_says_that_it_has_none(document: str, first: str, least: int) -> None:
    held: list[list[str]] = []
    inside = False
    for row in rows(document):
        inside = (inside and len(row) == len(held[-1] if held else row)) or (
            row[-1] == "test" and row[0].startswith(first)
        )
        if inside and row[-1] not in ("test", "---"):
            held.append(row)
    assert len(held) >= least
    assert [row for row in held if not PATH.search(row[-1]) and not row[-1].startswith(UNTESTED)] == []


def test_every_sentence_of_the_privacy_page_has_its_row() -> None:
    notices = json.loads((ROOT / "frontend" / "library" / "notices.json").read_text("utf-8"))["privacy"]
    told = {row[0]: row[-1] for row in rows("README.md") if len(row) == 2}
    sentences = [sentence for _, text in notices["en"] for sentence in SENTENCE.split(text)]
    assert len(sentences) > 20
    assert [sentence for sentence in sentences if sentence not in told] == []
    assert len(notices["en"]) == len(notices["de"])


def test_what_the_policy_forces_open_is_explained() -> None:
    explained = " ".join(row[0] for row in rows("docs/deployment.md") if len(row) == 2)
    for directive, value in CONTENT_SECURITY_POLICY.items():
        opened = [source for source in value.split() if source not in ("'self'", "'none'")]
        assert not opened or f"{directive} {' '.join(opened)}" in explained
    assert CONTENT_SECURITY_POLICY["connect-src"] == "'self'"
    assert "'unsafe-inline'" not in CONTENT_SECURITY_POLICY["script-src"]


def test_no_device_but_the_microphone_is_asked_for() -> None:
    granted = dict(rule.split("=") for rule in HEADERS["permissions-policy"].split(", "))
    assert granted.pop("microphone") == "(self)"
    assert set(granted.values()) == {"()"}
