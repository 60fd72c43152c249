"""A whole real city as raw OSM: every number and every metre against a reading from scratch.

Run where NIGEMICHI_WHOLE is set: it takes two minutes of a core, and Ube is read whole in each run.
"""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from sqlalchemy import Engine

from city.traveller import Household, Profile
from data.database import transaction
from data.network import Network
from data.rows import current_load, read_city
from operations import load_city as loading
from operations.fitted_city import FittedCity
from routing.advice import Advice
from routing.ground import Ground
from routing.guidance import Guidance
from routing.roads import Access, StreetFlag
from routing.snapping import Snap, is_near, snaps
from routing.verdict import Verdict
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from tests.builders import FLOOD, a_version, an_order, ask
from tests.porto.conftest import SITES, Porto
from tests.porto.raw_ways import PBF, Pair, Point, RawCity, RawWay, roots
from tests.unit.routing.engines import costs
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.whole_plans import (
    assert_keeps_its_word,
    assert_proven,
    evening,
    some_homes,
)

SEED, DOORS = 20_261_126, 30
GEOD = Geod(ellps="WGS84")
Piece = tuple[Point, Point]
"""A straight piece of a street between two nodes' places, the lower first."""

pytestmark = [
    pytest.mark.skipif(
        "NIGEMICHI_WHOLE" not in os.environ,
        reason="a second real city takes two minutes of a core: NIGEMICHI_WHOLE=1 ./dev test",
    ),
    pytest.mark.skipif(
        not PBF.is_file(), reason=f"Porto's roads are not beside this checkout: {PBF} is absent"
    ),
]


def piece(a: Point, b: Point) -> Piece:
    return min(a, b), max(a, b)


@cache
def points(network: Network) -> list[Point]:
    places = np.rint(network.shape_lonlat * 1e7).astype(np.int64)
    return [(x, y) for x, y in places.tolist()]


def pieces(network: Network, streets: NDArray[np.bool_] | None = None) -> Counter[Piece]:
    """The pieces of all streets, or of some."""
    drawn, cuts = points(network), network.shape_start.tolist()
    rows = range(len(network.start)) if streets is None else np.flatnonzero(streets).tolist()
    return Counter(
        piece(drawn[i], drawn[i + 1]) for row in rows for i in range(cuts[row], cuts[row + 1] - 1)
    )


def raw_pieces(raw: RawCity, pairs: Iterator[Pair] | list[Pair]) -> Counter[Piece]:
    return Counter(piece(raw.at[a], raw.at[b]) for a, b in pairs)


@pytest.fixture(scope="module")
def over(raw: RawCity) -> dict[Pair, list[RawWay]]:
    return raw.over()


def flagged(network: Network, flag: StreetFlag) -> NDArray[np.bool_]:
    return (network.flags & flag) != 0


def test_the_report_counts_the_ways_that_another_reading_counts(porto: Porto, raw: RawCity) -> None:
    assert porto.report.read == raw.read > 50_000
    assert porto.report.dropped == raw.dropped
    assert porto.report.kept == len(raw.kept) == raw.read - raw.dropped.total()
    assert not porto.report.repaired
    used = {node for way in raw.kept for node in way.nodes}
    assert f"simplifying {len(raw.kept):,} ways of {len(used):,} nodes with OSMnx" in porto.said


def test_gdal_finds_as_many_ways_with_a_highway(porto: Porto) -> None:
    """A third reading. GDAL keeps areas apart, and gives no line of a single node."""
    *_, (lines,) = pyogrio.raw.read(
        PBF,
        layer="lines",
        columns=["osm_id"],
        where="highway IS NOT NULL",
        read_geometry=False,
    )
    *_, (areas,) = pyogrio.raw.read(
        PBF,
        layer="multipolygons",
        columns=["osm_way_id"],
        where="osm_way_id IS NOT NULL AND other_tags LIKE '%\"highway\"=>%'",
        read_geometry=False,
    )
    found = {*lines.tolist(), *areas.tolist()}
    assert len(areas) > 1_000
    assert porto.report.read - len(found) == porto.report.dropped["fewer than two nodes"]


def test_two_ways_on_one_line_are_noted_as_often_as_they_are(
    porto: Porto, over: dict[Pair, list[RawWay]]
) -> None:
    doubled = sum(len(ways) > 1 for ways in over.values())
    assert porto.report.noted["two ways drawn along one line, joined"] == doubled > 0


def test_every_piece_of_every_way_is_in_one_street_and_nothing_else_is(
    porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]
) -> None:
    assert pieces(porto.network) == raw_pieces(raw, list(over))
    assert porto.report.made == len(porto.network.start)


