"""Water of other kinds than a river's, and water that is forecast: rules 1, 3, 5 and 7."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from city.traveller import Dwelling
from data.mapped.ground import open_ground, save_ground
from hazards.kinds import HazardKind
from hazards.zone import (
    DEPTH_M,
    HAZARD_OF_LAYER,
    NEEDED_TO_STAY,
    OTHER_DEPTHS,
    RANKS,
    SEA_DEPTHS,
    HazardZone,
    ZoneKind,
    ZoneLayer,
    depth_rank,
    depth_rank_below,
)
from routing.door import hazards_of_junctions
from routing.exposure import Exposure
from routing.ground import Ground, above_water, zone_map, zone_map_of
from routing.roads import StreetFlag
from routing.staying import door_zones
from routing.tiles import MOST_IN_TILE, tiled
from routing.verdict import Verdict
from routing.version import PlanVersion
from tests.builders import (
    FAR_OFF,
    FLOOD,
    LANDSLIDE,
    STAYER,
    Zoned,
    a_box,
    a_grid,
    a_household,
    a_site,
    a_version,
    an_order,
    ask,
    depth,
    duration,
    forecast,
    street_between,
    water,
)
from tests.safety.straight_up import SOUTH, grid, streets_of
from web.securing import Upstairs, own_upstairs
from web.waymap import way_map

HERE = (0, 0, 300, 300)
DOOR = (110, 95)
STREET = (90, 110, 110, 190)
"""Across the street that leads straight up, between its second and third junction."""
INLAND, SURGE, TSUNAMI = OTHER_DEPTHS
OTHER_WATER = frozenset(HAZARD_OF_LAYER[layer] for layer in OTHER_DEPTHS)
ALL = frozenset({FLOOD, LANDSLIDE}) | OTHER_WATER


def _home(*zones: Zoned, **more: object) -> Ground:
    """Rank 2 for 12 hours at the door, where a stay on the second floor holds."""
    known = [*FAR_OFF, depth(2, *HERE), duration(1, *HERE), *zones]
    return a_grid(zones=known, sites=[a_site(290, 290, suits=ALL)], **more)  # type: ignore[arg-type]


def _told(ground: Ground, floor: int = 2, hazards: tuple[HazardKind, ...] = ()) -> Verdict:
    home = a_household("walk", "sturdy", floor, 30, 999)
    return ask(a_version(ground, orders=[an_order(4)]), DOOR, home, hazards=hazards).verdict


def _damaged(ground: Ground, layer: ZoneLayer) -> Ground:
    zone = replace(ground.zones[layer], damaged=True, complete=False)
    return replace(ground, zones=ground.zones | {layer: zone})


# What a stay needs


def test_rule_03_a_city_without_maps_of_other_water_loses_no_stay() -> None:
    four = [str(layer) for layer in NEEDED_TO_STAY]
    ground = _home(complete=four)
    assert not ground.zones[INLAND].complete
    assert _told(ground) is Verdict.STAY_SAFE


@pytest.mark.parametrize(("rank", "lowest"), [(1, 2), (2, 2), (3, 3), (4, 5), (5, 8), (6, None)])
def test_rule_01_the_room_lies_above_the_deepest_water_of_any_kind(
    rank: int, lowest: int | None
) -> None:
    ground = _home(water(INLAND, rank, *HERE))
    stays = [floor for floor in range(1, 31) if _told(ground, floor) is Verdict.STAY_SAFE]
    assert stays == ([] if lowest is None else list(range(lowest, 31)))


def test_rule_03_inland_water_alone_does_not_say_how_deep_the_river_comes() -> None:
    zones = [*FAR_OFF, water(INLAND, 1, *HERE), duration(1, *HERE)]
    ground = a_grid(zones=zones, sites=[a_site(290, 290, suits=ALL)])
    assert _told(ground, floor=9) is Verdict.GO


@pytest.mark.parametrize("layer", SEA_DEPTHS)
@pytest.mark.parametrize("rank", DEPTH_M)
def test_rule_03_nobody_plans_a_stay_where_the_sea_may_come(layer: ZoneLayer, rank: int) -> None:
    ground = _home(water(layer, rank, *HERE))
    assert _told(ground, floor=30) is Verdict.GO
    elsewhere = _home(water(layer, rank, 0, 250, 300, 300))
    assert _told(elsewhere, floor=30) is Verdict.STAY_SAFE


@pytest.mark.parametrize("layer", OTHER_DEPTHS)
def test_rule_03_no_stay_is_planned_for_other_water(layer: ZoneLayer) -> None:
    for zones in ((), (water(layer, 1, *HERE),)):
        told = _told(_home(*zones), 9, hazards=(HAZARD_OF_LAYER[layer],))
        assert told is Verdict.GO


@pytest.mark.parametrize("layer", ZoneLayer)
def test_rule_03_a_layer_of_which_a_zone_could_not_be_read_yields_no_stay(
    layer: ZoneLayer,
) -> None:
    assert _told(_home()) is Verdict.STAY_SAFE
    assert _told(_damaged(_home(), layer)) is Verdict.GO


@pytest.mark.parametrize("layer", ZoneLayer)
def test_rule_03_a_layer_that_lost_a_row_is_not_complete_whatever_is_stated(
    layer: ZoneLayer,
) -> None:
    zones = [HazardZone(layer, 1, shapely.box(133.5, 36.0, 133.51, 36.01))]
    metres, every = _home().metres, [str(one) for one in ZoneLayer]
    assert zone_map(layer, zones, metres, every).complete
    lost = zone_map(layer, zones, metres, every, damaged={layer})
    assert (lost.complete, lost.damaged) == (False, True)
    others = set(ZoneLayer) - {layer}
    assert zone_map(layer, zones, metres, every, damaged=others).complete


@pytest.mark.parametrize("rank", DEPTH_M)
@pytest.mark.parametrize("floor", [2, 30])
def test_rule_05_a_forecast_deeper_than_the_map_yields_no_stay(rank: int, floor: int) -> None:
    told = _told(_home(forecast(rank, *HERE)), floor)
    assert told is (Verdict.STAY_SAFE if rank <= 2 else Verdict.GO)


def test_rule_05_a_forecast_is_no_map_of_what_could_be() -> None:
    """It says nothing of the door that it covers but that water is expected there."""
    zones = [*FAR_OFF[1:], duration(1, *HERE), forecast(1, *HERE)]
    ground = a_grid(zones=[*zones, FAR_OFF[0]], sites=[a_site(290, 290)])
    assert _told(ground, floor=9) is Verdict.GO
    only = [HazardZone(ZoneLayer.DEPTH, 1, shapely.box(133, 36, 134, 37), ZoneKind.FORECAST, 60)]
    assert not zone_map(ZoneLayer.DEPTH, only, ground.metres, ["depth"]).complete


# What counts at a door, a site, a junction


@pytest.mark.parametrize("layer", OTHER_DEPTHS)
def test_rule_01_water_that_is_mapped_at_the_door_counts_there(layer: ZoneLayer) -> None:
    hazard = HAZARD_OF_LAYER[layer]
    version = a_version(_home(water(layer, 1, 0, 0, 150, 150)))
    x, y = DOOR
    assert version.ground.hazards_zoned_at(x, y) == {FLOOD, hazard}
    assert ask(version, DOOR).hazards == {FLOOD, hazard}
    assert ask(version, (205, 205)).hazards == {FLOOD}


def test_rule_01_water_that_is_forecast_counts_as_flood() -> None:
    zones = [*FAR_OFF, forecast(1, 0, 0, 150, 150)]
    ground = a_grid(zones=zones)
    assert ground.hazards_zoned_at(*DOOR) == {FLOOD}
    assert ground.hazards_zoned_at(205, 205) == frozenset()


def test_rule_01_every_junction_counts_the_hazards_of_a_door_there() -> None:
    boxes = {
        INLAND: (-10, -10, 310, 110),
        SURGE: (90, -10, 310, 310),
        TSUNAMI: (190, 190, 310, 310),
    }
    version = a_version(_home(*(water(layer, 1, *box) for layer, box in boxes.items())))
    found = hazards_of_junctions(version)
    xy = version.ground.roads.junction_xy
    assert sum(int(here.sum()) for here in found.values()) == len(xy)
    for hazards, here in found.items():
        for x, y in xy[here].tolist():
            assert ask(version, (x + 1, y + 1)).hazards == hazards
    assert len(found) == 5


@pytest.mark.parametrize("layer", [INLAND, SURGE])
def test_rule_01_a_site_in_water_that_the_storm_brings_is_designated_for_it(
    layer: ZoneLayer,
) -> None:
    """The nearer site stands in it, and is designated for floods and landslides alone."""
    dry, wet = a_site(105, 305, name="遠い", suits=ALL), a_site(105, 205, name="近い")
    zones = [*FAR_OFF, water(layer, 1, 90, 190, 120, 220)]

    def goes_to(near: object) -> str:
        ground = a_grid(zones=zones, sites=[near, dry])  # type: ignore[list-item]
        told = ask(a_version(ground, orders=[an_order(4)]), SOUTH)
        assert told.first is not None
        return told.first.site.name

    assert goes_to(wet) == "遠い"
    assert goes_to(a_site(105, 205, name="近い", suits=ALL)) == "近い"


# What a walk through it costs


def _cost(version: PlanVersion, a: int, b: int) -> int:
    street = street_between(version.ground, a, b)
    ground = version.ground
    conditions = version.conditions(STAYER.profile, night=False, hazards=frozenset({FLOOD}))
    return int(version.weights(conditions).cost[ground.roads.arcs[street, 0]])


@pytest.mark.parametrize("rank", DEPTH_M)
def test_rule_05_a_metre_costs_the_same_in_any_water_of_that_depth(rank: int) -> None:
    river = _cost(a_version(grid(zones=[depth(rank, *STREET)])), 5, 9)
    assert river > _cost(a_version(grid()), 5, 9)
    for layer in OTHER_DEPTHS:
        assert _cost(a_version(grid(zones=[water(layer, rank, *STREET)])), 5, 9) == river
    assert _cost(a_version(grid(zones=[forecast(rank, *STREET)])), 5, 9) == river


@pytest.mark.parametrize("layer", OTHER_DEPTHS)
def test_rule_05_where_waters_meet_the_deepest_counts_once(layer: ZoneLayer) -> None:
    deep = water(layer, 4, *STREET)
    ground = grid(zones=[depth(2, *STREET), deep])
    exposed = ground.exposed[street_between(ground, 5, 9)]
    assert exposed[Exposure.DEPTH_4] == pytest.approx(80)
    assert exposed[Exposure.DEPTH_2] == 0
    shallow = grid(zones=[depth(4, *STREET), replace(deep, rank=1)])
    assert np.array_equal(shallow.exposed[street_between(shallow, 5, 9)], exposed)


@pytest.mark.parametrize("layer", [*OTHER_DEPTHS, None])
def test_rule_05_a_way_avoids_other_water_where_that_costs_little(layer: ZoneLayer | None) -> None:
    wet = forecast(3, *STREET) if layer is None else water(layer, 3, *STREET)
    ground = grid(zones=[wet])
    straight = street_between(ground, 5, 9)
    assert straight in streets_of(ask(a_version(grid()), SOUTH))
    assert straight not in streets_of(ask(a_version(ground), SOUTH))


@pytest.mark.parametrize("layer", [*OTHER_DEPTHS, None])
@pytest.mark.parametrize("hazard", ["flood", "landslide", "inland_flood", "storm_surge"])
def test_rule_07_underpasses_beside_any_water_close_first(
    layer: ZoneLayer | None, hazard: HazardKind
) -> None:
    beside = (130, 100, 135, 105)
    wet = forecast(1, *beside) if layer is None else water(layer, 1, *beside)
    site = a_site(105, 305, suits=ALL)
    ground = a_grid(zones=[wet], flags={(5, 9): StreetFlag.TUNNEL}, sites=[site])
    storm = a_version(ground, orders=[an_order(4, hazard)])
    assert street_between(ground, 5, 9) not in streets_of(ask(storm, SOUTH))


def _above(*zones: Zoned) -> bool:
    ground = grid(zones=zones, flags={(5, 9): StreetFlag.BRIDGE})
    above = above_water(ground.roads, ground.rules, ground.lines, ground.zones)
    return bool(above[street_between(ground, 5, 9)])


@pytest.mark.parametrize("layer", [ZoneLayer.DEPTH, INLAND])
def test_rule_07_bridges_stand_above_water_that_rain_brings(layer: ZoneLayer) -> None:
    assert _above()
    assert _above(water(layer, 4, *STREET))


@pytest.mark.parametrize("layer", SEA_DEPTHS)
def test_rule_07_bridges_do_not_stand_above_the_sea(layer: ZoneLayer) -> None:
    assert not _above(water(layer, 1, *STREET))
    assert _above(water(layer, 1, 190, 110, 210, 190))


# Zones as they are kept


def test_rule_05_seen_water_is_never_a_cost() -> None:
    seen = HazardZone(ZoneLayer.DEPTH, 1, shapely.box(133, 36, 134, 37), ZoneKind.OBSERVED)
    with pytest.raises(ValueError, match="closed, not costly"):
        zone_map(ZoneLayer.DEPTH, [seen], _home().metres, ())


def test_every_layer_has_a_hazard_and_ranks() -> None:
    assert set(HAZARD_OF_LAYER) == set(RANKS) == set(ZoneLayer)
    assert set(NEEDED_TO_STAY) | set(OTHER_DEPTHS) == set(ZoneLayer)


def test_a_depth_has_the_rank_that_holds_it() -> None:
    for rank, (low, high) in DEPTH_M.items():
        assert depth_rank(low) == rank
        assert depth_rank(1000 if high is None else high - 0.01) == rank
        assert depth_rank_below(low + 0.01) == rank
        if high is not None:
            assert depth_rank_below(high) == rank


def _jagged(vertices: int) -> shapely.Polygon:
    """A star of a thousand rays, 5 km wide, with a hole."""
    turn = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    away = 2000 + 500 * np.sin(1000 * turn)
    ring = np.column_stack([away * np.cos(turn), away * np.sin(turn)])
    return shapely.Polygon(ring).difference(shapely.Point(100, 50).buffer(700))


def test_tiles_of_a_large_polygon_cover_what_it_covers() -> None:
    large, small = _jagged(60_000), a_box(0, 0, 10, 10)
    tiles, row = tiled(np.array([small, large], dtype=object))
    assert row[0] == 0
    assert set(row[1:].tolist()) == {1}
    assert len(tiles) > 10
    assert shapely.get_num_coordinates(tiles).max() <= MOST_IN_TILE
    assert shapely.area(tiles[1:]).sum() == pytest.approx(large.area, rel=1e-9)
    assert shapely.union_all(tiles[1:]).symmetric_difference(large).area < 1e-3
    zone = zone_map_of(ZoneLayer.DEPTH, True, tiles[1:], np.full(len(tiles) - 1, 3))
    seams = [shapely.Point(tile.bounds[2], 1500.0) for tile in tiles[1:]]
    inside = [seam for seam in seams if large.buffer(-1).contains(seam)]
    assert inside
    assert all(zone.rank_at(seam) == 3 for seam in inside)


def test_a_zone_that_is_cut_costs_and_covers_as_if_it_were_whole() -> None:
    """The same ground with a zone of 8 and one of 60,000 vertices on the same outline."""
    plain = a_box(-50, -50, 350, 350)
    dense = shapely.segmentize(plain, 0.025)
    assert shapely.get_num_coordinates(dense) > 12 * MOST_IN_TILE
    whole, cut = (grid(zones=[Zoned(ZoneLayer.DEPTH, 3, shape)]) for shape in (plain, dense))
    assert len(whole.zones[ZoneLayer.DEPTH].polygons) == 1
    assert len(cut.zones[ZoneLayer.DEPTH].polygons) > 12
    assert cut.exposed == pytest.approx(whole.exposed, abs=1e-3)
    for x, y in ((150, 150), (150, 149), (349, 349), (0, 0)):
        assert cut.ranks_at(x, y)[ZoneLayer.DEPTH] == 3
    assert cut.ranks_at(360, 0)[ZoneLayer.DEPTH] is None


# What is shown of it


@pytest.mark.parametrize("layer", OTHER_DEPTHS)
def test_rule_03_level_5_counts_on_a_floor_above_the_deepest_of_all_water(layer: ZoneLayer) -> None:
    for rank, worth in ((2, Upstairs.SAFE), (4, Upstairs.LAST)):
        version = a_version(_home(water(layer, rank, *HERE)), orders=[an_order(5)])
        told = ask(version, DOOR)
        assert own_upstairs(told, Dwelling.STURDY, 3) is worth
    lost = a_version(_damaged(_home(), layer), orders=[an_order(5)])
    assert own_upstairs(ask(lost, DOOR), Dwelling.STURDY, 3) is Upstairs.LAST


def test_rule_03_level_5_of_inland_water_counts_on_a_floor_where_its_map_is_known() -> None:
    order = [an_order(5, HazardKind.INLAND_FLOOD)]
    mapped = a_version(_home(water(INLAND, 2, *HERE)), orders=order)
    assert own_upstairs(ask(mapped, DOOR), Dwelling.STURDY, 3) is Upstairs.SAFE
    unmapped = a_version(_home(), orders=order)
    assert own_upstairs(ask(unmapped, DOOR), Dwelling.STURDY, 3) is Upstairs.LAST


@pytest.mark.parametrize("layer", SEA_DEPTHS)
def test_rule_03_level_5_of_the_sea_counts_on_no_mapped_depth(layer: ZoneLayer) -> None:
    order = [an_order(5, HAZARD_OF_LAYER[layer])]
    version = a_version(_home(water(layer, 1, *HERE)), orders=order)
    assert own_upstairs(ask(version, DOOR), Dwelling.STURDY, 3) is Upstairs.LAST


@pytest.mark.parametrize("layer", [*OTHER_DEPTHS, None])
def test_the_map_of_a_way_shows_every_water(layer: ZoneLayer | None) -> None:
    wet = forecast(1, *STREET) if layer is None else water(layer, 1, *STREET)
    for zones, shown in (((), False), ((wet,), True)):
        told = ask(a_version(grid(zones=zones)), SOUTH)
        assert told.first is not None
        layers = way_map(told, told.first, str).layers
        assert bool(layers.assumed or layers.forecast) is shown
        assert not (layers.assumed and layers.forecast)


def test_a_ground_that_is_mapped_knows_no_more_of_its_zones_than_before(tmp_path: Path) -> None:
    """A layer that is stated to be complete, and has no zone, is not complete after it either."""
    ground = _damaged(_home(forecast(4, *HERE), water(SURGE, 2, *HERE)), ZoneLayer.LANDSLIDE)
    save_ground(tmp_path, ground, {})
    again = open_ground(tmp_path)
    assert door_zones(again, *DOOR) == door_zones(ground, *DOOR)
    assert door_zones(again, *DOOR).forecast == 4
    for layer, zone in again.zones.items():
        before = ground.zones[layer]
        assert (zone.complete, zone.damaged) == (before.complete, before.damaged)
    assert TSUNAMI in ground.card.complete
    assert not again.zones[TSUNAMI].complete


def test_rule_01_a_door_in_other_water_than_a_rivers_is_told_how_deep_it_may_be() -> None:
    ground = a_grid(zones=[water(INLAND, 2, *HERE)], sites=[a_site(290, 290, suits=ALL)])
    told = {reason.code: reason for reason in ask(a_version(ground), DOOR).reasons}
    assert told["in_depth"].values == {"depth": "0.5〜3 m"}
    assert told["in_depth"].source == "zone:A51"
    assert "unmapped" not in told
