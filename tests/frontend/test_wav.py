"""WAV against the standard library and soundfile, in one piece and in many."""

from __future__ import annotations

import io
import itertools
import struct
import wave

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from frontend.wav import WavError, WavReader, decode, encode

SAMPLES = (0.5 * np.sin(np.arange(3_000) / 9)).astype(np.float32)


def test_what_is_encoded_is_what_others_read() -> None:
    data = encode(SAMPLES, 22_050)
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        assert file.getnframes() == len(SAMPLES)
    theirs, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    ours, our_rate = decode(data)
    assert rate == our_rate == 22_050
    np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_allclose(ours, SAMPLES, atol=1 / 32_000)


def test_full_scale_does_not_wrap() -> None:
    loud, _ = decode(encode(np.array([2, 1, -1, -2], np.float32), 8_000))
    np.testing.assert_allclose(loud, [1, 1, -1, -1], atol=1e-4)


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
@given(cuts=st.lists(st.integers(0, 12_200), max_size=8))
def test_a_stream_may_be_cut_anywhere(subtype: str, cuts: list[int]) -> None:
    file = io.BytesIO()
    soundfile.write(file, SAMPLES, 16_000, format="WAV", subtype=subtype)
    data = file.getvalue()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    reader = WavReader()
    parts = [reader.feed(data[start:end]) for start, end in itertools.pairwise(edges)]
    reader.close()
    np.testing.assert_array_equal(np.concatenate(parts), decode(data)[0])
    assert reader.rate == 16_000


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_stream_of_unknown_length_is_read_to_its_end(size: int) -> None:
    data = bytearray(encode(SAMPLES, 22_050))
    struct.pack_into("<I", data, 40, size)
    np.testing.assert_array_equal(decode(bytes(data))[0], decode(encode(SAMPLES, 22_050))[0])


@pytest.mark.parametrize("end", [0, 3, 30, 43, 44, 1_001])
def test_a_stream_cut_off_is_noticed(end: int) -> None:
    with pytest.raises(WavError):
        decode(encode(SAMPLES, 22_050)[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><title>not sound</title>",
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
        b"RIFF\0\0\0\0WAVE" + b"junk\x04\0\0\0abcd" * 600,
        encode(SAMPLES, 8_000).replace(b"\x01\0\x01\0", b"\x01\0\x02\0", 1),
        encode(SAMPLES, 8_000).replace(b"\x01\0\x01\0", b"\x06\0\x01\0", 1),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(WavError):
        decode(data)
