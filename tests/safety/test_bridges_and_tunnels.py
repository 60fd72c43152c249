"""Bridges, underpasses and tunnels: rule 7."""

from typing import Any

import numpy as np
import pytest
import shapely

from hazards.kinds import AlertLevel
from routing.exposure import Exposure
from routing.ground import Ground
from routing.roads import StreetFlag
from routing.rules import Rules
from routing.weights import FAR, Conditions
from tests.builders import (
    LANDSLIDE,
    Extra,
    a_box,
    a_household,
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
from tests.safety.straight_up import SOUTH, grid, streets_of

RIVER = depth(4, -50, 110, 350, 190)


def test_rule_07_a_bridge_stands_above_assumed_water() -> None:
    """All three streets cross the zone; the bridge is the detour, and dry."""
    ground = grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    told = ask(a_version(ground), SOUTH)
    bridge = street_between(ground, 7, 11)
    assert bridge in streets_of(told)
    assert ground.assumed.metres()[bridge][Exposure.DEPTH_4] == pytest.approx(80)
    assert told.first is not None
    assert Exposure.DEPTH_4 not in told.first.exposure


def test_rule_07_a_bridge_also_stands_above_collapse_zones() -> None:
    ground = grid(zones=[collapse(1, -50, 110, 350, 190)], flags={(7, 11): StreetFlag.BRIDGE})
    assert street_between(ground, 7, 11) in streets_of(ask(a_version(ground), SOUTH))


def test_rule_07_a_bridge_is_no_shelter_from_observed_water() -> None:
    ground = grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    version = a_version(ground, observed=[a_box(290, 140, 310, 150)])
    assert street_between(ground, 7, 11) not in streets_of(ask(version, SOUTH))


def test_rule_07_a_bridge_is_no_shelter_from_landslides() -> None:
    ground = grid(zones=[slope(1, -50, 110, 350, 190)], flags={(7, 11): StreetFlag.BRIDGE})
    assert street_between(ground, 7, 11) not in streets_of(ask(a_version(ground), SOUTH))


def test_rule_07_a_bridge_that_a_person_closed_is_closed() -> None:
    ground = grid(zones=[RIVER], flags={(7, 11): StreetFlag.BRIDGE})
    bridge = street_between(ground, 7, 11)
    assert bridge not in streets_of(ask(a_version(ground, closures=[bridge]), SOUTH))


def _bridge_cost(ground: Ground, *orders: Any) -> int:
    version = a_version(ground, orders=orders)
    arc = ground.roads.arcs[street_between(ground, 7, 11), 0]
    return int(version.weights(Conditions()).cost[arc])


def test_rule_07_bridges_are_penalised_from_level_4_of_a_flood_on() -> None:
    ground = grid(flags={(7, 11): StreetFlag.BRIDGE})
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
    ground = grid(flags={(7, 11): StreetFlag.BRIDGE}, rules=rules)
    for ordered in (3, 4, 5):
        here = an_order(ordered, area=a_box(250, 100, 350, 200))
        assert (_bridge_cost(ground, here) == FAR) is (ordered >= level)


@pytest.mark.parametrize(("closes_at", "asked"), [(3, 3), (4, 4), (None, 4)])
def test_rule_07_a_level_asked_about_counts_at_bridges_as_if_it_were_in_force(
    closes_at: int | None, asked: int
) -> None:
    """A slip printed on a calm day leads over no bridge that the order will shut."""
    rules = Rules(bridge_closes_at=None if closes_at is None else AlertLevel(closes_at))
    ground = grid(flags={(5, 9): StreetFlag.BRIDGE}, rules=rules)
    bridge = street_between(ground, 5, 9)
    for hazards in ((), (LANDSLIDE,)):
        calm = ask(a_version(ground), SOUTH, hazards=hazards)
        told = ask(a_version(ground), SOUTH, hazards=hazards, level=asked)
        ordered = ask(a_version(ground, orders=[an_order(asked)]), SOUTH, hazards=hazards)
        assert bridge in streets_of(calm)
        assert told.first is not None
        assert ordered.first is not None
        assert told.first.way.cost == ordered.first.way.cost
        assert streets_of(told) == streets_of(ordered)
        assert (bridge not in streets_of(told)) is (closes_at is not None)
    slide = an_order(4, LANDSLIDE)
    assert bridge in streets_of(ask(a_version(ground, orders=[slide]), SOUTH, level=asked))


@pytest.mark.parametrize("flag", [StreetFlag.BRIDGE, StreetFlag.TUNNEL])
def test_rule_07_nobody_steps_onto_a_bridge_or_into_a_tunnel_midway(flag: StreetFlag) -> None:
    """The door stands above the tunnel; the streets around its ends are 55 m away."""
    ground = grid(flags={(5, 9): flag})
    told = ask(a_version(ground), (100, 150))
    assert told.first is None or told.first.way.snap.street != street_between(ground, 5, 9)
    nearer = ask(a_version(ground), (145, 150))
    assert nearer.first is not None
    assert nearer.first.way.snap.street != street_between(ground, 5, 9)


def test_rule_07_fords_close_first_like_underpasses() -> None:
    ground = grid(flags={(5, 9): StreetFlag.FORD})
    ford = street_between(ground, 5, 9)
    assert ford not in streets_of(ask(a_version(ground, orders=[an_order(3)]), SOUTH))
    assert ground.roads.flags[ford] & StreetFlag.UNDERPASS


def test_rule_07_a_long_street_with_a_bridge_somewhere_in_it_is_wet_where_its_zone_is() -> None:
    rules = Rules(bridge_merged_longest_m=90)
    part = StreetFlag.BRIDGE | StreetFlag.PART_BRIDGE
    merged = grid(zones=[RIVER], flags={(7, 11): part}, rules=rules)
    assert street_between(merged, 7, 11) not in streets_of(ask(a_version(merged), SOUTH))
    short = grid(zones=[RIVER], flags={(7, 11): part}, rules=Rules(bridge_merged_longest_m=110))
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
    ground = grid(**more)
    under = street_between(ground, 5, 9)
    storm = a_version(ground, orders=[an_order(3, hazard, a_box(0, 0, 10, 10))])
    assert under not in streets_of(ask(storm, SOUTH))
    assert under not in streets_of(ask(a_version(ground), SOUTH, level=3))
    arc = ground.roads.arcs[under, 0]
    assert a_version(ground).weights(Conditions()).cost[arc] >= 6000


def test_rule_07_an_underpass_somewhere_in_a_longer_street_closes_first() -> None:
    """How much of it is tunnel nobody knows: underpasses drown people, detours do not."""
    part = {(5, 9): StreetFlag.TUNNEL | StreetFlag.PART_TUNNEL}
    ground = grid(flags=part, layers=SUNKEN, rules=Rules(underpass_longest_m=90))
    told = ask(a_version(ground, orders=[an_order(4)]), SOUTH)
    assert street_between(ground, 5, 9) not in streets_of(told)


def test_rule_07_a_dry_hill_tunnel_stays_open() -> None:
    for layers in ({}, SUNKEN):
        ground = grid(flags=UNDER, layers=layers, rules=Rules(underpass_longest_m=90))
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
    ground = grid(rivers=[river])
    told = ask(a_version(ground), (150, 115))
    assert told.first is not None
    assert ground.lines[told.first.way.snap.street].distance(shapely.Point(150, 100)) < 1


@pytest.mark.parametrize("into", [0.5, 8.0])
def test_rule_07_a_door_in_a_coarse_river_polygon_leaves_it_by_the_nearer_bank(into: float) -> None:
    """The street on the far bank is the nearer one: nobody is joined to it through the river."""
    river = a_box(-50, 101, 350, 130)
    ground = grid(rivers=[river], extra=[Extra(4, 7, ((0.0, 131.0), (300.0, 131.0)))])
    told = ask(a_version(ground), (150, 101 + into))
    assert told.first is not None
    line = shapely.LineString(ground.metres.xy(told.first.line))
    assert line.coords[1][1] == pytest.approx(100, abs=0.1)


def test_rule_07_a_door_in_one_river_is_not_led_across_another() -> None:
    brook, pond = a_box(-50, 110, 350, 114), a_box(140, 115, 160, 125)
    ground = grid(rivers=[brook, pond], extra=[Extra(4, 7, ((0.0, 175.0), (300.0, 175.0)))])
    told = ask(a_version(ground), (150, 124))
    assert told.first is not None
    joined = ground.lines[told.first.way.snap.street]
    assert joined.distance(shapely.Point(150, 175)) < 1


def test_rule_07_a_door_at_the_edge_of_a_canal_is_not_joined_across_it() -> None:
    canal = a_box(-50, 149.7, 350, 153.7)
    told = ask(a_version(grid(rivers=[canal])), (150, 150))
    assert told.first is not None
    line = shapely.LineString(told.version.ground.metres.xy(told.first.line))
    assert line.coords[1][1] == pytest.approx(100, abs=0.1)


def test_rule_07_the_seam_between_two_polygons_of_a_river_is_no_bank() -> None:
    rivers = [a_box(-50, 101, 350, 110), a_box(-50, 110, 350, 112)]
    told = ask(a_version(grid(rivers=rivers)), (150, 109.9))
    assert told.first is not None
    line = shapely.LineString(told.version.ground.metres.xy(told.first.line))
    assert line.coords[1][1] != pytest.approx(100, abs=0.1)


def test_rule_07_a_level_that_is_in_force_already_changes_nothing_when_asked() -> None:
    """The order's area is far from the bridge: asking for its level does not extend it."""
    ground = grid(flags={(5, 9): StreetFlag.BRIDGE}, rules=Rules(bridge_closes_at=AlertLevel(4)))
    version = a_version(ground, orders=[an_order(4, area=a_box(-50, -50, 350, 10))])
    plain, asked = ask(version, SOUTH), ask(version, SOUTH, level=4)
    assert plain.first is not None
    assert asked.first is not None
    assert plain.first.way.cost == asked.first.way.cost
