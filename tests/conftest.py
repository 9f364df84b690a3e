"""What every test needs first."""

from __future__ import annotations

from pathlib import Path

import pytest

import models  # noqa: F401  # silences onnxruntime before any test imports it

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop, once started, lets no other run in this thread."""
    items.sort(key=lambda item: BROWSER in item.path.parents)
