"""Landslide zones and stairs: rule 8."""

from typing import Any

import numpy as np
import pytest
import shapely

from city.traveller import Profile
from routing.exposure import Exposure
from routing.roads import StreetFlag
from routing.verdict import Verdict
from routing.weights import FAR, Conditions
from tests.builders import (
    LANDSLIDE,
    a_box,
    a_grid,
    a_household,
    a_site,
    a_version,
    an_order,
    ask,
    reason_codes,
    slope,
    street_between,
    town_version,
)
from tests.safety.straight_up import SOUTH, grid, line_of, streets_of

RED = slope(2, 90, 140, 110, 160)


def test_rule_08_special_zones_are_closed() -> None:
    ground = grid(zones=[RED])
    assert not line_of(ask(a_version(ground), SOUTH)).intersects(RED.polygon)
    wall = grid(zones=[slope(2, -50, 140, 350, 160)])
    told = ask(a_version(wall, orders=[an_order(4)]), SOUTH)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)
    assert "no_way" in reason_codes(told)


@pytest.mark.parametrize(
    "box", [(90, 195, 110, 205), (90, 120, 110, 205), (90, 95, 110, 130), (60, 90, 140, 260)]
)
def test_rule_08_special_zones_are_closed_wherever_on_a_street_they_begin(box: Any) -> None:
    """A zone over a junction is red at the end of one street and at the start of the next."""
    ground = grid(zones=[slope(2, *box)])
    told = ask(a_version(ground), SOUTH)
    assert shapely.length(line_of(told).intersection(a_box(*box))) < 0.01


@pytest.mark.parametrize("edge", [100.0, 99.995, 100.005, 100.02, 100.5])
def test_rule_08_a_zone_that_begins_at_a_junction_is_not_entered_from_it(edge: float) -> None:
    ground = grid(zones=[slope(2, -50, edge, 350, 160)])
    told = ask(a_version(ground, orders=[an_order(4)]), SOUTH)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


def test_rule_08_nobody_outside_a_special_zone_is_led_into_it_to_reach_the_street() -> None:
    red = slope(2, 120, -5, 180, 10)
    told = ask(a_version(grid(zones=[red])), (150, 20))
    assert told.first is None or not line_of(told).intersects(red.polygon)
    side = ask(a_version(grid(zones=[red])), (190, 20))
    assert side.first is not None
    assert shapely.length(line_of(side).intersection(red.polygon)) < 0.01


def test_rule_08_a_site_in_a_special_zone_is_no_destination() -> None:
    ground = a_grid(sites=[a_site(150, 205), a_site(10, 305)], zones=[slope(2, 140, 203, 160, 220)])
    told = ask(a_version(ground), SOUTH)
    assert told.first is not None
    assert (told.first.way.site, told.second) == (1, None)


@pytest.mark.parametrize("complete", [True, False])
def test_rule_03_under_a_landslide_order_an_unmapped_door_is_told_to_go(complete: bool) -> None:
    """Level 3 addresses everybody in a landslide zone: unknown is not outside."""
    ground = grid(complete=("depth", "landslide") if complete else ("depth",))
    told = ask(a_version(ground, orders=[an_order(3, LANDSLIDE)]), SOUTH)
    assert told.verdict is (Verdict.WATCH if complete else Verdict.GO)
    assert ("landslide_unknown" in reason_codes(told)) is not complete


def test_rule_08_whoever_is_inside_a_special_zone_may_leave_it() -> None:
    ground = grid(zones=[slope(2, 60, -50, 140, 60)])
    told = ask(a_version(ground, orders=[an_order(4, LANDSLIDE)]), SOUTH)
    assert (told.verdict, told.rule) == (Verdict.GO, "below a slope under its order")
    assert told.first is not None
    assert told.first.exposure[Exposure.LANDSLIDE_SPECIAL] < 70


def test_rule_08_warning_zones_are_heavily_penalised() -> None:
    zone = slope(1, 90, 140, 110, 160)
    assert not line_of(ask(a_version(grid(zones=[zone])), SOUTH)).intersects(zone.polygon)
    through = ask(a_version(grid(zones=[slope(1, -50, 140, 350, 160)])), SOUTH)
    assert "through_landslide" in reason_codes(through)


def test_rule_08_stairs_are_closed_to_wheels_and_slow_for_others() -> None:
    ground = grid(flags={(5, 9): StreetFlag.STEPS})
    stairs = street_between(ground, 5, 9)
    told = ask(a_version(ground), SOUTH, a_household("wheelchair"))
    assert stairs not in streets_of(told)
    arcs = ground.roads.arcs[stairs]
    for profile in (Profile.WALK, Profile.SLOW):
        weighed = a_version(ground).weights(Conditions(profile))
        flat = weighed.time[ground.roads.arcs[street_between(ground, 4, 8)]]
        assert (weighed.time[arcs] >= 1.9 * flat).all()


def test_rule_08_the_towns_stairs_carry_no_wheelchair() -> None:
    version = town_version(orders=[], observed=[])
    roads = version.ground.roads
    stairs = np.flatnonzero(roads.has(StreetFlag.STEPS))
    assert len(stairs) >= 5
    cost = version.weights(Conditions(Profile.WHEELCHAIR)).cost
    assert (cost[roads.arcs[stairs]] == FAR).all()
    assert (version.weights(Conditions()).cost[roads.arcs[stairs]] < FAR).sum() >= 10


@pytest.mark.parametrize("beside", [0.0, 0.005, 0.5])
def test_rule_08_whoever_stands_on_a_street_inside_a_special_zone_may_leave_it(
    beside: float,
) -> None:
    ground = grid(zones=[RED])
    told = ask(a_version(ground, orders=[an_order(4)]), (100 + beside, 150))
    assert told.verdict is Verdict.GO
    assert told.first is not None
