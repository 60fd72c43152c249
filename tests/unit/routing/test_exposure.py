"""Metres of streets in zones, against shapely's own intersections (Hypothesis)."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from hazards.zone import DEPTH_LAYERS, ZoneLayer
from routing.exposure import DEPTHS, Exposure, Pieces, exposure_of
from routing.ground import Ground, in_metres, polygons_in_metres
from routing.leg import walk
from routing.roads import StreetFlag
from routing.weights import Conditions, penalty_per_metre
from tests.builders import Extra, Zoned, a_grid, a_site, a_version, ask, depth, slope
from tests.unit.routing.scenes import N, Scene, extras, scenes, zones

lot = settings(max_examples=80, deadline=None, derandomize=True)


@st.composite
def zoned(draw: st.DrawFn) -> tuple[Ground, list[Zoned]]:
    """A grid with loops and bends, and zones that overlap."""
    found = draw(st.lists(zones(), min_size=1, max_size=6))
    return a_grid(N, zones=found, extra=draw(st.lists(extras(), max_size=3))), found


def areas_of(found: list[Zoned]) -> dict[Exposure, BaseGeometry]:
    """What each exposure covers: under deeper water the shallower does not count."""
    by_code: dict[Exposure, list[BaseGeometry]] = {}
    for zone in found:
        code = exposure_of(zone.layer, zone.rank)
        if code is not None:
            by_code.setdefault(code, []).append(zone.polygon)
    merged = {code: shapely.union_all(parts) for code, parts in by_code.items()}
    deeper = shapely.Polygon()
    for code in sorted((c for c in merged if c in DEPTHS), reverse=True):
        merged[code], deeper = merged[code].difference(deeper), deeper.union(merged[code])
    return merged


def rows(pieces: Pieces, street: int) -> list[tuple[float, float, int]]:
    span = slice(int(pieces.start[street]), int(pieces.start[street + 1]))
    columns = (pieces.from_m[span], pieces.to_m[span], pieces.code[span])
    return list(zip(*(column.tolist() for column in columns), strict=True))


@lot
@given(zoned())
def test_exposed_metres_equal_shapelys_own(case: tuple[Ground, list[Zoned]]) -> None:
    ground, found = case
    areas = areas_of(found)
    metres = ground.assumed.metres()
    for street, line in enumerate(ground.lines):
        for code in Exposure:
            area = areas.get(code)
            expected = 0.0 if area is None else shapely.length(line.intersection(area))
            assert metres[street, code] == pytest.approx(expected, abs=0.02)


@lot
@given(zoned())
def test_stretches_lie_where_the_zone_is(case: tuple[Ground, list[Zoned]]) -> None:
    """Not only as many metres, but those metres."""
    ground, found = case
    areas = areas_of(found)
    for street, line in enumerate(ground.lines):
        for low, high, code in rows(ground.assumed, street):
            middle = line.interpolate((low + high) / 2)
            assert areas[Exposure(code)].distance(middle) < 0.01


@lot
@given(zoned())
def test_stretches_of_one_code_are_disjoint_and_within_the_street(
    case: tuple[Ground, list[Zoned]],
) -> None:
    ground, _ = case
    for street in range(ground.roads.street_count):
        spans = rows(ground.assumed, street)
        length = float(ground.roads.length_m[street])
        assert all(0 <= low < high <= length + 1e-6 for low, high, _ in spans)
        for codes in [set(DEPTHS), *({code} for code in Exposure if code not in DEPTHS)]:
            mine = sorted((low, high) for low, high, code in spans if code in codes)
            assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(mine))


@lot
@given(scenes(), st.data())
def test_part_of_a_street_costs_its_own_metres(scene: Scene, data: st.DataObject) -> None:
    """Against shapely: pace times metres, plus penalties for the metres inside."""
    version = scene.version()
    ground, weighed = version.ground, version.weights(scene.conditions)
    street = data.draw(st.integers(0, ground.roads.street_count - 1))
    length = float(ground.roads.length_m[street])
    a, b = (data.draw(st.floats(0, 1)) * length for _ in range(2))
    leg = walk(ground, version.blocks, weighed, street, a, b, from_red=True)
    part = shapely.ops.substring(ground.lines[street], min(a, b), max(a, b))
    wet = shapely.union_all(list(scene.observed))
    if leg is None:
        shut = weighed.street_closed[street] or part.distance(wet) < 0.01
        red = (ground.assumed.code == Exposure.LANDSLIDE_SPECIAL).any()
        assert shut or red
        return
    assert not weighed.street_closed[street]
    assert shapely.length(part.intersection(wet)) < 0.01
    assert leg.cost >= leg.time > 0 or abs(a - b) < 1e-9
    arc = ground.roads.arcs[street, 0 if b >= a else 1]
    assert leg.time == pytest.approx(abs(a - b) * weighed.pace[arc], abs=1.1)
    assert leg.cost >= leg.time


@pytest.mark.parametrize("ends", [(0.0, 100.0), (20.0, 60.0), (50.0, 50.5), (90.0, 10.0)])
def test_a_partial_street_pays_only_for_its_metres_inside(ends: tuple[float, float]) -> None:
    ground = a_grid(2, zones=[depth(2, 30, -5, 70, 5), depth(4, 50, -5, 60, 5)])
    version = a_version(ground)
    weighed = version.weights(Conditions())
    leg = walk(ground, version.blocks, weighed, 0, *ends, from_red=False)
    low, high = sorted(ends)

    def inside(west: float, east: float) -> float:
        return max(0.0, min(high, east) - max(low, west))

    deep = inside(50, 60)
    penalty = penalty_per_metre(ground.rules)
    wet = (inside(30, 70) - deep) * penalty[2] + deep * penalty[4]
    assert leg is not None
    assert leg.cost - leg.time == pytest.approx(wet, abs=1.1)


def test_a_walk_that_ends_before_the_water_is_open() -> None:
    ground = a_grid(2)
    version = a_version(ground, observed=[shapely.box(40, -5, 60, 5)])
    weighed = version.weights(Conditions())

    def open_(a: float, b: float) -> bool:
        return walk(ground, version.blocks, weighed, 0, a, b, from_red=False) is not None

    assert open_(0, 39)
    assert open_(39, 0)
    assert open_(61, 100)
    assert not open_(0, 41)
    assert not open_(0, 100)
    assert not open_(45, 55)
    assert not open_(50, 50)


@pytest.mark.parametrize("box", [(-5, -5, 25, 5), (-45, -5, 5, 5), (-50, -50, -30, -30)])
def test_a_loops_metres_are_counted_where_they_are(box: tuple[float, ...]) -> None:
    """A ring begins and ends at one junction: a zone over it is two stretches, not one."""
    loop = Extra(0, 0, ((-40.0, 0.0), (-40.0, -40.0), (0.0, -40.0)))
    ground = a_grid(2, extra=[loop], zones=[depth(3, *box)])
    street, line = ground.roads.street_count - 1, ground.lines[-1]
    area = shapely.box(*box)
    for metre in np.arange(0.5, line.length, 1.0):
        inside = area.distance(line.interpolate(metre)) == 0
        said = any(low <= metre <= high for low, high, _ in rows(ground.assumed, street))
        assert said is bool(inside), metre


@pytest.mark.parametrize(
    ("layer", "rank", "code"),
    [
        *((ZoneLayer.DEPTH, rank, Exposure(rank)) for rank in range(1, 7)),
        (ZoneLayer.COLLAPSE, 1, Exposure.COLLAPSE),
        (ZoneLayer.COLLAPSE, 2, Exposure.COLLAPSE),
        (ZoneLayer.LANDSLIDE, 1, Exposure.LANDSLIDE),
        (ZoneLayer.LANDSLIDE, 2, Exposure.LANDSLIDE_SPECIAL),
        (ZoneLayer.DURATION, 3, None),
    ],
)
def test_what_a_zone_exposes_a_walk_to(layer: ZoneLayer, rank: int, code: Exposure | None) -> None:
    assert exposure_of(layer, rank) is code


def test_penalties_grow_with_the_depth() -> None:
    penalty = penalty_per_metre(a_grid(2).rules)
    depths = [penalty[code] for code in DEPTHS]
    assert depths == sorted(depths)
    assert depths[0] > 0
    assert penalty[Exposure.LANDSLIDE_SPECIAL] > penalty[Exposure.LANDSLIDE] > 0
    assert penalty[Exposure.COLLAPSE] > 0


@pytest.mark.parametrize(
    ("box", "up", "down"),
    [
        ((-5, 30, 5, 60), False, False),
        ((-5, -5, 5, 40), True, False),
        ((-5, 0, 5, 40), False, False),
        ((-5, 60, 5, 105), False, True),
        ((-5, 60, 5, 100), False, False),
        ((-5, -5, 5, 105), True, True),
    ],
    ids=["inside", "around its start", "from its start on", "around its end", "to its end", "all"],
)
def test_special_zones_are_left_but_never_entered(
    box: tuple[float, ...], up: bool, down: bool
) -> None:
    """Street 2 runs from (0, 0) up to (0, 100); who stands on a zone's edge is not in it."""
    ground = a_grid(2, zones=[slope(2, *box)], sites=[a_site(0, 100)])
    version = a_version(ground)
    weighed = version.weights(Conditions())
    arcs = ground.roads.arcs[2]
    far = 2**31 - 1
    assert [bool(weighed.cost[arc] != far) for arc in arcs] == [up, down]
    for (a, b), passes in (((0, 100), up), ((100, 0), down)):
        junction = int(ground.roads.tail[arcs[0 if b > a else 1]])
        red = bool(ground.in_red[junction])
        leg = walk(ground, version.blocks, weighed, 2, a, b, from_red=red)
        assert (leg is not None) is passes


