"""The drawn envelope holds every peak and nothing else."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from frontend.waveform import envelope


@given(count=st.integers(0, 5_000), columns=st.integers(1, 700))
def test_every_peak_is_drawn(count: int, columns: int) -> None:
    samples = np.random.default_rng(count).standard_normal(count).astype(np.float32)
    low, high = envelope(samples, columns)
    assert len(low) == len(high) == columns
    assert (low <= high).all()
    if count >= columns:
        assert low.min() == samples.min()
        assert high.max() == samples.max()
