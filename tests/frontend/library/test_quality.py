"""The voice print and the one-speaker check, on real recordings and the real encoder."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from frontend.library.quality import check_speakers
from frontend.library.voiceprint import BANDS, draw, measure
from frontend.prosody import measure as measure_prosody
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.recordings import RATE, Recording, recordings


@pytest.fixture(scope="module")
def encoder() -> NativeRunner:
    return NativeRunner(MODELS / "speaker_encoder.onnx", threads=1)


@pytest.mark.parametrize("recording", recordings(), ids=lambda it: it.file.stem)
def test_one_speaker_is_one(recording: Recording, encoder: NativeRunner) -> None:
    assert asyncio.run(check_speakers(recording.samples, RATE, encoder)).passed


def test_two_speakers_are_found(encoder: NativeRunner) -> None:
    one, other = recordings()[0].samples, recordings()[2].samples
    length = min(len(one), len(other))
    spliced = np.concatenate([one[:length], other[:length]])
    assert not asyncio.run(check_speakers(spliced, RATE, encoder)).passed


def test_prints_of_one_person_are_nearer_on_average() -> None:
    measured = [measure(recording.samples, RATE) for recording in recordings()]
    prints = [np.array(it.spectrum_db) for it in measured]
    own = [np.abs(prints[0] - prints[1]).mean(), np.abs(prints[2] - prints[3]).mean()]
    other = [np.abs(one - two).mean() for one in prints[:2] for two in prints[2:]]
    assert np.mean(own) < np.mean(other)
    assert measured[0].f0_low_hz > measured[2].f0_low_hz


def test_level_and_rate_do_not_change_the_print() -> None:
    samples = recordings()[0].samples
    assert np.allclose(measure(samples, RATE).spectrum_db, measure(samples * 0.3, RATE).spectrum_db, atol=0.2)


def test_drawing_is_the_same_each_time_and_speaks() -> None:
    samples = recordings()[2].samples
    drawing = draw(measure(samples, RATE), measure_prosody(samples, RATE).f0_median_hz, 'Ben & "Co" <b>')
    assert drawing == draw(measure(samples, RATE), measure_prosody(samples, RATE).f0_median_hz, 'Ben & "Co" <b>')
    root = ElementTree.fromstring(drawing)
    assert root.get("aria-label") == 'Ben & "Co" <b>' and root.get("role") == "img"
    assert len(root.findall("{*}rect")) == BANDS + 1


def test_silence_has_no_print() -> None:
    with pytest.raises(ValueError):
        measure(np.zeros(16_000, np.float32), 16_000)
