"""Placing, snapping, mending overlaps, fitting into cues, undoing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.studio.history import History
from frontend.studio.line import NATURAL_SPEED_RANGE, Cue
from frontend.studio.timeline import SNAP_SECONDS, Clip, Timeline, fit


def test_lines_follow_each_other_with_their_pauses_and_a_start_of_their_own_counts() -> None:
    timeline = Timeline.sequence([(0, 0.5, 2.0, 0.25, None), (1, 0.25, 1.0, 0.0, None), (2, 0.0, 1.0, 0.0, 9.0)])
    assert [clip.start for clip in timeline.clips] == [0.5, 3.0, 9.0]
    assert timeline.seconds == 10.0


def test_a_dragged_clip_snaps_to_a_cue_or_to_its_neighbour_and_never_starts_before_zero() -> None:
    timeline = Timeline((Clip(0, 0.0, 1.0), Clip(1, 5.0, 1.0)))
    assert timeline.moved(1, 3.0 + SNAP_SECONDS / 2, edges=[3.0])[1].start == 3.0
    assert timeline.moved(1, 1.1)[1].start == 1.0
    assert timeline.moved(1, 2.0, edges=[3.0])[1].start == 2.0
    assert timeline.moved(0, -4.0)[0].start == 0.0


def test_overlaps_are_found_and_mended_in_order() -> None:
    timeline = Timeline((Clip(0, 0.0, 2.0), Clip(1, 1.5, 1.0), Clip(2, 2.0, 1.0)))
    assert [(a, b) for a, b, _ in timeline.overlaps()] == [(0, 1), (1, 2)]
    assert timeline.spread().overlaps() == []
    assert [clip.start for clip in timeline.spread().clips] == [0.0, 2.0, 3.0]


clips = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 10)), max_size=12).map(
    lambda rows: Timeline(tuple(sorted((Clip(n, *row) for n, row in enumerate(rows)), key=lambda c: c.start)))
)


@given(clips)
def test_spreading_leaves_no_overlap_and_moves_nothing_forward(timeline: Timeline) -> None:
    spread = timeline.spread()
    assert spread.overlaps() == []
    assert all(spread[clip.line].start >= clip.start for clip in timeline.clips)


def test_a_take_that_fits_keeps_its_speed() -> None:
    assert fit(1.0, 1.0, Cue(0.0, 2.0)) == (fit(2.0, 1.0, Cue(0.0, 2.0)))


def test_a_long_take_is_sped_up_within_natural_limits_else_text_must_go() -> None:
    assert fit(2.4, 1.0, Cue(0.0, 2.0)).speed == pytest.approx(1.2)
    too_long = fit(4.0, 1.0, Cue(0.0, 2.0))
    assert too_long.speed == NATURAL_SPEED_RANGE[1]
    assert too_long.cut == pytest.approx(0.35)


@given(st.floats(0.1, 60), st.floats(0.5, 2), st.floats(0.2, 60))
def test_speed_and_cut_together_always_fit(seconds: float, speed: float, room: float) -> None:
    answer = fit(seconds, speed, Cue(0.0, room))
    assert seconds * speed / answer.speed * (1 - answer.cut) <= room * (1 + 1e-9)


def test_undo_and_redo_walk_the_same_states() -> None:
    history = History(0)
    for state in (1, 2, 2, 3):
        history.push(state)
    assert [history.undo(), history.undo(), history.undo(), history.undo()] == [2, 1, 0, 0]
    assert [history.redo(), history.redo()] == [1, 2]
    history.push(9)
    assert not history.can_redo
    assert history.undo() == 2
