"""A recording that is not needed any more is overwritten, not just let go."""

from __future__ import annotations

import asyncio
from typing import Any

import numpy as np
import pytest

from frontend import making
from frontend.audio import Samples, resample
from frontend.library.script import fresh_script
from frontend.prosody import NoVoiceError
from frontend.session import Recording, Session
from tests.recordings import RATE, recordings


@pytest.mark.parametrize("end", [Session.drop_recording, Session.forget])
def test_a_recording_that_is_dropped_is_silence(end: Any) -> None:
    samples: Samples = np.ones(16_000, np.float32)
    session = Session(recording=Recording(samples, 16_000))
    end(session)
    assert session.recording is None
    assert not samples.any()


def test_the_copy_that_is_measured_is_overwritten_even_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    copies: list[Samples] = []

    def kept(*arguments: Any) -> Samples:
        copies.append(resample(*arguments))
        assert copies[0].any()
        return copies[0]

    async def fails(*_: object) -> None:
        raise NoVoiceError

    monkeypatch.setattr(making, "resample", kept)
    monkeypatch.setattr(making, "embed", fails)
    none: Any = None
    with pytest.raises(making.UnusableRecording):
        recording = Recording(recordings()[0].samples, RATE)
        asyncio.run(making.make_reading(recording, fresh_script("en", "Ada"), none, none))
    (copy,) = copies
    assert not copy.any()
