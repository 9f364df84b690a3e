"""Lines are spoken one at a time; a server that goes away costs nothing that was spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import numpy as np
import pytest

from frontend.audio import Samples
from frontend.client import SpeechError
from frontend.library.voice import Voice
from frontend.studio.generation import Generation
from frontend.studio.line import Line
from frontend.studio.project import Project
from frontend.studio.request import emphasised, pitched, speech_request
from frontend.studio.studio import Studio
from models.requests import parse_speech_request
from tests.frontend.library.doubles import voice

ANNA = voice(0, "Anna")
AWAY = SpeechError("unreachable")
EMPTY = SpeechError("refused", "There is nothing to say.", "urn:ownvoice:problem:nothing-to-say")


class Server:
    """Speaks a piece of a tenth of a second for each word; fails at texts as told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.failing: dict[str, SpeechError] = {}

    @asynccontextmanager
    async def speak(self, line: Line, voice: Voice) -> AsyncIterator[AsyncIterator[Samples]]:
        self.asked.append(line.text)
        yield self._pieces(line)

    async def _pieces(self, line: Line) -> AsyncIterator[Samples]:
        for _ in line.text.split():
            await asyncio.sleep(0)
            yield np.full(2_205, 0.5, np.float32)
        if line.text in self.failing:
            raise self.failing[line.text]


def studio_of(*texts: str) -> Studio:
    studio = Studio(lambda: [ANNA])
    studio.change(Project(tuple(Line(text) for text in texts)))
    return studio


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("never")


def test_a_server_that_goes_away_is_asked_again_at_the_line_where_it_broke_off() -> None:
    async def walk() -> None:
        studio, server = studio_of("One.", "Two words.", "Three."), Server()
        generation = Generation(studio, server.speak, waits=[3_600])
        server.failing = {"Two words.": AWAY}
        run = generation.start(studio.missing())
        await until(lambda: generation.lost is not None)
        assert [generation.state(n) for n in range(3)] == ["ready", "new", "new"]
        server.failing = {}
        generation.go_on()
        await run
        assert server.asked == ["One.", "Two words.", "Two words.", "Three."]
        assert not generation.running and studio.missing() == []
        assert generation.voices_used == {ANNA.id}

    asyncio.run(walk())


def test_a_line_that_is_refused_says_why_and_the_others_are_spoken() -> None:
    async def walk() -> None:
        studio, server = studio_of("One.", "***", "Three."), Server()
        server.failing = {"***": EMPTY}
        generation = Generation(studio, server.speak)
        await generation.start(studio.missing())
        assert [generation.state(n) for n in range(3)] == ["ready", "failed", "ready"]
        assert generation.refusal(1) == "There is nothing to say."
        studio.change(studio.project.with_line(1, text="Two."))
        assert generation.state(1) == "new"
        await generation.start(studio.missing())
        assert server.asked == ["One.", "***", "Three.", "Two."]

    asyncio.run(walk())


def test_stopping_keeps_what_is_spoken() -> None:
    async def walk() -> None:
        studio, server = studio_of("One.", "Two."), Server()
        generation = Generation(studio, server.speak)
        run = generation.start(studio.missing())
        await until(lambda: generation.state(1) == "speaking")
        generation.stop()
        with pytest.raises(asyncio.CancelledError):
            await run
        assert studio.missing() == [1] and not generation.running and generation.state(1) == "new"

    asyncio.run(walk())


def test_speech_is_heard_as_it_arrives() -> None:
    async def walk() -> None:
        studio, server, pieces = studio_of("Two words."), Server(), list[Samples]()
        generation = Generation(studio, server.speak)
        generation.heard = pieces.append
        await generation.start([0])
        assert len(pieces) == 2 and studio.seconds() == [0.2]

    asyncio.run(walk())


def test_a_request_keeps_the_contract_and_pitch_is_asked_for_as_the_median_of_the_profile() -> None:
    line = Line("Hello.", pitch=6.0, take=7, speed=1.1)
    request = speech_request(line, ANNA)
    (parsed,) = parse_speech_request(request, ANNA.profile["encoder"]["sha256"]).lines
    assert (parsed.seed, parsed.speed) == (7, 1.1)
    asked, own = request["voice"]["prosody"]["f0_median_hz"], ANNA.profile["prosody"]["f0_median_hz"]
    assert asked == pytest.approx(own * 2**0.5)
    assert pitched({"prosody": {"f0_median_hz": 500.0}}, 6.0)["prosody"]["f0_median_hz"] == 600
    assert pitched(ANNA.profile, 0.0) is ANNA.profile


def test_emphasis_is_louder_and_never_beyond_full_scale() -> None:
    samples = np.linspace(-1, 1, 2_001, dtype=np.float32)
    strong = emphasised(samples, "strong")
    assert float(np.abs(strong).max()) <= 0.98
    assert strong[1_100] == pytest.approx(samples[1_100] * 10 ** (3 / 20))
    assert emphasised(samples, "") is samples
