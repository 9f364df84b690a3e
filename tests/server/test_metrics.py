"""What is counted is what happened, and no label is anything that a client chose."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from models.contract import SYNTHESIS_SAMPLE_RATE
from server.app import create_app
from server.credentials import Credentials
from server.marking import MarkingModel
from server.weights import ENCODER_SHA256
from tests.server.listening import MODELS, PATH, Profile, Watched, serving, spoken

TEXT = "Xylophones jingle."


@pytest.fixture
def fresh(watched: Watched, credentials: Credentials) -> Starlette:
    return create_app(watched, MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1)


@pytest.fixture
def asker(fresh: Starlette) -> Iterator[httpx.Client]:
    with serving(fresh) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


def figures(app: Starlette) -> dict[tuple[str, ...], float]:
    """Name and labels of each figure, and its value."""
    text = generate_latest(app.state.metrics.registry).decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_happened_is_counted(fresh: Starlette, asker: httpx.Client, profile: Profile) -> None:
    samples = spoken(asker, input=TEXT, voice=profile)
    asker.post(PATH, json={"input": TEXT, "voice": profile, TEXT: 1})
    asker.get(f"/{TEXT}")
    asker.request("XYLOPHONE", "/healthz")
    asker.get("/healthz")  # a request is counted when its answer has gone: before the next on that connection is taken
    found = figures(fresh)
    assert found["ownvoice_requests_total", "POST", PATH, "200"] == 1
    assert found["ownvoice_requests_total", "POST", PATH, "422"] == 1
    assert found["ownvoice_requests_total", "other", "/healthz", "405"] == 1
    assert found["ownvoice_refusals_total", "unknown-field"] == 1
    assert found[("ownvoice_characters_total",)] == len(TEXT)
    assert found[("ownvoice_speech_seconds_total",)] == pytest.approx(len(samples) / SYNTHESIS_SAMPLE_RATE, abs=0.01)
    assert found[("ownvoice_first_audio_seconds_count",)] == 1
    assert found[("ownvoice_places_free",)] == 16
    assert found[("ownvoice_jobs_waiting",)] == 0
    assert found[("process_resident_memory_bytes",)] > 0
    assert not [labels for labels in found if "xylophone" in " ".join(labels).lower()]