def test_no_metre_is_lost(porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]) -> None:
    """Geodesic lengths, over way nodes and over streets."""
    ends = np.array([[*raw.at[a], *raw.at[b]] for a, b in over]) / 1e7
    ways_m = np.sum(GEOD.inv(*ends.T)[2])
    network = porto.network
    inside = np.ones(len(network.shape_lonlat) - 1, bool)
    inside[network.shape_start[1:-1] - 1] = False
    a, b = network.shape_lonlat[:-1][inside], network.shape_lonlat[1:][inside]
    streets_m = np.sum(GEOD.inv(*a.T, *b.T)[2])
    assert streets_m == pytest.approx(ways_m, rel=1e-6)
    assert ways_m > 4_000_000


@pytest.mark.parametrize(
    ("what", "flag"),
    [
        ("bridge", StreetFlag.BRIDGE),
        ("tunnel", StreetFlag.TUNNEL),
        ("steps", StreetFlag.STEPS),
        ("ford", StreetFlag.FORD),
    ],
)
def test_bridges_tunnels_steps_and_fords_are_where_ways_say_so(
    porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]], what: str, flag: StreetFlag
) -> None:
    said = [pair for pair, ways in over.items() if any(getattr(way, what) for way in ways)]
    assert pieces(porto.network, flagged(porto.network, flag)) == raw_pieces(raw, said)
    assert said


def test_every_piece_has_the_lowest_layer_of_its_ways(
    porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]
) -> None:
    lowest = {pair: min(way.layer for way in ways) for pair, ways in over.items()}
    assert set(porto.network.layer.tolist()) == set(lowest.values())
    for layer in {*lowest.values()} - {0}:
        said = [pair for pair, found in lowest.items() if found == layer]
        assert pieces(porto.network, porto.network.layer == layer) == raw_pieces(raw, said)


@pytest.mark.parametrize(("what", "who"), [("foot", Access.FOOT), ("wheels", Access.WHEELS)])
def test_people_walk_and_roll_where_ways_say_so(
    porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]], what: str, who: Access
) -> None:
    said = [pair for pair, ways in over.items() if any(getattr(way, what) for way in ways)]
    admitted = (porto.network.access & who) != 0
    assert pieces(porto.network, admitted) == raw_pieces(raw, said)
    assert len(said) < len(over)


@pytest.fixture(scope="module")
def allowed(raw: RawCity) -> set[Piece]:
    """Pieces in each direction in which a way lets vehicles use them (where they have one)."""
    found = set[Piece]()
    for way in raw.kept:
        there, back = way.drives
        for a, b in way.pairs:
            found |= {(raw.at[a], raw.at[b])} if there else set()
            found |= {(raw.at[b], raw.at[a])} if back else set()
    return {(a, b) for a, b in found if a != b}


def _driven(network: Network) -> dict[int, tuple[set[Piece], set[Piece]]]:
    """By street: its pieces from start to end, and those in the direction that vehicles go."""
    drawn, cuts = points(network), network.shape_start.tolist()
    found: dict[int, tuple[set[Piece], set[Piece]]] = {}
    for row, access in enumerate(network.access.tolist()):
        part = drawn[cuts[row] : cuts[row + 1]]
        there = {(a, b) for a, b in pairwise(part) if a != b}
        back = {(b, a) for a, b in there}
        used = there if access & Access.VEHICLE_FORWARD else set()
        found[row] = (there, used | back if access & Access.VEHICLE_BACKWARD else used)
    return found


def test_vehicles_go_no_way_that_no_way_allows(porto: Porto, allowed: set[Piece]) -> None:
    assert set().union(*(used for _, used in _driven(porto.network).values())) <= allowed


def test_vehicles_go_every_way_but_where_one_way_streets_meet_head_on(
    porto: Porto, allowed: set[Piece]
) -> None:
    found, lost = _driven(porto.network), set(allowed)
    for _, used in found.values():
        lost -= used
    for there, _ in found.values():
        back = {(b, a) for a, b in there}
        if not lost.isdisjoint(there | back):
            assert {(a, b) in allowed for a, b in there} == {True, False}
            assert {(a, b) in allowed for a, b in back} == {True, False}
    assert len(lost) < 0.001 * len(allowed)


