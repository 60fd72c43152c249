"""Rescues: a case ends by somebody who says how, and waits again where that was a mistake."""

import pytest

from hazards.errors import NotAState
from hazards.rescue import ENDED, STATE_WORDS, STEPS, RescueState, check_step


def test_every_state_has_words_and_steps() -> None:
    assert set(STATE_WORDS) == set(STEPS) == set(RescueState)


@pytest.mark.parametrize("to", [RescueState.RESCUED, RescueState.NOT_FOUND, RescueState.ON_SITE])
def test_nobody_is_rescued_or_not_found_by_whom_nobody_sent(to: RescueState) -> None:
    with pytest.raises(NotAState):
        check_step(RescueState.WAITING, to)
    check_step(RescueState.ASSIGNED, to)


@pytest.mark.parametrize("state", sorted(ENDED))
def test_what_was_ended_by_mistake_waits_again(state: RescueState) -> None:
    assert STEPS[state] == {RescueState.WAITING}
