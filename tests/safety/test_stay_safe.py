"""`stay_safe` needs everything known and holding: take one fact away, and it is never said."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from shapely import Point

from city.position import Position
from city.traveller import Dwelling, Household, Profile
from hazards.kinds import HazardKind
from hazards.zone import DEPTH_M, DURATION_H, NEEDED_TO_STAY, ZoneLayer
from routing.ground import Ground, zone_map, zone_map_of
from routing.verdict import Verdict
from tests.builders import (
    FAR_OFF,
    FLOOD,
    LANDSLIDE,
    STAYER,
    a_grid,
    a_household,
    a_site,
    a_version,
    an_order,
    ask,
    collapse,
    depth,
    duration,
    slope,
    town_ground,
)

TOWN_DOORS = [Position(29.599144, 135.419345), Position(29.601152, 135.401413)]
"""Sturdy homes in rank 2 (0.5 to 3 m) for up to 72 hours, no collapse, no slope."""


def _without(ground: Ground, layer: ZoneLayer) -> Ground:
    """The city never brought that layer."""
    return replace(ground, zones=ground.zones | {layer: zone_map(layer, [], ground.metres, ())})


def _incomplete(ground: Ground, layer: ZoneLayer) -> Ground:
    """The city brought the layer, of some rivers or slopes: nobody stated that it is all."""
    zone = replace(ground.zones[layer], complete=False)
    return replace(ground, zones=ground.zones | {layer: zone})


def _changed(ground: Ground, layer: ZoneLayer, rank: int | None, at: Position) -> Ground:
    """The polygons over a door get another rank, or go."""
    zone = ground.zones[layer]
    here = Point(*ground.metres.of(at))
    over = np.array([polygon.intersects(here) for polygon in zone.polygons])
    keep = np.ones(len(over), bool) if rank else ~over
    ranks = np.where(over, rank or 0, zone.ranks)[keep]
    polygons = zone.polygons[keep]
    other = zone_map_of(layer, zone.complete, polygons, ranks)
    return replace(ground, zones=ground.zones | {layer: other})


def _added(ground: Ground, layer: ZoneLayer, rank: int, at: Position) -> Ground:
    """A polygon of that layer over a door."""
    zone = ground.zones[layer]
    polygons = np.append(zone.polygons, [Point(*ground.metres.of(at)).buffer(5)])
    ranks = np.append(zone.ranks, rank)
    other = zone_map_of(layer, True, polygons, ranks)
    return replace(ground, zones=ground.zones | {layer: other})


@pytest.mark.parametrize("at", TOWN_DOORS)
@pytest.mark.parametrize("level", [3, 4])
def test_rule_03_stay_safe_where_everything_is_known_and_holds(at: Position, level: int) -> None:
    version = a_version(town_ground(), orders=[an_order(level)])
    told = ask(version, at, replace(STAYER, profile=Profile.SLOW))
    assert told.verdict is Verdict.STAY_SAFE
    assert all(fact.holds is True for fact in told.stay)


UNSAID: dict[str, Household] = {
    "dwelling": replace(STAYER, dwelling=None),
    "floor": replace(STAYER, floor=None),
    "floors": replace(STAYER, floors=None),
    "supplies": replace(STAYER, supplies_h=None),
    "everything": Household(),
    "a wooden house": replace(STAYER, dwelling=Dwelling.HOUSE),
    "a bungalow": Household(dwelling=Dwelling.BUNGALOW, floor=1, floors=1, supplies_h=1000),
    "the ground floor": replace(STAYER, floor=1),
    "a basement": replace(STAYER, floor=-1),
    "a deep basement": replace(STAYER, floor=-10),
    "supplies for exactly as long": replace(STAYER, supplies_h=72),
    "no supplies": replace(STAYER, supplies_h=0),
}


@pytest.mark.parametrize("at", TOWN_DOORS)
@pytest.mark.parametrize("household", UNSAID.values(), ids=UNSAID)
def test_rule_03_unsaid_or_unfit_homes_never_yield_stay_safe(
    at: Position, household: Household
) -> None:
    told = ask(a_version(town_ground(), orders=[an_order(4)]), at, household)
    assert told.verdict is Verdict.GO


Change = Callable[[Ground, Position], Ground]

UNKNOWN: dict[str, Change] = {
    **{
        f"no {layer} layer": lambda ground, _, layer=layer: _without(ground, layer)
        for layer in NEEDED_TO_STAY
    },
    **{
        f"{layer} not stated complete": lambda ground, _, layer=layer: _incomplete(ground, layer)
        for layer in NEEDED_TO_STAY
    },
    "outside the depth polygons": lambda g, at: _changed(g, ZoneLayer.DEPTH, None, at),
    "duration missing here": lambda g, at: _changed(g, ZoneLayer.DURATION, None, at),
    "open-ended depth": lambda g, at: _changed(g, ZoneLayer.DEPTH, 6, at),
    "open-ended duration": lambda g, at: _changed(g, ZoneLayer.DURATION, 7, at),
    "flood would tear it away": lambda g, at: _added(g, ZoneLayer.COLLAPSE, 1, at),
    "the bank would erode": lambda g, at: _added(g, ZoneLayer.COLLAPSE, 2, at),
    "in a yellow zone": lambda g, at: _added(g, ZoneLayer.LANDSLIDE, 1, at),
    "in a red zone": lambda g, at: _added(g, ZoneLayer.LANDSLIDE, 2, at),
}


@pytest.mark.parametrize("at", TOWN_DOORS)
@pytest.mark.parametrize("change", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("level", [3, 4])
def test_rule_03_missing_unmapped_or_unknown_never_yields_stay_safe(
    change: Change, at: Position, level: int
) -> None:
    version = a_version(change(town_ground(), at), orders=[an_order(level)])
    told = ask(version, at, replace(STAYER, profile=Profile.SLOW))
    assert told.verdict is Verdict.GO
    assert any(fact.holds is not True for fact in told.stay)


@pytest.mark.parametrize("hazard", [h for h in HazardKind if h not in (FLOOD, LANDSLIDE)])
def test_rule_03_hazards_whose_zones_are_not_known_here_never_yield_stay_safe(
    hazard: HazardKind,
) -> None:
    version = a_version(town_ground(), orders=[an_order(4)])
    for at in TOWN_DOORS:
        assert ask(version, at, STAYER, hazards=[hazard]).verdict is not Verdict.STAY_SAFE


HERE = (0, 0, 300, 300)


@pytest.mark.parametrize(("rank", "lowest"), [(1, 2), (2, 2), (3, 3), (4, 5), (5, 8), (6, None)])
def test_rule_03_the_room_lies_above_the_deepest_water_of_the_rank(
    rank: int, lowest: int | None
) -> None:
    """Floor n lies 3 (n - 1) metres up; DEPTH_M's upper ends are 0.5, 3, 5, 10, 20, none."""
    zones = [*FAR_OFF, depth(rank, *HERE), duration(1, *HERE)]
    ground = a_grid(zones=zones, sites=[a_site(290, 290)])
    version = a_version(ground, orders=[an_order(4)])
    stays = [
        floor
        for floor in range(1, 31)
        if ask(version, (110, 95), a_household("walk", "sturdy", floor, 30, 999)).verdict
        is Verdict.STAY_SAFE
    ]
    assert stays == ([] if lowest is None else list(range(lowest, 31)))
    assert set(DEPTH_M) == {1, 2, 3, 4, 5, 6}


