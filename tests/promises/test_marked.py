"""Every route that returns sound goes through the marker, and what arrives is marked."""

from __future__ import annotations

import ast
import asyncio
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from frontend.check import read_credentials
from frontend.detector import detect
from models.contract import FILE_FORMATS, SIGNED_FORMATS, SYNTHESIS_SAMPLE_RATE
from models.runner import NativeRunner
from models.seal import SEAL_PATH
from models.watermark.coded import Payload
from server.synthesis import Narrator
from tests.server.listening import MODELS, ROOT, Profile, application, credentials_in, profile_of, serving

SERVER = ROOT / "server"
TEXT = "Every second of this sentence carries a mark, whichever way it leaves the server."

# All addresses of the server and whether they answer with sound. One that is not listed here fails the suite:
# list it, and if it answers with sound, let it come from `marked_speech` and be heard below.
SPEECH, DIALOGUE = "/v1/audio/speech", "/v1/audio/dialogue"
ROUTES = {
    SPEECH: True,
    DIALOGUE: True,
    SEAL_PATH: False,
    "/openapi.json": False,
    "/healthz": False,
    "/readyz": False,
    "": False,
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Starlette:
    folder = tmp_path_factory.mktemp("site")
    return application(Narrator(MODELS), credentials_in(folder), folder)


@pytest.fixture(scope="module")
def client(app: Starlette) -> Iterator[httpx.Client]:
    with serving(app) as address, httpx.Client(base_url=address, timeout=300) as client:
        yield client


@pytest.fixture(scope="module")
def profile() -> Profile:
    return profile_of(ROOT / "tests/data/2961-961-0010.flac", (190.0, 10.0, 4.5))


@pytest.fixture(scope="module")
def decoder() -> NativeRunner:
    return NativeRunner(MODELS / "watermark_decoder.onnx", threads=1)


def test_every_route_is_known(app: Starlette) -> None:
    found = {route.path for route in app.routes if isinstance(route, Route | Mount)}
    assert len(found) == len(app.routes)
    assert found == set(ROUTES)


def names_used(path: Path, name: str) -> list[str]:
    """The functions of a file, as Class.function, whose code mentions a name or attribute."""
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [n for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)]
            if any((n.id if isinstance(n, ast.Name) else n.attr) == name for n in inside):
                found.append(f"{path.name}:{node.name}")
    return found


def everywhere(name: str) -> set[str]:
    """Where the server's code mentions a name, imports and annotations of classes aside."""
    return {place for path in sorted(SERVER.rglob("*.py")) for place in names_used(path, name)}


def test_only_the_marking_function_hears_the_narrator() -> None:
    assert everywhere("narrate") <= {"speech.py:marked_speech", "synthesis.py:narrate"}
    assert everywhere("Synthesizer") <= {"synthesis.py:__init__", "voice.py:__init__"}
    assert everywhere("stream") & {"synthesis.py:narrate"} == {"synthesis.py:narrate"}


def test_only_marked_speech_is_encoded() -> None:
    """What turns samples to bytes is called in two places, and both are fed by the marking function alone."""
    assert everywhere("Encoder") == {"answers.py:streamed"}
    assert everywhere("File") == {"answers.py:filed"}
    for name in ("streamed", "filed", "marked_speech"):
        assert "speech.py:_parts" in everywhere(name)
        assert everywhere(name) <= {"speech.py:_parts", "speech.py:_headers"}  # which asks whether it is streamed
    tree = ast.parse((SERVER / "speech.py").read_text("utf-8"))
    (function,) = (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "marked_speech")
    yielded = {ast.unparse(n.value) for n in ast.walk(function) if isinstance(n, ast.Yield) and n.value}
    assigned = [ast.unparse(n.value) for n in ast.walk(function) if isinstance(n, ast.Assign) and _binds(n, "marked")]
    assert yielded == {"marked", "heard"}  # and what was heard passes only where it is no sound
    (passing,) = (n for n in ast.walk(function) if isinstance(n, ast.If) and "yield heard" in ast.unparse(n))
    assert ast.unparse(passing) == "if isinstance(heard, Sentence):\n    yield heard\n    continue"
    assert set(assigned) == {"marker.process(heard)", "marker.flush()"}


def _binds(assignment: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in assignment.targets)


def test_a_stream_is_marked_in_every_second(client: httpx.Client, profile: Profile, decoder: NativeRunner) -> None:
    answer = client.post("/v1/audio/speech", json={"input": TEXT, "voice": profile, "response_format": "pcm"})
    assert answer.status_code == 200, answer.text
    samples = np.frombuffer(answer.content, "<i2").astype(np.float32) / np.float32(32_767)
    detection = asyncio.run(detect(samples, SYNTHESIS_SAMPLE_RATE, decoder))
    assert (detection.verdict, detection.payload) == ("made-here", Payload())
    assert all(second.marked for second in detection.seconds if second.audible)


def test_a_dialogue_is_marked_in_every_second(client: httpx.Client, profile: Profile, decoder: NativeRunner) -> None:
    another = profile_of(ROOT / "tests/data/5639-40744-0020.flac", (110.0, 8.0, 4.5))
    lines = [{"voice": name, "input": TEXT, "pause_before": 0.5} for name in ("A", "B")]
    request = {"voices": {"A": profile, "B": another}, "lines": lines, "response_format": "pcm"}
    answer = client.post(DIALOGUE, json=request)
    assert answer.status_code == 200, answer.text
    samples = np.frombuffer(answer.content, "<i2").astype(np.float32) / np.float32(32_767)
    detection = asyncio.run(detect(samples, SYNTHESIS_SAMPLE_RATE, decoder))
    assert (detection.verdict, detection.payload) == ("made-here", Payload())
    assert all(second.marked for second in detection.seconds if second.audible)


@pytest.mark.parametrize("name", FILE_FORMATS)
def test_a_file_is_marked_signed_and_named_so(
    client: httpx.Client, profile: Profile, decoder: NativeRunner, name: str
) -> None:
    request = {"input": TEXT, "voice": profile, "response_format": name, "stream": False}
    answer = client.post("/v1/audio/speech", json=request, headers={"accept-language": "de"})
    assert answer.status_code == 200, answer.text
    assert f"ki-erzeugte-sprache.{name}" in answer.headers["content-disposition"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    if name in SIGNED_FORMATS:
        found = read_credentials(answer.content, f".{name}")
        assert (found.status, found.generated) == ("intact", True)
    with soundfile.SoundFile(io.BytesIO(answer.content)) as reader:
        assert (reader.title, reader.comment) == ("KI-erzeugte Sprache", "Synthetische Stimme (Ownvoice)")
        samples, rate = reader.read(dtype="float32"), reader.samplerate
    assert asyncio.run(detect(samples, rate, decoder)).verdict == "made-here"
