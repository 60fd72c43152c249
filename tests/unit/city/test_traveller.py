"""What a household may say of itself."""

from typing import Any

import pytest

from city.errors import CityError
from city.traveller import Dwelling, Household, Profile


def test_nothing_said_is_unknown_and_not_a_default() -> None:
    home = Household()
    assert (home.dwelling, home.floor, home.floors, home.supplies_h) == (None,) * 4
    assert not home.below_ground


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor": 0},
        {"floor": -11},
        {"floor": 101},
        {"floors": 0},
        {"floors": 101},
        {"floor": 3, "floors": 2},
        {"dwelling": Dwelling.BUNGALOW, "floor": 2},
        {"dwelling": Dwelling.BUNGALOW, "floors": 2},
        {"supplies_h": -1},
        {"supplies_h": 10_001},
        {"supplies_h": float("nan")},
    ],
    ids=str,
)
def test_homes_that_do_not_exist_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CityError):
        Household(**wrong)


@pytest.mark.parametrize("floor", [-1, -2, -10])
def test_a_negative_floor_is_a_basement(floor: int) -> None:
    assert Household(floor=floor, floors=5).below_ground


def test_level_3_is_addressed_to_those_who_need_time() -> None:
    assert [profile for profile in Profile if profile.needs_time] == [
        Profile.SLOW,
        Profile.WHEELCHAIR,
    ]