@pytest.mark.parametrize("x", [100.0, 105.0, 130.0, 160.0])
def test_metres_between_door_and_street_are_paid_and_told(x: float) -> None:
    """The yard crosses what the map says it crosses, at the door's end and at the site's."""
    zones = [depth(3, x - 40, 5, x + 40, 15), slope(1, -10, 185, 300, 192)]
    ground = a_grid(3, sites=[a_site(150, 180)], zones=zones)
    told = ask(a_version(ground), (x, 25.0))
    assert told.first is not None
    line = shapely.LineString(ground.metres.xy(told.first.line))
    for code, zone in ((Exposure.DEPTH_3, zones[0]), (Exposure.LANDSLIDE, zones[1])):
        crossed = shapely.length(line.intersection(zone.polygon))
        assert told.first.exposure.get(code, 0.0) == pytest.approx(crossed, abs=0.5)


@lot
@given(scenes())
def test_the_exposure_told_is_what_the_line_crosses(scene: Scene) -> None:
    """Against shapely, over streets without bridges: every metre of the drawn line."""
    ground = scene.ground
    told = ask(scene.version(), scene.door, hazards=scene.hazards)
    if told.first is None or ground.roads.has(StreetFlag.BRIDGE).any():
        return
    line = shapely.LineString(ground.metres.xy(told.first.line))
    codes = {
        Exposure.COLLAPSE: (ZoneLayer.COLLAPSE, (1, 2)),
        Exposure.LANDSLIDE: (ZoneLayer.LANDSLIDE, (1,)),
        Exposure.LANDSLIDE_SPECIAL: (ZoneLayer.LANDSLIDE, (2,)),
    }
    for code, (layer, ranks) in codes.items():
        zone = ground.zones[layer]
        area = shapely.union_all(zone.polygons[np.isin(zone.ranks, ranks)])
        crossed = sum(shapely.length(part.intersection(area)) for part in _segments(line))
        assert told.first.exposure.get(code, 0.0) == pytest.approx(crossed, abs=1.1)
    wet = shapely.union_all([p for layer in DEPTH_LAYERS for p in ground.zones[layer].polygons])
    crossed = sum(shapely.length(part.intersection(wet)) for part in _segments(line))
    depths = sum(told.first.exposure.get(code, 0.0) for code in DEPTHS)
    assert depths == pytest.approx(crossed, abs=1.6)


def _segments(line: shapely.LineString) -> list[shapely.LineString]:
    """Piece by piece: a way may walk one street twice, and each time counts."""
    return [shapely.LineString(pair) for pair in pairwise(line.coords)]


def test_a_zone_that_only_degrees_make_valid_is_valid_in_metres() -> None:
    """A straight edge of degrees, 60 km long, bends across the part beside it."""
    metres = a_grid(2).metres
    west, south = metres.lonlat(np.array([[0.0, 0.0]]))[0]
    long = shapely.box(west, south, west + 0.7, south + 0.1)
    beside = shapely.box(west + 0.3, south + 0.1 + 1e-6, west + 0.4, south + 0.2)
    both = shapely.MultiPolygon([long, beside])
    assert both.is_valid
    assert not in_metres([both], metres)[0].is_valid
    (found,) = polygons_in_metres([both], metres)
    assert found.is_valid
    assert found.area == pytest.approx(shapely.area(both) * 1.009e10, rel=0.1)
