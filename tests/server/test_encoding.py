"""What is encoded reads back as what was spoken, to the last step."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
import soundfile

from models.contract import STREAMED_FORMATS, SYNTHESIS_SAMPLE_RATE
from server.encoding import MEDIA_TYPES, Encoder

SAMPLES = np.concatenate([np.linspace(-1, 1, 500), [0, 2, -2, 1e-9]]).astype(np.float32)


def encoded(response_format: str) -> bytes:
    encoder = Encoder(response_format)
    return b"".join(encoder.encode(piece) for piece in np.array_split(SAMPLES, 7))


def test_every_streamed_format_of_the_contract_is_made() -> None:
    assert set(MEDIA_TYPES) == set(STREAMED_FORMATS)


def test_pcm_is_the_nearest_step_and_never_wraps_around() -> None:
    samples = np.frombuffer(encoded("pcm"), "<i2") / 32_767
    np.testing.assert_allclose(samples, np.clip(SAMPLES, -1, 1), atol=0.5 / 32_767 + 1e-6)


def test_a_wav_of_unknown_length_is_read_to_its_end() -> None:
    content = encoded("wav")
    assert content[44:] == encoded("pcm")
    samples, rate = soundfile.read(io.BytesIO(content), dtype="int16")
    assert (rate, len(samples)) == (SYNTHESIS_SAMPLE_RATE, len(SAMPLES))
    with wave.open(io.BytesIO(content)) as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, rate)
        assert reader.readframes(len(SAMPLES)) == content[44:]


@pytest.mark.parametrize("response_format", STREAMED_FORMATS)
def test_silence_stays_silent(response_format: str) -> None:
    content = Encoder(response_format).encode(np.zeros(50, np.float32))
    assert not any(content[-100:])
