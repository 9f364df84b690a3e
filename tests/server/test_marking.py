"""The marker: any chunks, any rate, the same samples; and what the detector hears of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontend.audio import resample
from frontend.detector import Detection, TooShortError, detect
from models.runner import NativeRunner
from models.watermark.coded import KNOWN, Payload, PayloadError
from models.watermark.convert import BRANCHES
from models.watermark.spectrum import BINS, NEURAL_BINS, RANGE_DB, analyse, levels
from server import transform
from server.marking import LOOKAHEAD, STATE_SHAPE, Marker, MarkingModel, mark
from tests import marked as made
from tests.server.listening import MODELS, ROOT

Samples = npt.NDArray[np.float32]
RATE = 22_050
GOLDEN = ROOT / "tests/data/perth.npz"


@pytest.fixture(scope="module")
def model() -> MarkingModel:
    return MarkingModel(MODELS)


@pytest.fixture(scope="module")
def decoder() -> NativeRunner:
    return NativeRunner(MODELS / "watermark_decoder.onnx", threads=1)


@pytest.fixture(scope="module")
def speech() -> Samples:
    """Seven seconds of a real voice at the synthesizer's rate."""
    return made.voice()


def found(samples: Samples, decoder: NativeRunner, rate: int = RATE) -> Detection:
    return asyncio.run(detect(samples, rate, decoder))


