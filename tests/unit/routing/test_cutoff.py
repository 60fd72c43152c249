"""Who is said to be cut off: the junctions whose doors have no way, and no others."""

import pytest

from city.traveller import Profile
from hazards.kinds import HazardKind
from routing.cutoff import pockets
from routing.door import hazards_of_junctions
from tests.builders import (
    FLOOD,
    LANDSLIDE,
    a_box,
    a_grid,
    a_site,
    a_version,
    an_order,
    ask,
    slope,
)

WEST, EAST = a_box(-50, -50, 150, 350), a_box(150, -50, 350, 350)
RING = a_box(50, -20, 150, 60).difference(a_box(95, -5, 115, 15))


def test_orders_of_two_hazards_in_two_places_cut_nobody_off() -> None:
    tsunami = HazardKind.TSUNAMI
    sites = [a_site(5, 5, suits=[FLOOD, LANDSLIDE]), a_site(305, 5, suits=[tsunami])]
    orders = [an_order(4, FLOOD, WEST), an_order(4, tsunami, EAST, number=2)]
    version = a_version(a_grid(sites=sites), orders=orders)
    assert pockets(version, Profile.WALK) == []
    for x in (105, 205):
        assert ask(version, (x, 105)).first is not None


def test_the_hazards_of_junctions_are_those_of_doors_there() -> None:
    ground = a_grid(sites=[a_site(5, 5)], zones=[slope(1, 190, 190, 310, 310)])
    orders = [an_order(3, LANDSLIDE, WEST), an_order(4, FLOOD, a_box(-50, -50, 350, 50), number=2)]
    for version in (a_version(ground), a_version(ground, orders=orders)):
        counted = 0
        for hazards, here in hazards_of_junctions(version).items():
            for x, y in ground.roads.junction_xy[here].tolist():
                assert ask(version, (x, y)).hazards == hazards
                counted += 1
        assert counted == ground.roads.junction_count


@pytest.mark.parametrize("closed", [True, False])
def test_a_pocket_inside_a_ring_of_water_is_cut_off_by_water(closed: bool) -> None:
    """Whether or not any site is open."""
    ground = a_grid(sites=[a_site(105, 305)])
    sites = [ground.sites[0].id] if closed else []
    found = pockets(a_version(ground, observed=[RING], closed_sites=sites), Profile.WALK)
    told = [(pocket.junctions, pocket.by_water) for pocket in found]
    assert told == ([(15, False), (1, True)] if closed else [(1, True)])
