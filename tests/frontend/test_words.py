"""Both languages say the same things, and no page says anything that is not in them."""

from __future__ import annotations

import ast
import re
import string
from pathlib import Path

import pytest

from frontend.words import Words, best_language, catalogue
from models.contract import READING_LANGUAGES

FRONTEND = Path(__file__).parents[2] / "frontend"
SOURCES = [FRONTEND / "app.py", *sorted((FRONTEND / "pages").glob("*.py")), *sorted((FRONTEND / "parts").glob("*.py"))]
MARKUP = re.compile(r"<[^>]*>?|^[^<]*>|&\w+;")  # tags, and the rest of one that a value was put into
SENTENCE = re.compile(r"[A-Za-zÄÖÜäöüß]{2,} [A-Za-zÄÖÜäöüß]{2,}")
STYLES = re.compile(r"^[a-z -]+$|^script reading")  # names of classes


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts() -> None:
    english, german = (catalogue(language) for language in ("en", "de"))
    assert set(english) == set(german)
    for key in english:
        assert fields(english[key]) == fields(german[key]), key
        assert english[key].strip() and german[key].strip(), key


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_text_for_people_stands_in_the_code(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(node, described) and ast.get_docstring(node) is not None
        for statement in node.body[:1]
        if isinstance(statement, ast.Expr)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]
    said = [text for text in texts if SENTENCE.search(MARKUP.sub("", text)) and not STYLES.match(text)]
    assert said == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_text_that_is_asked_for_exists(path: Path) -> None:
    for key in re.findall(r"\bwords\(\"([a-z0-9.-]+)\"", path.read_text(encoding="utf-8")):
        assert key in catalogue("en"), key


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [(["de-AT", "en"], "de"), (["fr-FR", "de"], "de"), (["fr"], "en"), ([], "en"), (["EN-gb"], "en")],
)
def test_the_persons_first_language_that_we_have_is_taken(accepted: list[str], expected: str) -> None:
    assert best_language(accepted) == expected
    assert expected in READING_LANGUAGES


def test_numbers_and_sizes_are_written_as_people_do() -> None:
    assert Words("en").number(1234.5, 1) == "1,234.5"
    assert Words("de").number(1234.5, 1) == "1.234,5"
    assert Words("de").size(3_456) == "3,5 KB"
    with pytest.raises(KeyError):
        Words("en")("there.is.no.such.text")
