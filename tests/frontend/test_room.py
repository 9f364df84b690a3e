"""The second in which the room is measured."""

from __future__ import annotations

import pytest

from frontend.capture.microphone import Level
from frontend.capture.room import LEVELS, Room


def measured(*rms: float) -> Room:
    room = Room()
    for value in rms:
        room.hear(Level(value, 2 * value))
    return room


@pytest.mark.parametrize(("rms", "loud"), [(0.0, False), (0.001, False), (0.02, True)])
def test_a_room_is_quiet_or_loud(rms: float, loud: bool) -> None:
    assert measured(*[rms] * LEVELS).loud is loud


def test_neither_the_microphone_starting_nor_a_creaking_chair_counts() -> None:
    room = measured(0.9, 0.001, 0.001, 0.8, 0.001, 0.001)
    assert room.noise_db == pytest.approx(-60)
    assert not room.loud


def test_it_ends_after_a_second_and_is_said_once() -> None:
    room = Room()
    assert [room.hear(Level(0.001, 0.002)) for _ in range(LEVELS + 2)] == [False] * (LEVELS - 1) + [True, False, False]
    assert room.noise_db == pytest.approx(-60)
    assert Room().noise_db is None and not Room().loud
