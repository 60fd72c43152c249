"""What water, closures, bridges, underpasses and slopes do to a way: rules 5 to 8."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from city.traveller import Profile
from data import mapped
from hazards.closure import Closure
from hazards.kinds import AlertLevel
from operations.planner import streets_along
from routing.exposure import Exposure
from routing.ground import Ground
from routing.guidance import Guidance
from routing.roads import StreetFlag
from routing.rules import Rules
from routing.verdict import Verdict
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from tests.builders import (
    LANDSLIDE,
    NIGHT,
    NOON,
    STAYER,
    Extra,
    a_box,
    a_grid,
    a_household,
    a_picture,
    a_site,
    a_version,
    an_order,
    ask,
    collapse,
    depth,
    reason_codes,
    slope,
    street_between,
    town_ground,
    town_version,
)

SOUTH, NORTH = (105, 5), (105, 305)
"""A door at junction 1, a site at junction 13 of the 4 x 4 grid: straight up the street."""


def streets_of(told: Guidance) -> set[int]:
    assert told.first is not None
    return {stretch.street for stretch in told.first.way.stretches}


def line_of(told: Guidance) -> Any:
    assert told.first is not None
    return shapely.LineString(told.version.ground.metres.xy(told.first.line))


def _grid(**more: Any) -> Ground:
    return a_grid(sites=[a_site(*NORTH)], **more)


# 5: three kinds of water


def test_rule_05_no_way_crosses_observed_water() -> None:
    water = a_box(60, 140, 140, 160)
    ground = _grid()
    dry, wet = a_version(ground), a_version(ground, observed=[water])
    assert line_of(ask(dry, SOUTH)).intersects(water)
    told = ask(wet, SOUTH)
    assert not line_of(told).intersects(water)
    assert street_between(ground, 5, 9) not in streets_of(told)


def test_rule_05_a_puddle_on_one_side_of_the_street_closes_it() -> None:
    ground = _grid()
    version = a_version(ground, observed=[a_box(99, 149, 100.5, 150)])
    assert street_between(ground, 5, 9) not in streets_of(ask(version, SOUTH))


@pytest.mark.parametrize("orders", [[], [an_order(3)], [an_order(4)]])
@pytest.mark.parametrize("household", [a_household(), STAYER])
def test_rule_05_a_door_that_observed_water_surrounds_secures_itself_now(
    orders: Any, household: Any
) -> None:
    ring = a_box(50, -20, 150, 60).difference(a_box(95, -5, 115, 15))
    told = ask(a_version(_grid(), observed=[ring], orders=orders), SOUTH, household)
    assert (told.verdict, told.first, told.second) == (Verdict.SECURE_NOW, None, None)
    assert "surrounded" in reason_codes(told)


@pytest.mark.parametrize("orders", [[], [an_order(4)]])
def test_rule_05_a_door_in_observed_water_secures_itself_now(orders: Any) -> None:
    told = ask(a_version(_grid(), observed=[a_box(104, 4, 106, 6)], orders=orders), SOUTH, STAYER)
    assert told.verdict is Verdict.SECURE_NOW
    assert "in_observed_water" in reason_codes(told)


SOUTH_WALL = (a_box(-50, 140, 80, 160), a_box(120, 140, 350, 160))
"""Seen water over every street to the north but the one from junction 5 to 9."""


@pytest.mark.parametrize(
    ("reason", "verdict"), [("冠水", Verdict.SECURE_NOW), ("陥没", Verdict.WATCH)]
)
def test_rule_05_water_that_a_person_confirmed_surrounds_as_seen_water_does(
    reason: str, verdict: Verdict
) -> None:
    """A closure for water is confirmed water; one for a hole in the road is not."""
    ground = _grid()
    streets = [street_between(ground, a, a + 4) for a in (4, 5, 6, 7)]
    closures = [Closure(n, (s,), reason, ground.lines[s], NOON) for n, s in enumerate(streets)]
    picture = replace(a_picture(ground), closures=tuple(closures))
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
    ground = _grid(**last)
    dry = ask(a_version(ground), SOUTH, household, level=level)
    told = ask(a_version(ground, observed=SOUTH_WALL), SOUTH, household, level=level)
    assert dry.first is not None
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


def test_rule_05_observed_water_is_never_traded_against_a_detour() -> None:
    """However long the way round: closed is closed, not dear."""
    water = a_box(-50, 140, 250, 160)
    told = ask(a_version(_grid(), observed=[water]), SOUTH)
    assert not line_of(told).intersects(water)
    everywhere = a_box(-50, 140, 350, 160)
    told = ask(a_version(_grid(), observed=[everywhere], orders=[an_order(4)]), SOUTH)
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
    told = ask(a_version(_grid(zones=[zone])), SOUTH)
    assert not line_of(told).intersects(zone.polygon)


def test_rule_05_a_household_inside_assumed_water_gets_out_by_the_shortest_exposure() -> None:
    zone = depth(3, -50, -50, 350, 110)
    told = ask(a_version(_grid(zones=[zone]), orders=[an_order(4)]), (105, 95))
    assert told.verdict is Verdict.GO
    assert told.first is not None
    assert told.first.exposure[Exposure.DEPTH_3] == pytest.approx(20, abs=3)


def test_rule_05_assumed_water_closes_nothing() -> None:
    zone = depth(6, -50, 110, 350, 190)
    told = ask(a_version(_grid(zones=[zone]), orders=[an_order(4)]), SOUTH)
    assert told.verdict is Verdict.GO
    assert told.first is not None
    assert told.first.exposure[Exposure.DEPTH_6] == pytest.approx(80, abs=1)
    assert "through_assumed" in reason_codes(told)


def test_rule_05_collapse_zones_outside_the_depth_polygons_raise_cost() -> None:
    zone = collapse(2, 60, 140, 140, 160)
    told = ask(a_version(_grid(zones=[zone])), SOUTH)
    assert not line_of(told).intersects(zone.polygon)


def test_rule_05_deeper_water_costs_more_than_shallower() -> None:
    ground = a_grid(
        sites=[a_site(*NORTH)], zones=[depth(4, 90, 140, 110, 160), depth(1, -50, 140, 350, 160)]
    )
    told = ask(a_version(ground), SOUTH)
    assert told.first is not None
    assert told.first.exposure.keys() == {Exposure.DEPTH_1}


# 6: closures


def test_rule_06_a_closure_bites_at_once_for_everybody() -> None:
    ground = _grid()
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed])
    for profile in Profile:
        for when in (NOON, NIGHT):
            assert closed in streets_of(ask(a_version(ground), SOUTH, a_household(profile)))
            told = ask(version, SOUTH, a_household(profile), when=when)
            assert closed not in streets_of(told)


def test_rule_06_part_of_a_closed_street_is_closed_too() -> None:
    ground = a_grid(sites=[a_site(105, 180), a_site(205, 180)])
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed], orders=[an_order(4)])
    for door in ((105, 120), SOUTH):
        assert closed in streets_of(ask(a_version(ground), door))
        told = ask(version, door)
        assert told.first is None or closed not in streets_of(told)
    assert ask(version, SOUTH).first is not None


@pytest.mark.parametrize("moved", ["split", "shifted", "gone"])
def test_rule_06_a_closure_outlives_a_new_map(moved: str) -> None:
    """The closed street is split, drawn 6 m away, or there is none along its line any more."""
    ground = _grid()
    line = shapely.LineString(
        {
            "split": [(100, 90), (100, 210)],
            "shifted": [(106, 100), (106, 200)],
            "gone": [(50, 170), (150, 170)],
        }[moved]
    )
    streets = streets_along(ground, line)
    closure = Closure(1, streets, "陥没", line, NOON)
    version = PlanVersion.of(1, ground, replace(a_picture(ground), closures=(closure,)))
    assert street_between(ground, 5, 9) not in streets_of(ask(version, SOUTH))
    assert bool(streets) is (moved != "gone")
    assert not set(streets) & {street_between(ground, *pair) for pair in ((4, 5), (5, 6), (8, 9))}


def test_rule_06_a_closure_never_lapses() -> None:
    ground = _grid()
    closed = street_between(ground, 5, 9)
    version = a_version(ground, closures=[closed])
    for hours in (1, 7, 24, 24 * 400):
        told = ask(version, SOUTH, when=NOON + timedelta(hours=hours))
        assert closed not in streets_of(told)
    assert not {"until", "expires_at", "ends_at"} & set(Closure.__dataclass_fields__)


def test_rule_06_closures_and_water_survive_being_saved_and_mapped_again(tmp_path: Path) -> None:
    ground = _grid()
    closed, water = street_between(ground, 5, 9), a_box(40, 40, 60, 60)
    version = a_version(ground, closures=[closed], observed=[water])
    version.field(Conditions(), frozenset({LANDSLIDE}))
    mapped.save_version(tmp_path, version, mapped.Origin("1"))
    again = mapped.open_version(tmp_path, ground)
    assert again.picture == version.picture
    assert (again.weights(Conditions()).cost == version.weights(Conditions()).cost).all()
    assert closed not in streets_of(ask(again, SOUTH))


def test_rule_06_nothing_but_the_closure_reopens_with_it() -> None:
    ground = _grid()
    closed = street_between(ground, 5, 9)
    with_both = a_version(ground, closures=[closed], observed=[a_box(90, 140, 110, 160)])
    only_water = a_version(ground, observed=[a_box(90, 140, 110, 160)])
    only_closed = a_version(ground, closures=[closed])
    for version in (with_both, only_water, only_closed):
        assert (version.weights(Conditions()).cost[ground.roads.arcs[closed]] == FAR).all()


def test_rule_06_lifting_the_order_reopens_no_road() -> None:
    ground = _grid()
    closed = street_between(ground, 5, 9)
    for orders in ([an_order(4)], []):
        version = a_version(ground, closures=[closed], orders=orders)
        assert closed not in streets_of(ask(version, SOUTH))


def test_rule_06_the_parallel_street_of_a_closed_one_stays_open() -> None:
    ground = a_grid(sites=[a_site(*NORTH)], extra=[Extra(5, 9, ((120.0, 150.0),))])
    straight, beside = street_between(ground, 5, 9), ground.roads.street_count - 1
    assert straight in streets_of(ask(a_version(ground), SOUTH))
    assert beside in streets_of(ask(a_version(ground, closures=[straight]), SOUTH))


# 7: bridges and underpasses

RIVER = depth(4, -50, 110, 350, 190)


def test_rule_07_a_bridge_stands_above_assumed_water() -> None:
    """All three streets cross the zone; the bridge is the detour, and dry."""
    ground = _grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    told = ask(a_version(ground), SOUTH)
    bridge = street_between(ground, 7, 11)
    assert bridge in streets_of(told)
    assert ground.assumed.metres()[bridge][Exposure.DEPTH_4] == pytest.approx(80)
    assert told.first is not None
    assert Exposure.DEPTH_4 not in told.first.exposure


def test_rule_07_a_bridge_also_stands_above_collapse_zones() -> None:
    ground = _grid(zones=[collapse(1, -50, 110, 350, 190)], flags={(7, 11): StreetFlag.BRIDGE})
    assert street_between(ground, 7, 11) in streets_of(ask(a_version(ground), SOUTH))


def test_rule_07_a_bridge_is_no_shelter_from_observed_water() -> None:
    ground = _grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    version = a_version(ground, observed=[a_box(290, 140, 310, 150)])
    assert street_between(ground, 7, 11) not in streets_of(ask(version, SOUTH))


def test_rule_07_a_bridge_is_no_shelter_from_landslides() -> None:
    ground = _grid(zones=[slope(1, -50, 110, 350, 190)], flags={(7, 11): StreetFlag.BRIDGE})
    assert street_between(ground, 7, 11) not in streets_of(ask(a_version(ground), SOUTH))


def test_rule_07_a_bridge_that_a_person_closed_is_closed() -> None:
    ground = _grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    bridge = street_between(ground, 7, 11)
    assert bridge not in streets_of(ask(a_version(ground, closures=[bridge]), SOUTH))


def _bridge_cost(ground: Ground, *orders: Any) -> int:
    version = a_version(ground, orders=orders)
    arc = ground.roads.arcs[street_between(ground, 7, 11), 0]
    return int(version.weights(Conditions()).cost[arc])


def test_rule_07_bridges_are_penalised_from_level_4_of_a_flood_on() -> None:
    ground = _grid(flags={(7, 11): StreetFlag.BRIDGE})
    calm, penalty = _bridge_cost(ground), round(Rules().bridge_penalty_s * 10)
    assert penalty > 0
    assert _bridge_cost(ground, an_order(3)) == calm
    assert _bridge_cost(ground, an_order(4, LANDSLIDE)) == calm
    assert _bridge_cost(ground, an_order(4)) == calm + penalty
    assert _bridge_cost(ground, an_order(5)) == calm + penalty
    here, elsewhere = a_box(250, 100, 350, 200), a_box(-50, 100, 50, 200)
    assert _bridge_cost(ground, an_order(4, area=here)) == calm + penalty
    assert _bridge_cost(ground, an_order(4, area=elsewhere)) == calm
    one_bank, too_far = a_box(250, 210, 350, 300), a_box(250, 260, 350, 300)
    assert _bridge_cost(ground, an_order(4, area=one_bank)) == calm + penalty
    assert _bridge_cost(ground, an_order(4, area=too_far)) == calm


@pytest.mark.parametrize("level", [3, 4, 5])
def test_rule_07_a_citys_rule_may_close_bridges(level: int) -> None:
    rules = Rules(bridge_closes_at=AlertLevel(level))
    ground = _grid(flags={(7, 11): StreetFlag.BRIDGE}, rules=rules)
    for ordered in (3, 4, 5):
        here = an_order(ordered, area=a_box(250, 100, 350, 200))
        assert (_bridge_cost(ground, here) == FAR) is (ordered >= level)


@pytest.mark.parametrize("flag", [StreetFlag.BRIDGE, StreetFlag.TUNNEL])
def test_rule_07_nobody_steps_onto_a_bridge_or_into_a_tunnel_midway(flag: StreetFlag) -> None:
    """The door stands above the tunnel; the streets around its ends are 55 m away."""
    ground = _grid(flags={(5, 9): flag})
    told = ask(a_version(ground), (100, 150))
    assert told.first is None or told.first.way.snap.street != street_between(ground, 5, 9)
    nearer = ask(a_version(ground), (145, 150))
    assert nearer.first is not None
    assert nearer.first.way.snap.street != street_between(ground, 5, 9)


def test_rule_07_fords_close_first_like_underpasses() -> None:
    ground = _grid(flags={(5, 9): StreetFlag.FORD})
    ford = street_between(ground, 5, 9)
    assert ford not in streets_of(ask(a_version(ground, orders=[an_order(3)]), SOUTH))
    assert ground.roads.flags[ford] & StreetFlag.UNDERPASS


def test_rule_07_a_long_street_with_a_bridge_somewhere_in_it_is_wet_where_its_zone_is() -> None:
    rules = Rules(bridge_merged_longest_m=90)
    part = StreetFlag.BRIDGE | StreetFlag.PART_BRIDGE
    merged = _grid(zones=[RIVER], flags={(7, 11): part}, rules=rules)
    assert street_between(merged, 7, 11) not in streets_of(ask(a_version(merged), SOUTH))
    short = _grid(zones=[RIVER], flags={(7, 11): part}, rules=Rules(bridge_merged_longest_m=110))
    told = ask(a_version(short), SOUTH)
    assert street_between(short, 7, 11) in streets_of(told)
    assert told.first is not None
    assert told.first.exposure[Exposure.DEPTH_4] == pytest.approx(80, abs=1)
    assert "through_assumed" in reason_codes(told)


UNDER = {(5, 9): StreetFlag.TUNNEL}
SUNKEN = {(5, 9): -1}


@pytest.mark.parametrize(
    "more",
    [
        {"flags": UNDER, "layers": SUNKEN},
        {"layers": SUNKEN},
        {"flags": UNDER, "zones": [depth(1, 130, 100, 135, 105)]},
        {"flags": UNDER, "zones": [collapse(1, 130, 100, 135, 105)]},
    ],
    ids=["sunken tunnel", "sunken street", "tunnel beside a depth", "tunnel beside a collapse"],
)
@pytest.mark.parametrize("hazard", ["flood", "landslide", "inland_flood", "storm_surge"])
def test_rule_07_underpasses_close_first(more: Any, hazard: Any) -> None:
    ground = _grid(**more)
    under = street_between(ground, 5, 9)
    storm = a_version(ground, orders=[an_order(3, hazard, a_box(0, 0, 10, 10))])
    assert under not in streets_of(ask(storm, SOUTH))
    assert under not in streets_of(ask(a_version(ground), SOUTH, level=3))
    arc = ground.roads.arcs[under, 0]
    assert a_version(ground).weights(Conditions()).cost[arc] >= 6000


def test_rule_07_a_dry_hill_tunnel_stays_open() -> None:
    for layers in ({}, SUNKEN):
        ground = _grid(flags=UNDER, layers=layers, rules=Rules(underpass_longest_m=90))
        told = ask(a_version(ground, orders=[an_order(4)]), SOUTH)
        assert street_between(ground, 5, 9) in streets_of(told)


def test_rule_07_the_towns_underpass_closes_first_and_its_hill_tunnel_stays_open() -> None:
    ground = town_ground()
    flags, roads = ground.roads.flags, ground.roads
    under = [r for r in range(roads.street_count) if roads.street_name(r) == "浅瀬地下道"]
    hill = [r for r in range(roads.street_count) if roads.street_name(r) == "浅瀬ヶ丘トンネル"]
    assert len(under) == len(hill) == 1
    assert flags[under[0]] & StreetFlag.UNDERPASS
    assert np.flatnonzero(roads.has(StreetFlag.UNDERPASS)).tolist() == under
    calm, storm = Conditions(storm=False), Conditions(storm=True)
    version = town_version(orders=[], observed=[])
    assert (version.weights(storm).cost[roads.arcs[under[0]]] == FAR).all()
    assert (version.weights(calm).cost[roads.arcs[under[0]]] < FAR).all()
    assert (version.weights(storm).cost[roads.arcs[hill[0]]] < FAR).all()
    at = ground.metres.position(*ground.lines[under[0]].interpolate(0.5, normalized=True).coords[0])
    told = ask(town_version(orders=[an_order(3)], observed=[]), at, a_household("slow"))
    assert told.first is None or under[0] not in streets_of(told)


def test_rule_07_no_way_of_the_town_uses_the_underpass_as_it_begins() -> None:
    version = town_version()
    roads = version.ground.roads
    for x, y in roads.junction_xy[::20].tolist():
        told = ask(version, (x, y))
        for advice in (told.first, told.second):
            names = {roads.street_name(s.street) for s in advice.way.stretches} if advice else set()
            assert "浅瀬地下道" not in names


def test_rule_07_a_river_bank_is_not_dry() -> None:
    """The channel of the derived flood polygons is empty: nobody is joined across it."""
    river = a_box(-50, 120, 350, 180)
    ground = _grid(rivers=[river])
    told = ask(a_version(ground), (150, 115))
    assert told.first is not None
    assert ground.lines[told.first.way.snap.street].distance(shapely.Point(150, 100)) < 1


# 8: landslides, stairs

RED = slope(2, 90, 140, 110, 160)


def test_rule_08_special_zones_are_closed() -> None:
    ground = _grid(zones=[RED])
    assert not line_of(ask(a_version(ground), SOUTH)).intersects(RED.polygon)
    wall = _grid(zones=[slope(2, -50, 140, 350, 160)])
    told = ask(a_version(wall, orders=[an_order(4)]), SOUTH)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)
    assert "no_way" in reason_codes(told)


@pytest.mark.parametrize(
    "box", [(90, 195, 110, 205), (90, 120, 110, 205), (90, 95, 110, 130), (60, 90, 140, 260)]
)
def test_rule_08_special_zones_are_closed_wherever_on_a_street_they_begin(box: Any) -> None:
    """A zone over a junction is red at the end of one street and at the start of the next."""
    ground = _grid(zones=[slope(2, *box)])
    told = ask(a_version(ground), SOUTH)
    assert shapely.length(line_of(told).intersection(a_box(*box))) < 0.01


@pytest.mark.parametrize("edge", [100.0, 99.995, 100.005, 100.02, 100.5])
def test_rule_08_a_zone_that_begins_at_a_junction_is_not_entered_from_it(edge: float) -> None:
    ground = _grid(zones=[slope(2, -50, edge, 350, 160)])
    told = ask(a_version(ground, orders=[an_order(4)]), SOUTH)
    assert (told.verdict, told.first) == (Verdict.SECURE_NOW, None)


def test_rule_08_nobody_outside_a_special_zone_is_led_into_it_to_reach_the_street() -> None:
    red = slope(2, 120, -5, 180, 10)
    told = ask(a_version(_grid(zones=[red])), (150, 20))
    assert told.first is None or not line_of(told).intersects(red.polygon)
    side = ask(a_version(_grid(zones=[red])), (190, 20))
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
    ground = _grid(complete=("depth", "landslide") if complete else ("depth",))
    told = ask(a_version(ground, orders=[an_order(3, LANDSLIDE)]), SOUTH)
    assert told.verdict is (Verdict.WATCH if complete else Verdict.GO)
    assert ("landslide_unknown" in reason_codes(told)) is not complete


def test_rule_08_whoever_is_inside_a_special_zone_may_leave_it() -> None:
    ground = _grid(zones=[slope(2, 60, -50, 140, 60)])
    told = ask(a_version(ground, orders=[an_order(4, LANDSLIDE)]), SOUTH)
    assert (told.verdict, told.rule) == (Verdict.GO, "below a slope under its order")
    assert told.first is not None
    assert told.first.exposure[Exposure.LANDSLIDE_SPECIAL] < 70


def test_rule_08_warning_zones_are_heavily_penalised() -> None:
    zone = slope(1, 90, 140, 110, 160)
    assert not line_of(ask(a_version(_grid(zones=[zone])), SOUTH)).intersects(zone.polygon)
    through = ask(a_version(_grid(zones=[slope(1, -50, 140, 350, 160)])), SOUTH)
    assert "through_landslide" in reason_codes(through)


def test_rule_08_stairs_are_closed_to_wheels_and_slow_for_others() -> None:
    ground = _grid(flags={(5, 9): StreetFlag.STEPS})
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
