"""What seen and assumed water does to a way: rule 5."""

from dataclasses import replace
from typing import Any

import pytest

from hazards.kinds import HazardKind
from routing.exposure import Exposure
from routing.picture import Picture
from routing.roads import StreetFlag
from routing.verdict import Verdict
from routing.version import PlanVersion
from tests.builders import (
    FAR_OFF,
    STAYER,
    Extra,
    a_box,
    a_closure,
    a_grid,
    a_household,
    a_picture,
    a_site,
    a_version,
    an_order,
    ask,
    collapse,
    depth,
    duration,
    reason_codes,
    street_between,
)
from tests.safety.straight_up import NORTH, SOUTH, grid, line_of, streets_of


def test_rule_05_no_way_crosses_observed_water() -> None:
    water = a_box(60, 140, 140, 160)
    ground = grid()
    dry, wet = a_version(ground), a_version(ground, observed=[water])
    assert line_of(ask(dry, SOUTH)).intersects(water)
    told = ask(wet, SOUTH)
    assert not line_of(told).intersects(water)
    assert street_between(ground, 5, 9) not in streets_of(told)


def test_rule_05_a_puddle_on_one_side_of_the_street_closes_it() -> None:
    ground = grid()
    version = a_version(ground, observed=[a_box(99, 149, 100.5, 150)])
    assert street_between(ground, 5, 9) not in streets_of(ask(version, SOUTH))


@pytest.mark.parametrize("orders", [[], [an_order(3)], [an_order(4)]])
@pytest.mark.parametrize("household", [a_household(), STAYER])
def test_rule_05_a_door_that_observed_water_surrounds_secures_itself_now(
    orders: Any, household: Any
) -> None:
    ring = a_box(50, -20, 150, 60).difference(a_box(95, -5, 115, 15))
    told = ask(a_version(grid(), observed=[ring], orders=orders), SOUTH, household)
    assert (told.verdict, told.first, told.second) == (Verdict.SECURE_NOW, None, None)
    assert "surrounded" in reason_codes(told)


@pytest.mark.parametrize("orders", [[], [an_order(4)]])
def test_rule_05_a_door_in_observed_water_secures_itself_now(orders: Any) -> None:
    told = ask(a_version(grid(), observed=[a_box(104, 4, 106, 6)], orders=orders), SOUTH, STAYER)
    assert told.verdict is Verdict.SECURE_NOW
    assert "in_observed_water" in reason_codes(told)


SOUTH_WALL = (a_box(-50, 140, 80, 160), a_box(120, 140, 350, 160))
"""Seen water over every street to the north but the one from junction 5 to 9."""


@pytest.mark.parametrize(
    ("by_water", "verdict"), [(True, Verdict.SECURE_NOW), (False, Verdict.WATCH)]
)
def test_rule_05_water_that_a_person_confirmed_surrounds_as_seen_water_does(
    by_water: bool, verdict: Verdict
) -> None:
    """A closure for water is confirmed water; one for a hole in the road is not."""
    ground = grid()
    streets = [street_between(ground, a, a + 4) for a in (4, 5, 6, 7)]
    closure = a_closure(ground, *streets, by_water=by_water)
    picture = replace(a_picture(ground), closures=(closure,))
    told = ask(PlanVersion.of(1, ground, picture), SOUTH)
    assert (told.verdict, told.first) == (verdict, None)


@pytest.mark.parametrize(
    ("last", "household", "level"),
    [
        ({"flags": {(5, 9): StreetFlag.STEPS}}, a_household("wheelchair"), 0),
        ({"layers": {(5, 9): -1}}, a_household(), 3),
    ],
    ids=["stairs for wheels", "an underpass in a storm"],
)
def test_rule_05_water_and_what_else_shuts_the_last_street_surround_together(
    last: Any, household: Any, level: int
) -> None:
    ground = grid(**last)
    dry = ask(a_version(ground), SOUTH, household, level=level)
    told = ask(a_version(ground, observed=SOUTH_WALL), SOUTH, household, level=level)
    assert dry.first is not None
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


RING = a_box(50, -20, 150, 60).difference(a_box(95, -5, 115, 15))
"""Seen water around the door in the south."""
BEYOND = a_box(-50, 240, 350, 260)
"""Across every street to the site, far from the ring."""


@pytest.mark.parametrize("household", [a_household(), STAYER, a_household("wheelchair")])
@pytest.mark.parametrize(
    ("in_force", "hazards", "flags"),
    [
        ({"closed_sites": ["避難場所105-305"]}, (), {}),
        ({}, ("volcano",), {}),
        ({"closures": [(8, 12), (9, 13), (10, 14), (11, 15)]}, (), {}),
        ({"closures": [(0, 1), (1, 2), (1, 5)]}, (), {}),
        ({"orders": [an_order(5, area=BEYOND)]}, (), {}),
        ({}, (), {(a, a + 4): StreetFlag.STEPS for a in range(8, 12)}),
    ],
    ids=[
        "all sites closed",
        "no site suits",
        "closures farther on",
        "closures at the door",
        "level 5 farther on",
        "stairs",
    ],
)
@pytest.mark.parametrize("level", [0, 3, 4])
def test_rule_05_nothing_farther_on_makes_a_door_less_surrounded(
    in_force: dict[str, Any], hazards: Any, flags: Any, level: int, household: Any
) -> None:
    """Rule 3 too: whoever water surrounds is neither told to watch nor that staying is safe."""
    inside = [depth(1, 0, -50, 300, 50), duration(1, 0, -50, 300, 50)]
    ground = grid(zones=[*inside, *FAR_OFF], flags=flags)
    pairs = in_force.get("closures", [])
    in_force = in_force | {"closures": [street_between(ground, *pair) for pair in pairs]}
    picture = _for_holes(a_picture(ground, observed=[RING], **in_force))
    told = ask(
        PlanVersion.of(1, ground, picture),
        SOUTH,
        household,
        level=level,
        hazards=map(HazardKind, hazards),
    )
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)
    assert "surrounded" in reason_codes(told)


