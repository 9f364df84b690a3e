"""Voices brought along in a file, for tests that need some and not the way to them: real ones, embedded natively."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyrage
from playwright.sync_api import Page, expect

from frontend.library.export import SUFFIX, packed
from frontend.library.script import fresh_script
from frontend.library.voice import Reading, Voice, attestation, new_voice
from frontend.library.voiceprint import measure as measure_print
from frontend.profile import build_profile
from frontend.prosody import measure
from frontend.speaker import embed
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.recordings import recordings

PASSPHRASE = "brought along"
RATE = 16_000
IMPORTING_MS = 60_000  # scrypt is slow on purpose


@functools.cache
def voices(*names: str) -> tuple[Voice, ...]:
    """A voice of that name for each, first a woman's, then a man's."""
    encoder = NativeRunner(MODELS / "speaker_encoder.onnx", threads=1)
    return tuple(_voice(name, 2 * number, encoder) for number, name in enumerate(names))


def _voice(name: str, number: int, encoder: NativeRunner) -> Voice:
    samples = recordings()[number].samples
    told, record = attestation(fresh_script("en", name, number), "2026-11-22T10:00:00Z")
    with ThreadPoolExecutor(1) as pool:  # this thread runs Playwright's event loop
        embedding = pool.submit(asyncio.run, embed(samples, RATE, encoder)).result()
    profile = build_profile(embedding, measure(samples, RATE), told, encoder.sha256)
    return new_voice(name, "clay", Reading(profile, measure_print(samples, RATE), record))


def bring(page: Page, folder: Path, *names: str) -> None:
    """From the welcome to the library with these voices in it, by the import page."""
    file = folder / f"voices{SUFFIX}"
    file.write_bytes(pyrage.passphrase.encrypt(packed(voices(*names)), PASSPHRASE))
    page.get_by_role("button", name="Bring voices from a file").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files(file)
    page.get_by_label("Passphrase of the file").fill(PASSPHRASE)
    page.get_by_role("button", name="Bring them in").click()
    expect(page.get_by_role("heading", level=1, name="Your voices")).to_be_focused(timeout=IMPORTING_MS)