def test_one_way_streets_are_those_of_ways_that_are_driven_one_way(
    porto: Porto, allowed: set[Piece]
) -> None:
    forward = (porto.network.access & Access.VEHICLE_FORWARD) != 0
    backward = (porto.network.access & Access.VEHICLE_BACKWARD) != 0
    one_way = {(a, b) for a, b in pieces(porto.network, forward != backward) if a != b}
    said = {piece(a, b) for a, b in allowed if (b, a) not in allowed}
    assert one_way <= said
    assert len(said - one_way) < 0.001 * len(said)
    assert len(one_way) > 10_000


def test_junctions_are_where_streets_meet_end_or_change(porto: Porto, raw: RawCity) -> None:
    ids = porto.network.osm_id.tolist()
    assert set(ids) == raw.junctions()
    assert ids == sorted(set(ids))
    places = np.rint(porto.network.junction_lonlat * 1e7).astype(np.int64).tolist()
    assert [tuple(place) for place in places] == [raw.at[node] for node in ids]


def test_streets_begin_and_end_at_their_junctions(porto: Porto) -> None:
    network, cuts = porto.network, porto.network.shape_start
    first, last = network.shape_lonlat[cuts[:-1]], network.shape_lonlat[cuts[1:] - 1]
    assert np.array_equal(first, network.junction_lonlat[network.start])
    assert np.array_equal(last, network.junction_lonlat[network.end])


def test_what_ways_join_the_network_joins_and_nothing_more(
    porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]
) -> None:
    ids = porto.network.osm_id.tolist()
    rooted = roots(over, raw.at)
    ends = zip(porto.network.start.tolist(), porto.network.end.tolist(), strict=True)
    ours = roots(ends, range(len(ids)))
    pairs = {(rooted[node], ours[row]) for row, node in enumerate(ids)}
    raw_parts, our_parts = ({pair[side] for pair in pairs} for side in (0, 1))
    assert len(pairs) == len(raw_parts) == len(our_parts) > 1
    assert raw_parts == {rooted[way.nodes[0]] for way in raw.kept}


def same(one: Network, other: Network) -> None:
    for name in Network.__slots__:
        a, b = getattr(one, name), getattr(other, name)
        if isinstance(a, tuple):
            assert a == b, name
        else:
            assert (a.dtype, a.tobytes()) == (b.dtype, b.tobytes()), name


# The whole city answers doors


@dataclass(frozen=True, eq=False)
class Night:
    """Doors asked, everybody told to leave; pieces that nobody may walk or roll along."""

    ground: Ground
    version: PlanVersion
    told: list[Guidance]


@pytest.fixture(scope="module")
def night(fitted_porto: FittedCity) -> Night:
    ground = fitted_porto.ground
    version = a_version(ground, orders=[an_order(4)])
    told = [ask(version, at, home) for at, home in _doors(ground)]
    return Night(ground, version, told)


def _doors(ground: Ground) -> Iterator[tuple[tuple[float, float], Household]]:
    """Around random junctions of the largest island, one in three in a wheelchair."""
    rng, found = np.random.default_rng(SEED), 0
    profiles = [Profile.WALK, Profile.WHEELCHAIR, Profile.SLOW]
    while found < DOORS:
        xy = ground.roads.junction_xy[rng.integers(ground.roads.junction_count)]
        x, y = (xy + rng.normal(0, 40, 2)).tolist()
        if is_near(ground, x, y):
            yield (x, y), Household(profiles[found % len(profiles)])
            found += 1


def _ways(night: Night) -> list[tuple[Profile, Advice]]:
    return [
        (told.question.household.profile, advice)
        for told in night.told
        for advice in (told.first, told.second)
        if advice is not None
    ]


def _walked(night: Night, network: Network, advice: Advice) -> set[Piece]:
    streets = np.zeros(len(network.start), bool)
    streets[[stretch.street for stretch in advice.way.stretches]] = True
    return set(pieces(network, streets))


def test_nearly_every_door_is_led_to_an_invented_site(night: Night) -> None:
    assert len(night.ground.sites) == SITES
    led = [told for told in night.told if told.first is not None]
    assert len(led) > 0.8 * DOORS
    assert all(told.verdict is Verdict.GO for told in led)
    assert len(_ways(night)) > 40


def test_both_engines_find_the_same_cost_from_every_junction_to_every_site(night: Night) -> None:
    by_hierarchy, by_dijkstra = costs(night.version, Conditions(night=True, storm=True))
    assert (by_hierarchy == by_dijkstra).all()


