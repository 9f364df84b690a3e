"""Nothing clips, and what is not loud is not touched."""

from __future__ import annotations

import numpy as np

from server.level import CEILING, KNEE, limit


def test_below_the_knee_nothing_changes() -> None:
    quiet = np.linspace(-KNEE, KNEE, 1001, dtype=np.float32)
    np.testing.assert_array_equal(limit(quiet), quiet)


def test_the_ceiling_is_never_passed_and_order_is_kept() -> None:
    loud = np.linspace(-3, 3, 1001, dtype=np.float32)
    limited = limit(loud)
    assert np.abs(limited).max() <= np.float32(CEILING)
    assert (np.diff(limited) >= 0).all()
    np.testing.assert_allclose(limited, -limited[::-1])


def test_pieces_are_limited_as_the_whole() -> None:
    speech = np.random.default_rng(0).standard_normal(1000).astype(np.float32)
    pieces = np.concatenate([limit(piece) for piece in np.array_split(speech, 7)])
    np.testing.assert_array_equal(pieces, limit(speech))
