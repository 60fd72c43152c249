"""Every step between the states of a place, by whose word."""

from itertools import product

import pytest

from city.staff import Role
from shelters.errors import NotAStep
from shelters.opening import (
    AT_THE_PLACE,
    OPENING_WORDS,
    STAGE_WORDS,
    STEPS,
    Stage,
    check_chain,
    check_step,
)
from shelters.place import Opening

HEADQUARTERS = {
    "unconfirmed": "unopened preparing open full closed endangered",
    "unopened": "preparing open closed endangered",
    "preparing": "unopened open closed endangered",
    "open": "full closed endangered",
    "full": "open closed endangered",
    "closed": "preparing open endangered",
    "endangered": "unopened preparing open full closed",
}
DESK = {
    "unconfirmed": "open full endangered",
    "unopened": "open endangered",
    "preparing": "open endangered",
    "open": "full endangered",
    "full": "open endangered",
    "closed": "endangered",
    "endangered": "",
}
ALL = [pytest.param(a, b, id=f"{a}-{b}") for a, b in product(Opening, Opening)]


def may(before: Opening, after: Opening, *roles: Role) -> bool:
    try:
        check_step(before, after, set(roles))
    except NotAStep:
        return False
    return True


@pytest.mark.parametrize(("before", "after"), ALL)
def test_headquarters_takes_every_step_of_the_table_and_no_other(
    before: Opening, after: Opening
) -> None:
    again = before == after != Opening.UNCONFIRMED
    expected = again or after in HEADQUARTERS[before].split()
    assert may(before, after, Role.OPERATOR) == expected
    assert may(before, after, Role.APPROVER) == expected


@pytest.mark.parametrize(("before", "after"), ALL)
def test_the_desk_of_a_place_opens_fills_and_warns(before: Opening, after: Opening) -> None:
    again = before == after and after in (Opening.OPEN, Opening.FULL, Opening.ENDANGERED)
    assert may(before, after, Role.DESK) == (again or after in DESK[before].split())


@pytest.mark.parametrize("role", [Role.PHONE, Role.FIELD])
@pytest.mark.parametrize(("before", "after"), ALL)
def test_who_sees_or_hears_of_danger_may_only_say_so(
    before: Opening, after: Opening, role: Role
) -> None:
    assert may(before, after, role) == (after is Opening.ENDANGERED)


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.WELFARE, Role.ADMINISTRATOR])
@pytest.mark.parametrize(("before", "after"), ALL)
def test_nobody_else_says_anything_of_a_place(before: Opening, after: Opening, role: Role) -> None:
    assert not may(before, after, role)


def test_rule_06_only_headquarters_takes_danger_back() -> None:
    for after in set(Opening) - {Opening.ENDANGERED}:
        assert not may(Opening.ENDANGERED, after, Role.DESK, Role.PHONE, Role.FIELD)
    assert may(Opening.ENDANGERED, Opening.OPEN, Role.OPERATOR)


def test_danger_can_be_said_of_every_place() -> None:
    for before in Opening:
        assert may(before, Opening.ENDANGERED, Role.DESK)


def test_nobody_says_that_nobody_has_said_anything() -> None:
    assert not any(Opening.UNCONFIRMED in after for after in STEPS.values())


def test_the_desk_takes_no_step_that_headquarters_may_not() -> None:
    assert set(STEPS) == set(AT_THE_PLACE) == set(OPENING_WORDS) == set(Opening)
    assert all(AT_THE_PLACE[before] <= STEPS[before] for before in Opening)


def test_what_a_desk_may_not_it_is_told_to_call_headquarters_for() -> None:
    with pytest.raises(NotAStep, match="閉鎖から開設には変えられません。本部に電話してください"):
        check_step(Opening.CLOSED, Opening.OPEN, {Role.DESK})


def test_what_is_no_step_names_those_that_are() -> None:
    with pytest.raises(NotAStep, match="次は 開設準備、開設、危険・孤立 です"):
        check_step(Opening.CLOSED, Opening.FULL, {Role.OPERATOR})


@pytest.mark.parametrize("opening", sorted(set(Opening) - {Opening.PREPARING}))
def test_the_chain_of_opening_belongs_to_preparation(opening: Opening) -> None:
    for stage, expects in ((Stage.KEY_HOLDER, False), (None, True)):
        with pytest.raises(NotAStep, match="開設準備の間だけ"):
            check_chain(opening, stage=stage, expects=expects)
        check_chain(Opening.PREPARING, stage=stage, expects=expects)
    check_chain(opening, stage=None, expects=False)


def test_every_stage_has_its_words() -> None:
    assert set(STAGE_WORDS) == set(Stage)
