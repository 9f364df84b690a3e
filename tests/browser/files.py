"""`.ownvoice` files of real voices, made natively from the shipped recordings: the quick way into a full library."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pyrage

from frontend.library.export import packed
from frontend.library.script import Script
from frontend.library.similarity import improved
from frontend.library.voice import COLOURS, Reading, Voice, attestation, new_voice
from frontend.library.voiceprint import measure as measure_print
from frontend.profile import build_profile
from frontend.prosody import measure
from frontend.speaker import embed
from models.contract import ENCODER_SAMPLE_RATE
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.recordings import Recording, recordings

T = TypeVar("T")
PASSPHRASE = "passphrase of the file"
READ_AT = "2026-11-22T10:00:00Z"


def computed(work: Coroutine[Any, Any, T]) -> T:
    """The result of asynchronous work, in a thread of its own: this one runs Playwright's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def reading(recording: Recording, encoder: NativeRunner) -> Reading:
    """What the app makes of a recording, but for the checks."""
    half = len(recording.transcript) // 2
    script = Script("en", "Ada", recording.transcript[:half], (recording.transcript[half:],), "0" * 32)
    consent, record = attestation(script, READ_AT)
    embedding = computed(embed(recording.samples, ENCODER_SAMPLE_RATE, encoder))
    prosody = measure(recording.samples, ENCODER_SAMPLE_RATE)
    picture = measure_print(recording.samples, ENCODER_SAMPLE_RATE)
    return Reading(build_profile(embedding, prosody, consent, encoder.sha256), picture, record)


def voices(**spoken_by: Sequence[int]) -> tuple[Voice, ...]:
    """A voice of each name, made of those of `recordings()`."""
    encoder = NativeRunner(MODELS / "speaker_encoder.onnx", threads=1)
    made = []
    for number, (name, indices) in enumerate(spoken_by.items()):
        first, *more = (reading(recordings()[index], encoder) for index in indices)
        voice = new_voice(name, COLOURS[number], first)
        for further in more:
            voice = improved(voice, further)
        made.append(replace(voice, created_at=f"2026-11-22T10:{number:02}:00Z"))
    return tuple(made)


def write(path: Path, kept: Sequence[Voice]) -> Path:
    """An export of them, by age's Rust implementation."""
    path.write_bytes(pyrage.passphrase.encrypt(packed(kept), PASSPHRASE))
    return path
