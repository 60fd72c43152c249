"""Sites, shelters and welfare shelters are three things, and so are their capacities."""

from dataclasses import FrozenInstanceError, fields

import pytest

from city.position import Position
from hazards.kinds import HazardKind
from shelters.capacity import NOT_STATED, Capacity
from shelters.place import EvacuationSite, Shelter, WelfareShelter

AT = Position(35.0, 139.0)


def test_a_place_states_no_capacity_unless_its_list_does() -> None:
    site = EvacuationSite("E1", "北小学校", AT, "", frozenset({HazardKind.FLOOD}))
    shelter = Shelter("S1", "北小学校", AT, "", also_evacuation_site=True)
    welfare = WelfareShelter("W1", "北小学校", AT, "")
    for place in (site, shelter, welfare):
        assert place.capacity is NOT_STATED
    assert (shelter.site_id, welfare.shelter_id, welfare.site_id) == (None, None, None)


def test_rule_02_only_a_site_suits_hazards() -> None:
    """What cannot be asked whether it suits cannot become a destination."""
    assert hasattr(EvacuationSite, "suits")
    assert not hasattr(Shelter, "suits")
    assert not hasattr(WelfareShelter, "suits")
    assert not issubclass(WelfareShelter, Shelter | EvacuationSite)
    assert not issubclass(Shelter, EvacuationSite)


def test_rule_15_capacities_are_four_numbers_and_no_sum() -> None:
    names = [field.name for field in fields(Capacity)]
    assert names == ["storm_indoor", "quake_outdoor", "quake_indoor", "unspecified"]
    assert set(vars(Capacity)) & {"total", "sum", "__add__", "__int__", "__lt__"} == set()
    assert all(getattr(NOT_STATED, name) is None for name in names)
    with pytest.raises(FrozenInstanceError):
        NOT_STATED.storm_indoor = 1  # type: ignore[misc]
