"""How much of a thing a test does: a little wherever it runs, and plenty when OWNVOICE_LONG is set."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("OWNVOICE_LONG"))


def times(usual: int, plenty: int) -> int:
    """The one that is wanted."""
    return plenty if LONG else usual