def test_no_way_enters_what_may_not_be_walked(
    night: Night, porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]
) -> None:
    """Judged by the raw ways: a motorway, a road barred to walkers."""
    barred = [pair for pair, ways in over.items() if not any(way.foot for way in ways)]
    motorways = [
        pair
        for pair, ways in over.items()
        if all(way.tags["highway"].startswith("motorway") for way in ways)
    ]
    assert len(motorways) > 1_000
    shut = {*raw_pieces(raw, barred), *raw_pieces(raw, motorways)}
    for _, advice in _ways(night):
        assert _walked(night, porto.network, advice).isdisjoint(shut)
        for stretch in advice.way.stretches:
            assert night.ground.roads.access[stretch.street] & Access.FOOT


def test_no_wheelchair_is_led_over_steps_or_where_wheels_cannot_go(
    night: Night, porto: Porto, raw: RawCity, over: dict[Pair, list[RawWay]]
) -> None:
    rough = raw_pieces(raw, [p for p, ways in over.items() if not any(w.wheels for w in ways)])
    wheeled = [advice for profile, advice in _ways(night) if profile is Profile.WHEELCHAIR]
    assert len(wheeled) > 10
    for advice in wheeled:
        assert _walked(night, porto.network, advice).isdisjoint(rough)
        for stretch in advice.way.stretches:
            assert not night.ground.roads.flags[stretch.street] & StreetFlag.STEPS
            assert night.ground.roads.access[stretch.street] & Access.WHEELS


def test_a_door_beside_a_motorway_joins_a_street_that_is_walked(night: Night) -> None:
    ground, roads = night.ground, night.ground.roads
    unwalked = np.flatnonzero(~roads.admits(Access.FOOT) & (roads.length_m > 50))
    beside = 0
    for street in unwalked[:: max(len(unwalked) // 60, 1)].tolist():
        line = ground.lines[street]
        foot = shapely.line_interpolate_point(line, roads.length_m[street] / 2)
        x, y = foot.x + 1.5, foot.y + 1.5
        (nearest,) = ground.tree.query_nearest(shapely.Point(x, y), all_matches=False)
        if roads.admits(Access.FOOT)[nearest]:
            continue
        joined = snaps(ground, night.version.bars, x, y)
        beside += bool(joined)
        assert all(roads.access[snap.street] & Access.FOOT for snap in joined)
        told = ask(night.version, (x, y))
        if told.first is not None:
            assert roads.access[told.first.way.snap.street] & Access.FOOT
    assert beside > 10


@pytest.mark.parametrize("profile", [Profile.WALK, Profile.WHEELCHAIR])
def test_the_field_costs_what_networkx_finds_at_every_junction(
    night: Night, profile: Profile
) -> None:
    conditions, hazards = Conditions(profile, night=False, storm=True), frozenset({FLOOD})
    suited = np.flatnonzero(night.version.suitable(hazards)).tolist()
    known = Oracle(night.version, conditions).costs(suited)
    cost = night.version.field(conditions, hazards).first.cost
    least = np.full(len(cost), FAR)
    least[list(known)] = list(known.values())
    assert np.array_equal(cost, least)
    assert len(known) > 0.3 * len(cost)


def test_every_way_costs_what_networkx_finds(night: Night) -> None:
    suited = np.flatnonzero(night.version.suitable(frozenset({FLOOD}))).tolist()

    @cache
    def oracle(conditions: Conditions) -> tuple[Oracle, dict[int, int]]:
        found = Oracle(night.version, conditions)
        return found, found.costs(suited)

    for told in night.told:
        conditions = Conditions(told.question.household.profile, told.night, storm=True)
        found, known = oracle(conditions)
        least = found.door_cost(_joined(told), suited, known)
        assert (told.first and told.first.way.cost) == least


def test_a_plan_for_all_of_porto_is_proven_and_keeps_its_word(night: Night) -> None:
    given = evening(night.version, some_homes(night.version.ground))
    plan = given.plan()
    assert_proven(given, plan)
    assert_keeps_its_word(given, plan)


def _joined(told: Guidance) -> tuple[Snap, ...]:
    here = told.version.ground.metres.of(told.question.position)
    return snaps(told.version.ground, told.version.bars, *here)


# In the database


def test_all_of_porto_comes_back_from_the_database_as_it_was_read(
    fitted_porto: FittedCity, city_file: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files are not read once more: what was fitted is loaded."""
    monkeypatch.setattr(loading, "fitted", lambda *_: fitted_porto)
    assert loading.load_city(engine, city_file, lambda _: None) is not None
    with transaction(engine) as connection:
        stored = read_city(connection, current_load(connection))
    same(stored.network, fitted_porto.rows.network)
    assert stored.sites == fitted_porto.rows.sites