def _for_holes(picture: Picture) -> Picture:
    """The same closures, for holes in the road instead of water."""
    return replace(picture, closures=tuple(replace(c, by_water=False) for c in picture.closures))


def test_rule_05_the_largest_dry_remnant_can_be_surrounded_too() -> None:
    """All else drowned: four junctions on a hill are the largest part of what is left."""
    ground = grid()
    hill = a_box(-50, -50, 350, 350).difference(a_box(95, 95, 215, 215))
    told = ask(a_version(ground, observed=[hill]), (105, 105))
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)
    assert "surrounded" in reason_codes(told)


def test_rule_05_water_on_the_only_site_surrounds_nobody_far_from_it() -> None:
    ground = grid()
    version = a_version(ground, observed=[a_box(95, 295, 115, 315)])
    told = ask(version, SOUTH)
    assert told.verdict is Verdict.WATCH
    assert "surrounded" not in reason_codes(told)


@pytest.mark.parametrize("closed", [False, True])
def test_rule_05_half_a_city_that_water_cuts_off_is_not_surrounded(closed: bool) -> None:
    """It is told that the water took the way; whom an order sends out climbs all the same."""
    ground = a_grid(16, sites=[a_site(705, 1505)])
    river = a_box(-50, 740, 1550, 760)
    sites = [ground.sites[0].id] if closed else []
    version = a_version(ground, observed=[river], closed_sites=sites)
    calm, ordered = ask(version, (705, 605)), ask(version, (705, 605), level=4)
    assert (calm.verdict, ordered.verdict) == (Verdict.WATCH, Verdict.SECURE_NOW)
    assert "surrounded" not in reason_codes(calm)
    assert ("cut_by_water" in reason_codes(calm)) is not closed


def test_rule_05_a_door_that_no_water_parts_from_the_city_is_not_surrounded() -> None:
    """Water elsewhere, and no open site: nobody is told to climb for that."""
    ground = grid()
    version = a_version(
        ground, observed=[a_box(290, 290, 310, 310)], closed_sites=[ground.sites[0].id]
    )
    assert ask(version, SOUTH).verdict is Verdict.WATCH


def test_rule_05_observed_water_is_never_traded_against_a_detour() -> None:
    """However long the way round: closed is closed, not dear."""
    water = a_box(-50, 140, 250, 160)
    told = ask(a_version(grid(), observed=[water]), SOUTH)
    assert not line_of(told).intersects(water)
    everywhere = a_box(-50, 140, 350, 160)
    told = ask(a_version(grid(), observed=[everywhere], orders=[an_order(4)]), SOUTH)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


def test_rule_05_no_yard_is_crossed_through_observed_water() -> None:
    """The door's nearest street lies behind water; the next one does not."""
    ground = a_grid(sites=[a_site(*NORTH)], extra=[Extra(1, 2, ((150.0, 20.0),))])
    version = a_version(ground, observed=[a_box(120, 1, 180, 4)])
    told = ask(version, (150, 6))
    assert told.first is not None
    assert told.first.way.snap.street == ground.roads.street_count - 1
    assert not line_of(told).intersects(a_box(120, 1, 180, 4))


def test_rule_05_assumed_water_is_avoided_where_that_costs_little() -> None:
    zone = depth(3, 60, 140, 140, 160)
    told = ask(a_version(grid(zones=[zone])), SOUTH)
    assert not line_of(told).intersects(zone.polygon)


def test_rule_05_a_household_inside_assumed_water_gets_out_by_the_shortest_exposure() -> None:
    zone = depth(3, -50, -50, 350, 110)
    told = ask(a_version(grid(zones=[zone]), orders=[an_order(4)]), (105, 95))
    assert told.verdict is Verdict.GO
    assert told.first is not None
    assert told.first.exposure[Exposure.DEPTH_3] == pytest.approx(20, abs=3)


def test_rule_05_assumed_water_closes_nothing() -> None:
    zone = depth(6, -50, 110, 350, 190)
    told = ask(a_version(grid(zones=[zone]), orders=[an_order(4)]), SOUTH)
    assert told.verdict is Verdict.GO
    assert told.first is not None
    assert told.first.exposure[Exposure.DEPTH_6] == pytest.approx(80, abs=1)
    assert "through_assumed" in reason_codes(told)


def test_rule_05_collapse_zones_outside_the_depth_polygons_raise_cost() -> None:
    zone = collapse(2, 60, 140, 140, 160)
    told = ask(a_version(grid(zones=[zone])), SOUTH)
    assert not line_of(told).intersects(zone.polygon)


def test_rule_05_deeper_water_costs_more_than_shallower() -> None:
    ground = a_grid(
        sites=[a_site(*NORTH)], zones=[depth(4, 90, 140, 110, 160), depth(1, -50, 140, 350, 160)]
    )
    told = ask(a_version(ground), SOUTH)
    assert told.first is not None
    assert told.first.exposure.keys() == {Exposure.DEPTH_1}
