"""The embedding of 10 s of speech in the browser, beside the same Python files run natively.

Both are warm: the network has been loaded and run once. `python -m bench embedding`.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import time
from statistics import median

import numpy as np
from playwright.sync_api import sync_playwright

from frontend.speaker import embed
from models.runner import NativeRunner
from steps.layout import MODELS
from tests.browser.conftest import FLAGS
from tests.browser.harness.models import ENCODER
from tests.browser.harness.server import serve
from tests.recordings import recordings

RATE, SECONDS, RUNS = 16_000, 10, 5
AIM_SECONDS = 1.5
IN_THE_WORKER = (
    ENCODER
    + """
import base64, time
from frontend.speaker import embed

samples = np.frombuffer(base64.b64decode(values["samples"]), np.float32)
took = []
for _ in range(values["runs"] + 1):
    begun = time.perf_counter()
    await embed(samples, 16_000, encoder)
    took.append(time.perf_counter() - begun)
took
"""
)


def main() -> None:
    """Print the table."""
    samples = np.concatenate([recording.samples for recording in recordings()])[: SECONDS * RATE].astype(np.float32)
    native = _native(samples)
    first, *warm = _browser(samples)
    print(f"Embedding of {SECONDS} s of speech, median of {RUNS} (load {os.getloadavg()[0]:.1f})")
    print("| where | seconds | aim | beside native |")
    print("| --- | --- | --- | --- |")
    print(f"| native, one thread | {median(native):.3f} | | 1 |")
    print(f"| browser, warm | {median(warm):.3f} | {AIM_SECONDS} | {median(warm) / median(native):.1f} |")
    print(f"| browser, first run | {first:.3f} | {AIM_SECONDS} | {first / median(native):.1f} |")


def _native(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> list[float]:
    encoder = NativeRunner(MODELS / "speaker_encoder.onnx", threads=1)
    took = []
    for _ in range(RUNS + 1):
        begun = time.perf_counter()
        asyncio.run(embed(samples, RATE, encoder))
        took.append(time.perf_counter() - begun)
    return took[1:]


def _browser(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> list[float]:
    found = os.environ.get("OWNVOICE_BROWSER") or shutil.which("chromium")
    values = {"samples": base64.b64encode(samples.tobytes()).decode(), "runs": RUNS}
    with serve() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        page = browser.new_page()
        page.goto(address)
        page.wait_for_function("() => 'run' in window")
        took: list[float] = page.evaluate("([code, values]) => run(code, values)", [IN_THE_WORKER, values])
        browser.close()
    return took
