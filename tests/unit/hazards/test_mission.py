"""Missions: what may be said in each state, who is overdue, and whom headquarters reads first."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hazards.errors import NotAState
from hazards.mission import (
    ANSWERS_WITHIN,
    OF_TEAM,
    STATE_WORDS,
    STEPS,
    Due,
    Mission,
    MissionState,
    MissionStep,
    in_urgency,
)
from hazards.missiontimes import BadMission, check_times

NOW = datetime(2026, 11, 28, 2, 10, tzinfo=UTC)
M = timedelta(minutes=1)
OUT = Mission(NOW, NOW + 120 * M)
RECALLED = OUT.after(MissionStep.RECALL, NOW + 5 * M)
MINUTES = st.integers(-200, 400)


def test_every_state_has_words_and_steps() -> None:
    assert set(STATE_WORDS) == set(STEPS) == set(MissionState)


@pytest.mark.parametrize(
    ("mission", "state"),
    [
        (OUT, MissionState.OUT),
        (RECALLED, MissionState.RECALLED),
        (RECALLED.after(MissionStep.CONFIRM_RECALL, NOW + 6 * M), MissionState.COMING_BACK),
        (RECALLED.after(MissionStep.ESCALATE, NOW + 6 * M), MissionState.ESCALATED),
        (OUT.after(MissionStep.RETURN, NOW + M), MissionState.RETURNED),
    ],
    ids=["out", "recalled", "coming back", "escalated", "returned"],
)
def test_what_the_table_allows_can_be_said_and_nothing_else(
    mission: Mission, state: MissionState
) -> None:
    assert mission.state is state
    for step in MissionStep:
        if step in STEPS[state]:
            mission.after(step, NOW + 10 * M)
        else:
            with pytest.raises(NotAState):
                mission.after(step, NOW + 10 * M)


def test_rule_13_a_check_in_confirms_no_recall() -> None:
    pressed = RECALLED.after(MissionStep.CHECK_IN, NOW + 6 * M)
    assert pressed.state is MissionState.RECALLED
    assert Due.RECALL in pressed.dues(NOW + 6 * M)


@pytest.mark.parametrize(
    ("mission", "minutes", "dues"),
    [
        (OUT, 29, set()),
        (OUT, 30, {Due.CHECK_IN}),
        (OUT.after(MissionStep.CHECK_IN, NOW + 25 * M), 54, set()),
        (OUT.after(MissionStep.CHECK_IN, NOW + 100 * M), 120, {Due.WITHDRAWAL}),
        (RECALLED, 5, {Due.RECALL}),
        (RECALLED.after(MissionStep.CONFIRM_RECALL, NOW + 6 * M), 7, set()),
        (RECALLED.after(MissionStep.RETURN, NOW + 6 * M), 500, set()),
    ],
    ids=range(7),
)
def test_who_is_overdue_and_for_what(mission: Mission, minutes: int, dues: set[Due]) -> None:
    assert set(mission.dues(NOW + minutes * M)) == dues


def test_rule_13_who_is_overdue_for_ten_minutes_is_escalated_once() -> None:
    due = NOW + 30 * M
    assert not OUT.must_escalate(due + ANSWERS_WITHIN - timedelta(seconds=1))
    assert OUT.must_escalate(due + ANSWERS_WITHIN)
    gone = OUT.after(MissionStep.ESCALATE, due + ANSWERS_WITHIN)
    assert not gone.must_escalate(due + 60 * M)
    found = gone.after(MissionStep.REACHED, due + 20 * M)
    assert found.state is MissionState.OUT
    assert not found.must_escalate(due + 29 * M)
    assert found.must_escalate(due + 30 * M)


@given(
    words=st.lists(st.tuples(st.sampled_from(sorted(OF_TEAM)), MINUTES), max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_what_a_team_says_counts_in_any_order_and_once(
    words: list[tuple[MissionStep, int]], order: object
) -> None:
    shuffled = [*words, *words]
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _said(words) == _said(shuffled)


def _said(words: list[tuple[MissionStep, int]]) -> Mission:
    mission = RECALLED
    for step, minutes in words:
        mission = mission.after(step, NOW + minutes * M)
    return mission


@given(st.lists(st.tuples(st.sampled_from(sorted(MissionStep)), MINUTES), max_size=12))
def test_rule_13_only_a_return_takes_a_team_off_the_board(
    words: list[tuple[MissionStep, int]],
) -> None:
    mission = OUT
    for step, minutes in words:
        if step in STEPS[mission.state]:
            mission = mission.after(step, NOW + minutes * M)
    late = NOW + 2000 * M
    assert (mission.overdue_since(late) is None) == (mission.returned_at is not None)
    assert mission.is_outside == (MissionStep.RETURN not in [step for step, _ in words])


def test_headquarters_reads_who_is_overdue_first_and_for_longest() -> None:
    at = NOW + 40 * M
    rows = {
        "home": OUT.after(MissionStep.RETURN, NOW + 3 * M),
        "well": OUT.after(MissionStep.CHECK_IN, NOW + 35 * M),
        "late": OUT,
        "recalled": RECALLED,
        "due next": OUT.after(MissionStep.CHECK_IN, NOW + 11 * M),
    }
    ranked = in_urgency([(mission, name) for name, mission in rows.items()], at)
    assert ranked == ["recalled", "late", "due next", "well", "home"]


@pytest.mark.parametrize(
    ("minutes", "every"),
    [(0, 30), (-1, 30), (361, 30), (60, 4), (60, 61)],
    ids=["now", "past", "too long", "too often", "too seldom"],
)
def test_a_mission_without_a_fit_end_is_none(minutes: int, every: int) -> None:
    with pytest.raises(BadMission):
        check_times(NOW + minutes * M, every * M, NOW)
    check_times(NOW + 360 * M, 30 * M, NOW)
