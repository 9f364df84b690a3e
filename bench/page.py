"""The page: bytes and seconds until it can be used, cold and warm, beside an empty page of the same server.

Cold is a browser that was never here, warm the second visit, when the service worker keeps everything. Beside it stands
a warm visit with the browser's own cache alone. Seconds count from the navigation to the app on the page. The reference
is an empty page in the same browser, which is what the browser and the server cost without us. `python -m bench page`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Literal

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

from tests.browser.conftest import FLAGS, RENDER_MS, RENDERED, serving

RUNS = 3
AIM_SECONDS = {"cold": 6.0, "warm, no worker": 4.0, "warm": 4.0}
KEPT = "async () => Boolean((await navigator.serviceWorker.ready).active)"
EMPTY = "/healthz"


@dataclass(frozen=True)
class Visit:
    """What one visit took."""

    seconds: float
    megabytes: float  # over the wire, compressed
    requests: int


def main() -> None:
    """Print the table."""
    visits: dict[str, list[Visit]] = {name: [] for name in AIM_SECONDS}
    references: list[float] = []
    with sync_playwright() as playwright, serving() as address:
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as profile:
                for name in visits:
                    context = _browser(playwright, Path(profile), "block" if "no worker" in name else "allow")
                    references.append(_empty(context, address))
                    visits[name].append(_visit(context, address))
                    if name == "cold":
                        context.pages[-1].wait_for_function(KEPT, timeout=RENDER_MS)
                    context.close()
    reference = median(references)
    print(f"Page, median of {RUNS} on {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f})")
    print("| visit | seconds | aim | empty page | ratio | MB fetched | requests |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, taken in visits.items():
        middle = sorted(taken, key=lambda visit: visit.seconds)[len(taken) // 2]
        print(
            f"| {name} | {middle.seconds:.2f} | {AIM_SECONDS[name]:.0f} | {reference:.2f} "
            f"| {middle.seconds / reference:.0f} | {middle.megabytes:.1f} | {middle.requests} |"
        )


def _browser(playwright: Playwright, profile: Path, workers: Literal["allow", "block"]) -> BrowserContext:
    found = os.environ.get("OWNVOICE_BROWSER") or shutil.which("chromium")
    return playwright.chromium.launch_persistent_context(
        profile, executable_path=found, headless=True, args=list(FLAGS), locale="en-US", service_workers=workers
    )


def _empty(context: BrowserContext, address: str) -> float:
    page = context.new_page()
    page.goto(address + EMPTY)
    milliseconds: float = page.evaluate("() => performance.getEntriesByType('navigation')[0].duration")
    page.close()
    return milliseconds / 1000


def _visit(context: BrowserContext, address: str) -> Visit:
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(RENDERED, timeout=RENDER_MS)
    seconds = page.evaluate("() => performance.getEntriesByName('rendered')[0].startTime") / 1000
    # What the worker fetched stands in its own timeline; `transferSize` is 0 for what came from the cache.
    fetched = page.evaluate("() => performance.getEntriesByType('resource').map((entry) => entry.transferSize)")
    for worker in page.workers:
        fetched += worker.evaluate("() => performance.getEntriesByType('resource').map((entry) => entry.transferSize)")
    return Visit(seconds, sum(fetched) / 1e6, len([size for size in fetched if size]))
