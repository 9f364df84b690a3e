"""Where the downloaded packages and the prepared models lie."""

from __future__ import annotations

from pathlib import Path

import pytest

CACHE = Path(__file__).resolve().parents[2] / ".cache"


@pytest.fixture(scope="session")
def downloads() -> Path:
    return CACHE / "downloads"


@pytest.fixture(scope="session")
def prepared() -> Path:
    return CACHE / "models"
