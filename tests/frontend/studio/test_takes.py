"""Only what changed is generated again; a failure loses nothing that was spoken."""

import asyncio

import numpy as np
import pytest

from frontend.studio.line import Line
from frontend.studio.takes import Progress, Samples, Takes


class Speaker:
    """Counts what it is asked to say; fails at a line if told to."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.fail_at = ""

    async def __call__(self, line: Line, voice: str) -> Samples | None:
        if line.text == self.fail_at:
            raise ConnectionError("the server went away")
        self.said.append(line.text)
        if line.text == "***":
            return None
        return np.zeros(len(line.text), np.float32)


def run(takes: Takes, lines: list[Line], speaker: Speaker, stop_after: int = 1_000) -> list[Progress]:
    seen: list[Progress] = []
    ticks = iter(range(10_000))
    asyncio.run(
        takes.generate(
            lines,
            ["v"] * len(lines),
            speaker,
            seen.append,
            lambda: float(next(ticks)),
            lambda: len(speaker.said) >= stop_after,
        )
    )
    return seen


LINES = [Line("One."), Line("Two."), Line("Three.")]


def test_a_second_run_generates_only_what_changed() -> None:
    takes, speaker = Takes(), Speaker()
    run(takes, LINES, speaker)
    run(takes, [LINES[0], LINES[1].replace(take=1), LINES[2].replace(pause_after=2.0)], speaker)
    assert speaker.said == ["One.", "Two.", "Three.", "Two."]


def test_a_lost_connection_resumes_at_the_failed_line() -> None:
    takes, speaker = Takes(), Speaker()
    speaker.fail_at = "Two."
    with pytest.raises(ConnectionError):
        run(takes, LINES, speaker)
    speaker.fail_at = ""
    run(takes, LINES, speaker)
    assert speaker.said == ["One.", "Two.", "Three."]


def test_cancel_stops_between_lines_and_a_later_run_goes_on() -> None:
    takes, speaker = Takes(), Speaker()
    run(takes, LINES, speaker, stop_after=1)
    assert takes.missing(LINES, ["v"] * 3) == [1, 2]
    run(takes, LINES, speaker)
    assert speaker.said == ["One.", "Two.", "Three."]


def test_progress_counts_lines_and_ends_at_nothing_left() -> None:
    seen = run(Takes(), LINES, Speaker())
    assert [p.done for p in seen] == [0, 1, 2, 3]
    assert seen[0].remaining is None
    assert seen[-1].remaining == 0.0


def test_the_same_line_twice_is_spoken_once() -> None:
    speaker = Speaker()
    run(Takes(), [Line("Echo."), Line("Echo.")], speaker)
    assert speaker.said == ["Echo."]


def test_another_voice_is_another_take() -> None:
    takes = Takes()
    run(takes, LINES, Speaker())
    assert takes.missing(LINES, ["v", "w", "v"]) == [1]
    takes.keep_only(LINES[:1], ["v"])
    assert takes.missing(LINES, ["v"] * 3) == [1, 2]


def test_a_line_that_cannot_be_spoken_stands_in_nobodys_way() -> None:
    takes, speaker = Takes(), Speaker()
    lines = [LINES[0], Line("***"), LINES[2]]
    assert [p.done for p in run(takes, lines, speaker)][-1] == 3
    assert takes.missing(lines, ["v"] * 3) == [1]
