"""Who may use a street: nobody walks along a motorway, or is joined to a street across one."""

import pytest
import shapely

from city.traveller import Profile
from routing.roads import Access, StreetFlag
from routing.weights import FAR, Conditions
from tests.builders import (
    Extra,
    a_grid,
    a_household,
    a_site,
    a_version,
    ask,
    street_between,
)
from tests.safety.straight_up import line_of

MOTORWAY = Access.VEHICLE_FORWARD
ACROSS = {(4, 5): MOTORWAY, (5, 6): MOTORWAY, (6, 7): MOTORWAY}
"""The second street from the south, from west to east: a motorway."""
SITE = a_site(150, 205)


def test_nobody_on_foot_walks_along_a_motorway() -> None:
    ground = a_grid(access=ACROSS, sites=[SITE])
    weighed = a_version(ground).weights(Conditions())
    for a, b in ACROSS:
        row = street_between(ground, a, b)
        assert (weighed.cost[ground.roads.arcs[row]] == FAR).all()
    told = ask(a_version(ground), (105, 95))
    assert told.first is not None
    walked = {stretch.street for stretch in told.first.way.stretches}
    assert not walked & {street_between(ground, a, b) for a, b in ACROSS}


def test_no_door_is_joined_to_a_motorway_or_across_one() -> None:
    ground = a_grid(access=ACROSS, sites=[SITE])
    motorway = shapely.LineString([(0, 100), (300, 100)])
    told = ask(a_version(ground), (150, 95))
    assert told.first is not None
    line = line_of(told)
    yard = shapely.LineString(line.coords[:2])
    assert not yard.intersects(motorway)
    assert told.first.way.snap.offset_m > 40


@pytest.mark.parametrize("flag", [StreetFlag(0), StreetFlag.BRIDGE, StreetFlag.TUNNEL])
def test_only_a_motorway_on_the_ground_fences_anybody_off(flag: StreetFlag) -> None:
    behind = Extra(4, 7, ((20, 115), (280, 115)))
    flags = dict.fromkeys(ACROSS, flag)
    ground = a_grid(access=ACROSS, flags=flags, extra=[behind], sites=[SITE])
    told = ask(a_version(ground), (150, 98))
    assert told.first is not None
    crosses = told.first.way.snap.offset_m < 20
    assert crosses is bool(flag)


def test_a_wheelchair_takes_no_street_that_is_not_for_wheels() -> None:
    rough = {(1, 5): Access.FOOT}
    ground = a_grid(access=rough, sites=[a_site(100, 205)])
    row = street_between(ground, 1, 5)
    on_foot = ask(a_version(ground), (100, 5))
    rolling = ask(a_version(ground), (100, 5), a_household(Profile.WHEELCHAIR))
    assert on_foot.first is not None
    assert rolling.first is not None
    assert row in {stretch.street for stretch in on_foot.first.way.stretches}
    assert row not in {stretch.street for stretch in rolling.first.way.stretches}
