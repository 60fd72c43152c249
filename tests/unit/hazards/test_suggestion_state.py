"""Who may decide on a suggestion."""

import pytest

from city.staff import CONSOLE, PUBLIC, SYSTEM, Caller, CallerKind, Role
from hazards.errors import Decided, MayNotDecide
from hazards.suggestionstate import (
    SUGGESTION_WORDS,
    SuggestionState,
    check_open,
    check_passer,
    check_taker,
)

HEADQUARTERS = [Role.OPERATOR, Role.APPROVER]
TABLET = Caller(CallerKind.DEVICE, 2, "端末", frozenset(HEADQUARTERS))


def person(role: Role) -> Caller:
    return Caller(CallerKind.STAFF, 2, "架空 花子", frozenset({role}))


@pytest.mark.parametrize("role", HEADQUARTERS)
def test_headquarters_takes_up_and_passes_over(role: Role) -> None:
    check_taker(person(role))
    check_passer(person(role))


def test_the_console_passes_over_but_takes_up_nothing() -> None:
    check_passer(CONSOLE)
    with pytest.raises(MayNotDecide):
        check_taker(CONSOLE)


OTHERS = [person(role) for role in Role if role not in HEADQUARTERS]


@pytest.mark.parametrize("by", [PUBLIC, SYSTEM, TABLET, *OTHERS], ids=lambda by: by.actor)
def test_nobody_else_decides(by: Caller) -> None:
    for check in (check_taker, check_passer):
        with pytest.raises(MayNotDecide):
            check(by)


@pytest.mark.parametrize("state", [SuggestionState.TAKEN, SuggestionState.PASSED_OVER])
def test_what_is_decided_is_decided(state: SuggestionState) -> None:
    with pytest.raises(Decided, match=SUGGESTION_WORDS[state]):
        check_open(7, state, in_drafting=False)
    check_open(7, SuggestionState.WAITING, in_drafting=False)
    check_open(7, SuggestionState.TAKEN, in_drafting=True)
