"""Figures of a running server for Prometheus: how much, how fast, how full. None says what was spoken, or for whom.

Labels are the pattern of a route, a method, a status and the kind of a problem: sets that are fixed in the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

FIRST_AUDIO_SECONDS = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30)


class Metrics:
    """A registry of its own for each application; `free` and `waiting` are asked when somebody reads it."""

    def __init__(self, free: Callable[[], float], waiting: Callable[[], float]) -> None:
        self.registry = CollectorRegistry(auto_describe=True)
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "ownvoice_requests", "Answers given.", ("method", "route", "status"), registry=self.registry
        )
        self._refusals = Counter(
            "ownvoice_refusals", "Requests refused or failed, by kind of problem.", ("kind",), registry=self.registry
        )
        self._cut_off = Counter(
            "ownvoice_cut_off", "Answers that began and did not end.", ("route",), registry=self.registry
        )
        self._characters = Counter("ownvoice_characters", "Characters asked to be spoken.", registry=self.registry)
        self._speech = Counter("ownvoice_speech_seconds", "Seconds of speech sent.", registry=self.registry)
        self._first_audio = Histogram(
            "ownvoice_first_audio_seconds",
            "From the request to the first sound of its answer.",
            buckets=FIRST_AUDIO_SECONDS,
            registry=self.registry,
        )
        gauges = {
            "ownvoice_places_free": ("Requests that would be served now.", free),
            "ownvoice_jobs_waiting": ("Pieces of speech that wait for a worker.", waiting),
        }
        for name, (help_text, ask) in gauges.items():
            Gauge(name, help_text, registry=self.registry).set_function(ask)

    def request(self, method: str, route: str, status: int, fields: Mapping[str, object]) -> None:
        """A request is over; `fields` is what its log line says besides."""
        self._requests.labels(method, route, status).inc()
        for counter, name in ((self._characters, "characters"), (self._speech, "speech_seconds")):
            amount = fields.get(name)
            if isinstance(amount, int | float):
                counter.inc(amount)
        first = fields.get("first_audio_seconds")
        if isinstance(first, float):
            self._first_audio.observe(first)
        if "problem" in fields:
            self._refusals.labels(fields["problem"]).inc()
        if fields.get("cut_off"):
            self._cut_off.labels(route).inc()