@pytest.mark.parametrize("rank", DURATION_H)
def test_rule_03_supplies_last_longer_than_the_longest_time_under_water(rank: int) -> None:
    hours = {1: 12, 2: 24, 3: 72, 4: 7 * 24, 5: 14 * 24, 6: 28 * 24, 7: None}[rank]
    zones = [*FAR_OFF, depth(1, *HERE), duration(rank, *HERE)]
    version = a_version(a_grid(zones=zones, sites=[a_site(290, 290)]), orders=[an_order(4)])

    def verdict(supplies_h: float) -> Verdict:
        return ask(version, (110, 95), replace(STAYER, supplies_h=supplies_h)).verdict

    if hours is None:
        assert verdict(10_000) is Verdict.GO
    else:
        assert verdict(hours) is Verdict.GO
        assert verdict(hours + 1) is Verdict.STAY_SAFE


def test_rule_03_the_deepest_and_longest_of_overlapping_zones_counts() -> None:
    zones = [*FAR_OFF, depth(1, *HERE), duration(1, *HERE)]
    zones += [depth(4, 90, 80, 130, 120), duration(4, 90, 80, 130, 120)]
    version = a_version(a_grid(zones=zones, sites=[a_site(290, 290)]), orders=[an_order(4)])
    home = a_household("walk", "sturdy", 2, 5, 100)
    assert ask(version, (150, 95), home).verdict is Verdict.STAY_SAFE
    assert ask(version, (110, 95), home).verdict is Verdict.GO
    assert ask(version, (110, 95), replace(home, floor=5)).verdict is Verdict.GO


@pytest.mark.parametrize("kind", [1, 2])
def test_rule_03_collapse_zones_outside_the_depth_polygons_count(kind: int) -> None:
    zones = [*FAR_OFF, depth(2, 0, 0, 300, 150), duration(1, *HERE), collapse(kind, 0, 0, 300, 250)]
    version = a_version(a_grid(zones=zones, sites=[a_site(290, 290)]), orders=[an_order(4)])
    for y in (95, 205):
        assert ask(version, (110, y), STAYER).verdict is Verdict.GO


def test_rule_03_a_sturdy_home_in_a_landslide_zone_leaves() -> None:
    zones = [*FAR_OFF, depth(2, *HERE), duration(1, *HERE), slope(1, 90, 80, 130, 120)]
    version = a_version(a_grid(zones=zones, sites=[a_site(290, 290)]), orders=[an_order(4)])
    assert ask(version, (110, 95), STAYER).verdict is Verdict.GO


def test_rule_03_a_stay_also_shows_the_way_that_is_there() -> None:
    told = ask(a_version(town_ground(), orders=[an_order(4)]), TOWN_DOORS[0], STAYER)
    assert told.first is not None
    assert not told.leave_now
