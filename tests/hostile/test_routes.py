"""The server holds to its own description, whatever is sent: no failure, and every refusal as it was described."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from server.app import create_app
from server.credentials import Credentials
from server.marking import MarkingModel
from server.synthesis import Narrator
from server.weights import ENCODER_SHA256
from tests.hostile.parsers import profile
from tests.long import times
from tests.server.listening import MODELS, ROOT, serving

SETTINGS = settings(
    max_examples=times(25, 500),  # for each route
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
PATHS = ("/v1/audio/speech", "/v1/audio/dialogue", "/v1/seal", "/healthz", "/readyz")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]


@pytest.fixture(scope="module")
def described() -> Iterator[schemathesis.BaseSchema]:
    credentials = Credentials(ROOT / ".cache" / "credentials")
    app = create_app(Narrator(MODELS), MarkingModel(MODELS), credentials, ENCODER_SHA256, threads=1)
    with serving(app) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_it_answers_as_described(described: schemathesis.BaseSchema, path: str, mode: GenerationMode) -> None:
    (method,) = described[path]
    if method == "get" and mode is GenerationMode.NEGATIVE:
        return  # what takes nothing can be given nothing wrong

    @SETTINGS
    @given(case=described[path][method].as_strategy(generation_mode=mode))
    def answers(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            _give_voice(case.body)
        case.call_and_validate(checks=CHECKS)

    answers()


def _give_voice(body: Any) -> None:
    """No schema can say what an embedding is; with a real one, what else the request holds gets to be spoken."""
    if isinstance(body, dict) and "voice" in body:
        body["voice"] = profile()
    elif isinstance(body, dict) and "voices" in body:
        body["voices"] = dict.fromkeys(body["voices"], profile())
        for line, name in zip(body["lines"], cycle(body["voices"]), strict=False):
            line["voice"] = name


def test_every_route_that_is_described_is_tried(described: schemathesis.BaseSchema) -> None:
    assert set(described) == set(PATHS)
