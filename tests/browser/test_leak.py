"""The detector that the privacy test relies on finds what it looks for, in any encoding, and nothing else."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import zlib
from collections.abc import Callable

import av
import numpy as np
import pytest

from frontend.audio import Samples, resample
from tests.browser.leak import ALIKE, holds, likeness
from tests.recordings import recordings


def pcm(samples: Samples) -> bytes:
    return np.rint(samples * 32_767).astype("<i2").tobytes()


def deflated(content: bytes) -> bytes:
    """Without any header."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def coded(samples: Samples, container: str, codec: str) -> bytes:
    """As a file of sound, like those of a browser's MediaRecorder."""
    content = io.BytesIO()
    with av.open(content, "w", format=container) as file:
        stream = file.add_stream(codec, rate=48_000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        sound = np.frombuffer(pcm(resample(samples, 16_000, 48_000)), np.int16)
        frame = av.AudioFrame.from_ndarray(sound[None], format="s16", layout="mono")
        frame.sample_rate = 48_000
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return content.getvalue()


SOUND: dict[str, Callable[[Samples], bytes]] = {
    "float32": lambda samples: samples.tobytes(),
    "int16": pcm,
    "quiet int16, off by a byte": lambda samples: b"{" + pcm(0.05 * samples),
    "int8": lambda samples: np.rint(samples / np.abs(samples).max() * 127).astype(np.int8).tobytes(),
    "base64": lambda samples: b'{"voice":"' + base64.b64encode(pcm(samples)) + b'"}',
    "base64 of float32": lambda samples: base64.urlsafe_b64encode(samples.tobytes()),
    "hex": lambda samples: pcm(samples).hex().encode(),
    "a list of numbers": lambda samples: json.dumps([round(float(sample), 3) for sample in samples]).encode(),
    "8 kHz, inverted": lambda samples: pcm(-resample(samples, 16_000, 8_000)),
    "48 kHz": lambda samples: resample(samples, 16_000, 48_000).tobytes(),
    "zlib": lambda samples: b"{" + zlib.compress(pcm(samples)),
    "gzip of a list": lambda samples: gzip.compress(json.dumps(samples.tolist()).encode()),
    "deflate": lambda samples: deflated(pcm(samples)),
    "base64 of deflate": lambda samples: b'{"voice":"' + base64.b64encode(deflated(pcm(samples))) + b'"}',
    "gzip of base64": lambda samples: gzip.compress(base64.b64encode(pcm(samples))),
    "FLAC": lambda samples: coded(samples, "flac", "flac"),
    "Opus in WebM": lambda samples: coded(samples, "webm", "libopus"),
    "base64 of Opus": lambda samples: b'{"voice":"' + base64.b64encode(coded(samples, "ogg", "libopus")) + b'"}',
    "AAC": lambda samples: coded(samples, "adts", "aac"),
}
BYTES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda content: b"--boundary\r\n\r\n" + content,
    "base64": base64.b64encode,
    "hex": lambda content: content.hex().encode(),
    "gzip": gzip.compress,
    "deflate": deflated,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "base64 of gzip": lambda content: b'{"claim":"' + base64.b64encode(gzip.compress(content)) + b'"}',
}


@pytest.mark.parametrize("encoding", SOUND)
def test_a_tenth_of_a_second_is_found_in_any_encoding(encoding: str) -> None:
    samples = recordings()[2].samples[:32_000]
    stolen = SOUND[encoding](samples[20_011 : 20_011 + 2_400])
    assert likeness(stolen, samples, 16_000) > ALIKE


def test_noise_and_another_recording_alarm_nobody() -> None:
    one, other = recordings()[0].samples[:32_000], recordings()[2].samples[:32_000]
    noise = np.random.default_rng(0).integers(0, 256, 4_000, np.uint8).tobytes()
    assert likeness(noise, one, 16_000) < 0.45
    assert likeness(base64.b64encode(noise), one, 16_000) < 0.45
    assert likeness(pcm(other[20_000:24_000]), one, 16_000) < ALIKE


@pytest.mark.parametrize("encoding", BYTES)
def test_half_a_kilobyte_of_a_file_is_found_in_any_encoding(encoding: str) -> None:
    file = np.random.default_rng(1).integers(0, 256, 20_000, np.uint8).tobytes()
    assert holds(BYTES[encoding](file[7_001:7_513]), file)


def test_another_file_is_not_taken_for_it() -> None:
    file, other = np.random.default_rng(2).integers(0, 256, (2, 20_000), np.uint8)
    assert not holds(other.tobytes() + base64.b64encode(other.tobytes()), file.tobytes())
    assert not holds(bytes(4_000), bytes(20_000) + file.tobytes())