@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_the_servers_transform_is_the_browsers_and_turns_back(rate: int) -> None:
    samples = np.random.default_rng(3).standard_normal(rate).astype(np.float32)
    ours, theirs = transform.analyse(samples, rate, 2, 80, 0), analyse(samples, rate, 2, 80)
    np.testing.assert_allclose(ours, theirs, atol=1e-6 * np.abs(theirs).max())
    band = transform.resynthesise(ours, rate, 2)
    again = transform.analyse(band, rate, 20, 40, rate // 50)
    inner = slice(None), slice(4, BINS - 4)  # at the edges of the band a window spreads beyond it
    np.testing.assert_allclose(again[inner], ours[18:58][inner], atol=0.02 * np.abs(ours).max())


def test_both_networks_give_what_the_original_gives() -> None:
    """The golden figures come from resemble-perth 1.0.1 itself, run once on a gliding buzz with noise."""
    golden = np.load(GOLDEN)
    samples, frames = golden["samples"], golden["residual"].shape[1]
    seen = levels(analyse(np.pad(samples, 1024, mode="reflect"), 32_000, 0, frames))
    np.testing.assert_allclose(seen[:, :NEURAL_BINS].T, golden["levels"], atol=2e-5)
    encoder = onnxruntime.InferenceSession(MODELS / "watermark_encoder.onnx", providers=["CPUExecutionProvider"])
    feeds = {"frames": seen.T[np.newaxis, :NEURAL_BINS], "state": np.zeros(STATE_SHAPE, np.float32)}
    residual = encoder.run(None, feeds)[0][0]
    inner = slice(2 * LOOKAHEAD, frames)  # at the very edges the original sees silence that a stream can't know of
    np.testing.assert_allclose(residual[:, inner], golden["residual"][:, LOOKAHEAD : frames - LOOKAHEAD], atol=2e-6)
    decoder = onnxruntime.InferenceSession(MODELS / "watermark_decoder.onnx", providers=["CPUExecutionProvider"])
    stretched = {name: golden[f"decoder_{name}"][np.newaxis] for name in BRANCHES}
    for name, scores in zip(BRANCHES, decoder.run(None, stretched), strict=True):
        np.testing.assert_allclose(scores[0], golden[f"scores_{name}"], atol=5e-3)  # half-precision weights


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    length=st.integers(0, 30_000),
    cuts=st.lists(st.integers(1, 9_000), min_size=1, max_size=8),
    rate=st.sampled_from([8_000, 16_000, 22_050, 24_000, 44_100, 48_000]),
)
def test_chunks_of_any_size_give_the_same_samples(model: MarkingModel, length: int, cuts: list[int], rate: int) -> None:
    samples = (np.random.default_rng(length).standard_normal(length) * 0.1).astype(np.float32)
    marker, parts, at = Marker(model, rate), [], 0
    for size in cuts * (length // sum(cuts) + 1):
        parts.append(marker.process(samples[at : at + size]))
        at += size
    assert at >= length
    parts.append(marker.flush())
    marked = np.concatenate(parts)
    assert len(marked) == length
    np.testing.assert_allclose(marked, mark(model, samples, rate), atol=1e-5)


def test_the_output_lags_by_a_known_delay(model: MarkingModel, speech: Samples) -> None:
    marker, received, returned = Marker(model, RATE), 0, 0
    for start in range(0, len(speech), 1_000):
        received += len(speech[start : start + 1_000])
        returned += len(marker.process(speech[start : start + 1_000]))
        assert received - returned <= marker.delay
    assert marker.delay / RATE < 0.23


def test_loudness_stays_and_the_mark_is_well_below_the_speech(model: MarkingModel, speech: Samples) -> None:
    marked = mark(model, speech, RATE)
    difference = marked - speech
    assert abs(20 * np.log10(np.std(marked) / np.std(speech))) < 0.3  # dB
    assert 20 * np.log10(np.std(speech) / np.std(difference)) > 12  # dB
    above = np.abs(np.fft.rfft(difference))[np.fft.rfftfreq(len(difference), 1 / RATE) > 3_700]
    assert above.max() < 1e-3 * np.abs(np.fft.rfft(speech)).max()


def test_silence_stays_silent(model: MarkingModel) -> None:
    assert not mark(model, np.zeros(RATE, np.float32), RATE).any()


def test_a_rate_too_low_for_the_mark_is_refused(model: MarkingModel) -> None:
    with pytest.raises(ValueError, match="8000"):
        Marker(model, 7_999)


def test_a_real_recording_is_not_taken_for_ours(decoder: NativeRunner) -> None:
    for path in sorted(Path(ROOT / "tests/data").glob("*.flac")):
        samples, rate = soundfile.read(path, dtype="float32")
        detection = found(samples, decoder, rate)
        assert (detection.verdict, detection.payload) == ("none", None), path.name
        assert not any(second.marked for second in detection.seconds)


@pytest.mark.parametrize("seconds", [1, 2, 5])
def test_a_crop_is_enough(model: MarkingModel, decoder: NativeRunner, speech: Samples, seconds: int) -> None:
    marked = mark(model, speech, RATE)
    start = RATE // 3
    detection = found(marked[start : start + seconds * RATE], decoder)
    assert (detection.verdict, detection.payload) == ("made-here", Payload())


def test_it_survives_the_telephone(model: MarkingModel, decoder: NativeRunner, speech: Samples) -> None:
    narrow = resample(mark(model, speech, RATE), RATE, 8_000)
    assert found(-0.1 * narrow, decoder, 8_000).payload == Payload()


@pytest.mark.parametrize(("factor", "seconds"), [(0.95, 7), (1.05, 7), (1.0237, 3)])
def test_it_survives_being_played_at_another_speed(
    model: MarkingModel, decoder: NativeRunner, speech: Samples, factor: float, seconds: int
) -> None:
    faster = resample(mark(model, speech, RATE), round(RATE * factor), RATE)[: seconds * RATE]
    detection = found(faster, decoder)
    assert (detection.verdict, detection.payload) == ("made-here", Payload())
    assert detection.speed == pytest.approx(factor, abs=2e-4)
    assert all(second.marked for second in detection.seconds)


def test_a_payload_is_read_through_noise(model: MarkingModel, decoder: NativeRunner, speech: Samples) -> None:
    marked = mark(model, speech, RATE)[: 2 * RATE]
    noise = np.random.default_rng(5).standard_normal(len(marked)).astype(np.float32)
    assert found(marked + noise * marked.std() * 10 ** (-20 / 20), decoder).payload == Payload()


def test_unmarked_seconds_are_told_from_marked_ones(
    model: MarkingModel, decoder: NativeRunner, speech: Samples
) -> None:
    seconds = found(made.partly_marked(model, 3), decoder).seconds
    assert [second.marked for second in seconds] == [False] * 3 + [True] * 4


def test_one_mark_alone_is_called_damaged(decoder: NativeRunner, model: MarkingModel) -> None:
    """Perth's mark without our payload: ours, worn down, or another tool's that uses Perth as well."""
    detection = found(made.worn_down(model), decoder)
    assert (detection.verdict, detection.payload) == ("damaged", None)


def test_the_payload_is_read_only_with_its_checksum() -> None:
    byte, checksum = Payload().encode()
    assert Payload.decode(byte, checksum) == KNOWN[0]
    for flip in range(8):
        with pytest.raises(PayloadError):
            Payload.decode(byte ^ 1 << flip, checksum)
        with pytest.raises(PayloadError):
            Payload.decode(byte, checksum ^ 1 << flip)
    with pytest.raises(PayloadError, match="unknown"):
        Payload.decode(*Payload(version=15).encode())


def test_too_short_a_sound_is_refused(decoder: NativeRunner) -> None:
    with pytest.raises(TooShortError):
        found(np.zeros(RATE // 4, np.float32), decoder)


def test_perth_changes_levels_by_a_few_decibels_at_most() -> None:
    assert np.abs(np.load(GOLDEN)["residual"]).max() * RANGE_DB < 6
