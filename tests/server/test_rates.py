"""A burst is served and a flood is not; each client has its own allowance, and nobody can speak for another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import httpx
import pytest
from starlette.routing import Route

from server import rates
from server.app import create_app
from server.credentials import Credentials
from server.marking import MarkingModel
from server.problems import CATALOGUES, Problem
from server.rates import Allowance, Bucket, Client, Clients, Limited
from server.weights import ENCODER_SHA256
from tests.server.listening import MODELS, PATH, ROOT, Profile, Watched, refused, serving


class Clock:
    """A clock that a test moves."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_a_minutes_worth_at_once_and_then_as_it_refills() -> None:
    clock = Clock()
    bucket = Bucket(60, clock)
    assert [bucket.take(20) for _ in range(4)] == [0, 0, 0, 20]
    clock.now += 19.5
    assert bucket.take(20) == pytest.approx(0.5)
    clock.now += 0.5
    assert bucket.take(20) == 0
    clock.now += 3_600
    assert [bucket.take(60), bucket.take(1)] == [0, 1]


def test_more_than_a_bucket_holds_is_given_when_it_is_full() -> None:
    clock = Clock()
    bucket = Bucket(60, clock)
    assert bucket.take(5_000) == 0
    assert bucket.take(5_000) == 60
    clock.now += 60
    assert bucket.take(5_000) == 0


def test_answers_at_once_are_counted_and_given_back() -> None:
    client = Client(Allowance(at_once=1), Clock())
    for _ in range(3):
        with client.request(), pytest.raises(Problem, match="rate-limited"):
            client.request().__enter__()


def test_an_address_is_a_client_and_so_is_a_subscribers_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_CLIENTS", 3)
    clients = Clients(Allowance())
    one = clients.at("192.0.2.1")
    assert clients.at("192.0.2.1") is clients.at("::ffff:192.0.2.1") is one
    assert clients.at("192.0.2.2") is not one
    assert clients.at("2001:db8::1") is clients.at("2001:db8::ffff:1") is not clients.at("2001:db8:0:1::1")
    assert clients.known == 3
    assert clients.at("192.0.2.1") is not one  # the one forgotten: it had asked for nothing longest


@pytest.fixture
def limited(watched: Watched, credentials: Credentials) -> Iterator[httpx.Client]:
    allowance = Allowance(requests_per_minute=4, characters_per_minute=20)
    app = create_app(watched, MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1, allowance=allowance)
    costly = [route for route in app.routes if isinstance(route, Route) and route.path.startswith("/v1/")]
    assert costly and all(isinstance(route.endpoint, Limited) for route in costly)
    with serving(app, ["127.0.0.1"]) as address, httpx.Client(base_url=address, timeout=120) as client:
        yield client


def test_a_flood_is_refused_with_the_time_to_wait(limited: httpx.Client, profile: Profile) -> None:
    def ask(text: str, address: str = "192.0.2.1", language: str = "en") -> httpx.Response:
        headers = {"x-forwarded-for": address, "accept-language": language}
        return limited.post(PATH, json={"input": text, "voice": profile, "response_format": "pcm"}, headers=headers)

    assert ask("Fourteen signs").status_code == 200
    answer = ask("Fourteen signs", language="de")
    problem = refused(answer, "rate-limited")
    seconds = int(answer.headers["retry-after"])
    assert 20 <= seconds <= 24  # eight signs, of twenty a minute
    assert problem["detail"] == CATALOGUES["de"]["rate-limited.detail"].format(limit=seconds)
    assert ask("Fourteen signs", address="192.0.2.2").status_code == 200
    assert ask("Fourteen signs", address="192.0.2.3, 192.0.2.2").status_code == 429  # only the last is the proxy's word
    ask("!")
    ask("!")
    answer = ask("!")
    refused(answer, "rate-limited")
    assert 10 <= int(answer.headers["retry-after"]) <= 15  # one request, of four a minute
    assert limited.get("/healthz", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 200


def test_without_a_trusted_proxy_nobody_names_another_address(
    watched: Watched, credentials: Credentials, profile: Profile
) -> None:
    allowance = Allowance(requests_per_minute=1)
    app = create_app(watched, MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1, allowance=allowance)
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        statuses = [
            client.post(PATH, json={}, headers={"x-forwarded-for": f"192.0.2.{count}"}).status_code
            for count in range(2)
        ]
    assert statuses == [422, 429]


def test_a_clock_that_jumps_changes_no_limit() -> None:
    """The time of day is told in logs, in signed statements and of certificates; everything else is monotonic."""
    told = {
        path.name
        for path in (ROOT / "server").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and ast.unparse(node) in {"time.time", "time.localtime", "time.gmtime", "datetime.now", "datetime.utcnow"}
    }
    assert told == {"logs.py", "credentials.py", "certificates.py", "claims.py"}
