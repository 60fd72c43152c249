"""A team that calls at doors has a time to come home, and is missed when it does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.doors import (
    ANSWERS_WITHIN,
    LONGEST,
    OUTCOME_WORDS,
    SPOKEN,
    STATE_WORDS,
    DoorOutcome,
    ListState,
    Outing,
    check_withdrawal,
)
from alerts.errors import NotFit
from alerts.kinds import Step
from hazards.kinds import AlertLevel

NOW = datetime(2026, 10, 13, 2, 14, tzinfo=ZoneInfo("Asia/Tokyo"))
M = timedelta(minutes=1)
OUT = Outing(NOW + 36 * M, handed_at=NOW)
MOMENTS = st.none() | st.integers(-60, 60).map(lambda minutes: NOW + minutes * M)


@pytest.mark.parametrize(
    ("outing", "state"),
    [
        (Outing(NOW + 36 * M), ListState.WAITING),
        (OUT, ListState.HANDED),
        (replace(OUT, called=1), ListState.UNDER_WAY),
        (replace(OUT, called=1, withdraw_at=NOW), ListState.OVERDUE),
        (replace(OUT, called=1, ended=Step.CANCEL), ListState.CANCELLED),
        (replace(OUT, called=1, ended=Step.ALL_CLEAR), ListState.CLEARED),
        (replace(OUT, withdraw_at=NOW, ended=Step.CANCEL), ListState.OVERDUE),
        (replace(OUT, called=1, recalled_at=NOW), ListState.RECALLED),
        (replace(OUT, withdraw_at=NOW, recalled_at=NOW, escalated_at=NOW), ListState.ESCALATED),
        (replace(OUT, recalled_at=NOW, escalated_at=NOW, back_at=NOW), ListState.BACK),
        (replace(OUT, back_at=NOW, ended=Step.CANCEL), ListState.BACK),
    ],
)
def test_a_list_is_as_far_as_the_last_thing_known_of_it(outing: Outing, state: ListState) -> None:
    assert outing.state(NOW) is state


def test_a_team_is_missed_ten_minutes_after_its_withdrawal() -> None:
    at = OUT.withdraw_at + ANSWERS_WITHIN
    assert not OUT.must_escalate(at - timedelta(seconds=1))
    assert OUT.must_escalate(at)
    assert not replace(OUT, back_at=at).must_escalate(at)
    assert not replace(OUT, escalated_at=at).must_escalate(at)


def test_rule_13_a_recalled_team_is_missed_ten_minutes_after_the_recall() -> None:
    recalled = replace(OUT, recalled_at=NOW + M)
    assert recalled.must_escalate(NOW + 11 * M)
    late = replace(OUT, recalled_at=OUT.withdraw_at + 5 * M)
    assert late.escalates_at == OUT.escalates_at


@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS, st.integers(-60, 60), st.integers(0, 9))
@settings(deadline=None)
def test_rule_13_who_is_out_long_after_the_withdrawal_is_missed_or_handed_on(
    handed: datetime | None,
    recalled: datetime | None,
    back: datetime | None,
    escalated: datetime | None,
    withdraw: int,
    called: int,
) -> None:
    outing = Outing(NOW + withdraw * M, handed, called, recalled, back, escalated)
    later = NOW + 120 * M
    missed = outing.must_escalate(later) or outing.state(later) is ListState.ESCALATED
    assert missed == outing.is_outside


def test_rule_13_a_withdrawal_lies_ahead_and_not_too_far() -> None:
    check_withdrawal(NOW + LONGEST, NOW, AlertLevel.ALL_LEAVE)
    with pytest.raises(NotFit, match="今より後"):
        check_withdrawal(NOW, NOW, AlertLevel.ALL_LEAVE)
    with pytest.raises(NotFit, match="3 時間以内"):
        check_withdrawal(NOW + LONGEST + M, NOW, AlertLevel.ALL_LEAVE)


def test_rule_13_nobody_is_sent_out_under_level_5() -> None:
    with pytest.raises(NotFit, match="レベル5"):
        check_withdrawal(NOW + M, NOW, AlertLevel.SECURE_NOW)


def test_every_state_and_outcome_has_words() -> None:
    assert set(STATE_WORDS) == set(ListState)
    assert set(OUTCOME_WORDS) == set(DoorOutcome)
    assert DoorOutcome.ABSENT not in SPOKEN
    assert DoorOutcome.NOT_REACHED_STREET not in SPOKEN
