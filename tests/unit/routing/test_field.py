"""The field and the ways on random small towns, against networkx (Hypothesis)."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.kinds import HazardKind
from hazards.zone import RED, ZoneLayer
from routing.field import ARRIVED, UNREACHED, EvacuationField, evacuation_field
from routing.guidance import Guidance
from routing.leg import walk, yard
from routing.roads import StreetFlag, road_graph
from routing.snapping import snaps
from routing.version import PlanVersion
from routing.way import Way
from routing.weights import FAR, Conditions
from tests.builders import (
    NIGHT,
    NOON,
    Extra,
    a_grid,
    a_household,
    a_site,
    a_version,
    ask,
    street_between,
)
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.scenes import Scene, scenes

lot = settings(max_examples=60, deadline=None, derandomize=True)
Hazards = frozenset[HazardKind]


def suitable_sites(version: PlanVersion, hazards: Hazards) -> list[int]:
    return np.flatnonzero(version.suitable(hazards)).tolist()


def told_at_the_door(version: PlanVersion, scene: Scene) -> Guidance:
    """What the scene's household is told, under exactly the scene's conditions."""
    night = NIGHT if scene.conditions.night else NOON
    household = a_household(scene.conditions.profile)
    return ask(version, scene.door, household, hazards=scene.hazards, when=night)


def cost_at_the_door(version: PlanVersion, scene: Scene) -> float:
    """The cost of its best way, whether or not it is told to go."""
    first = ways_of(version, scene)[0]
    return first.cost if first else float("inf")


def ways_of(version: PlanVersion, scene: Scene) -> list[Way | None]:
    """The ways as guidance shows them: below level 5, out of observed water."""
    told = told_at_the_door(version, scene)
    return [advice and advice.way for advice in (told.first, told.second)]


# The field


@lot
@given(scenes())
def test_every_junctions_cost_is_the_least_that_networkx_finds(scene: Scene) -> None:
    version = scene.version()
    field = version.field(scene.conditions, scene.hazards)
    oracle = Oracle(version, scene.conditions)
    best = oracle.costs(suitable_sites(version, scene.hazards))
    costs = field.first.cost.tolist()
    assert {row: cost for row, cost in enumerate(costs) if cost != FAR} == best
    assert ((field.first.step == UNREACHED) == (field.first.cost == FAR)).all()


@lot
@given(scenes())
def test_the_second_label_is_the_best_way_to_any_other_site(scene: Scene) -> None:
    version = scene.version()
    field = version.field(scene.conditions, scene.hazards)
    sites = suitable_sites(version, scene.hazards)
    oracle = Oracle(version, scene.conditions)
    others = {site: oracle.costs(set(sites) - {site}) for site in sites}
    for junction in range(version.ground.roads.junction_count):
        first, second = int(field.first.site[junction]), int(field.second.site[junction])
        if first < 0:
            assert second < 0
            continue
        assert second != first
        assert int(field.second.cost[junction]) == others[first].get(junction, FAR)


@lot
@given(scenes())
def test_each_label_leads_to_its_site_at_its_cost_and_time(scene: Scene) -> None:
    version = scene.version()
    field = version.field(scene.conditions, scene.hazards)
    for junction in range(version.ground.roads.junction_count):
        for site in (int(field.first.site[junction]), int(field.second.site[junction])):
            if site >= 0:
                _follow(version, scene.conditions, field, junction, site)


def _follow(
    version: PlanVersion, conditions: Conditions, field: EvacuationField, start: int, site: int
) -> None:
    """Walk the pointers: they add up to the label's cost and time, and end at the site."""
    roads, weighed = version.ground.roads, version.weights(conditions)
    access = version.access(conditions)
    label = field.first if int(field.first.site[start]) == site else field.second
    left, time = int(label.cost[start]), int(label.time[start])
    junction, walked = start, 0
    while True:
        label = field.first if int(field.first.site[junction]) == site else field.second
        assert int(label.site[junction]) == site
        arc = int(label.step[junction])
        if arc == ARRIVED:
            break
        assert int(roads.tail[arc]) == junction
        assert int(weighed.cost[arc]) != FAR
        left -= int(weighed.cost[arc])
        time -= int(weighed.time[arc])
        junction = int(roads.head[arc])
        walked += 1
        assert walked <= 2 * roads.junction_count
    rows = np.flatnonzero((access.junction == junction) & (access.site == site))
    assert (left, time) in {(int(access.cost[row]), int(access.time[row])) for row in rows}


@lot
@given(scenes())
def test_ties_go_to_the_lowest_arc_that_attains_the_cost(scene: Scene) -> None:
    version = scene.version()
    roads, weighed = version.ground.roads, version.weights(scene.conditions)
    first = version.field(scene.conditions, scene.hazards).first
    for junction in range(roads.junction_count):
        step = int(first.step[junction])
        if step < 0:
            continue
        arcs = range(int(roads.indptr[junction]), int(roads.indptr[junction + 1]))
        attain = [
            arc
            for arc in arcs
            if weighed.cost[arc] != FAR
            and first.cost[roads.head[arc]] != FAR
            and int(weighed.cost[arc]) + int(first.cost[roads.head[arc]])
            == int(first.cost[junction])
        ]
        assert step == attain[0]


@settings(lot, max_examples=20)
@given(scenes(), st.randoms(use_true_random=False))
def test_ties_do_not_depend_on_the_order_of_the_access_rows(scene: Scene, random: Random) -> None:
    version = scene.version()
    access = version.access(scene.conditions)
    order = list(range(len(access.junction)))
    random.shuffle(order)
    shuffled = {
        name: getattr(access, name)[order]
        for name in ("junction", "gate", "from_m", "cost", "time")
    }
    other = replace(access, **shuffled)
    one, two = (
        evacuation_field(
            version.ground.roads,
            version.weights(scene.conditions),
            rows,
            version.suitable(scene.hazards),
        )
        for rows in (access, other)
    )
    for name in ("step", "site", "cost", "time"):
        assert (getattr(one.first, name) == getattr(two.first, name)).all()
        assert (getattr(one.second, name) == getattr(two.second, name)).all()


def test_two_sites_at_the_same_cost_give_the_lower_one() -> None:
    ground = a_grid(3, sites=[a_site(0, 200), a_site(200, 0)])
    first = a_version(ground).field(Conditions(), frozenset({HazardKind.FLOOD})).first
    assert first.cost[0] == first.cost[8]
    assert {int(first.site[0]), int(first.site[8]), int(first.site[4])} <= {0, 1}
    arcs = [int(first.step[j]) for j in (0, 4, 8)]
    again = a_version(a_grid(3, sites=[a_site(0, 200), a_site(200, 0)]))
    twin = again.field(Conditions(), frozenset({HazardKind.FLOOD})).first
    assert arcs == [int(twin.step[j]) for j in (0, 4, 8)]


# Doors


@settings(lot, max_examples=120)
@given(scenes())
def test_a_doors_way_costs_what_the_oracle_finds(scene: Scene) -> None:
    version = scene.version()
    told = told_at_the_door(version, scene)
    oracle = Oracle(version, replace(scene.conditions, storm=True))
    sites = suitable_sites(version, told.hazards)
    costs = oracle.costs(sites)
    here = version.ground.metres.of(told.question.position)
    joined = snaps(version.ground, version.bars, *here)
    if told.first is None:
        near_water = shapely.union_all(list(scene.observed)).distance(shapely.Point(scene.door))
        assert near_water < 1e-3 or oracle.door_cost(joined, sites, costs) is None
        return
    way = told.first.way
    assert way.cost == oracle.door_cost(joined, sites, costs)
    rest = [site for site in sites if site != way.site]
    other = told.second.way.cost if told.second else None
    assert other == oracle.door_cost(joined, rest, oracle.costs(rest))
    assert told.second is None or told.second.way.site in rest


@settings(lot, max_examples=120)
@given(scenes(), st.data())
def test_closing_a_street_never_improves_the_cost_of_any_door(
    scene: Scene, data: st.DataObject
) -> None:
    street = data.draw(st.integers(0, scene.ground.roads.street_count - 1))
    before, after = scene.version(), scene.version(more_closures=(street,))
    fields = [v.field(scene.conditions, scene.hazards).first.cost for v in (before, after)]
    assert (fields[1] >= fields[0]).all()
    assert cost_at_the_door(after, scene) >= cost_at_the_door(before, scene)


@settings(lot, max_examples=120)
@given(scenes(closed=1))
def test_opening_a_street_never_worsens_the_cost_of_any_door(scene: Scene) -> None:
    before, after = scene.version(), scene.version(without_closure=scene.closures[0])
    fields = [v.field(scene.conditions, scene.hazards).first.cost for v in (before, after)]
    assert (fields[1] <= fields[0]).all()
    assert cost_at_the_door(after, scene) <= cost_at_the_door(before, scene)


@lot
@given(scenes())
def test_closing_a_site_never_improves_the_cost_of_any_door(scene: Scene) -> None:
    before = scene.version()
    after = scene.version(closed_sites=[scene.ground.sites[0].id])
    fields = [v.field(scene.conditions, scene.hazards).first.cost for v in (before, after)]
    assert (fields[1] >= fields[0]).all()
    assert cost_at_the_door(after, scene) >= cost_at_the_door(before, scene)


@lot
@given(scenes())
def test_water_that_goes_makes_no_arc_dearer(scene: Scene) -> None:
    wet, dry = (v.weights(scene.conditions) for v in (scene.version(), scene.version(observed=())))
    assert (dry.cost <= wet.cost).all()
    assert (dry.time == wet.time).all()


@settings(lot, max_examples=120)
@given(scenes())
def test_a_ways_streets_exist_join_and_end_at_the_site(scene: Scene) -> None:
    version = scene.version()
    told = told_at_the_door(version, scene)
    for advice in (told.first, told.second):
        if advice is not None:
            assert version.suitable(told.hazards)[advice.way.site]
            _check_way(version, scene, replace(scene.conditions, storm=True), advice.way)


def _check_way(version: PlanVersion, scene: Scene, conditions: Conditions, way: Way) -> None:
    ground, roads = version.ground, version.ground.roads
    weighed = version.weights(conditions)
    legs = [
        walk(ground, version.blocks, weighed, s.street, s.from_m, s.to_m, from_red=True)
        for s in way.stretches
    ]
    assert all(legs)
    whole = [
        int(weighed.cost[roads.arcs[s.street, 0 if s.to_m > s.from_m else 1]])
        for s in way.stretches[1:-1]
    ]
    ends = [leg.cost for leg in (legs[:1] + legs[1:][-1:]) if leg]
    gates = snaps(ground, version.bars, *ground.site_xy[way.site].tolist(), entering=True)
    entered = [gate for gate in gates if gate.offset_m == way.site_offset_m]
    added = {
        sum(whole) + sum(ends) + sum(yard(ground, weighed, snap).cost for snap in (way.snap, gate))
        for gate in entered
    }
    assert any(abs(cost - way.cost) <= 2 for cost in added)
    assert not {s.street for s in way.stretches} & set(scene.closures)
    wheels = scene.conditions.profile.value == "wheelchair"
    stairs = roads.has(StreetFlag.STEPS)
    assert not (wheels and any(stairs[s.street] for s in way.stretches))
    points = [_point(version, way.snap.street, way.snap.at_m)]
    for stretch in way.stretches:
        length = float(roads.length_m[stretch.street])
        assert 0 <= stretch.from_m <= length + 1e-6
        assert 0 <= stretch.to_m <= length + 1e-6
        assert _point(version, stretch.street, stretch.from_m).distance(points[-1]) < 1e-3
        points.append(_point(version, stretch.street, stretch.to_m))
    site = shapely.Point(*ground.site_xy[way.site])
    assert points[-1].distance(site) == pytest.approx(way.site_offset_m, abs=1e-3)


def _point(version: PlanVersion, street: int, metre: float) -> shapely.Point:
    return version.ground.lines[street].interpolate(metre)


@settings(lot, max_examples=120)
@given(scenes())
def test_a_ways_line_ends_at_the_sites_door_and_crosses_no_observed_water(scene: Scene) -> None:
    version = scene.version()
    told = ask(version, scene.door, hazards=scene.hazards)
    wet = shapely.union_all(list(scene.observed))
    for advice in (told.first, told.second):
        if advice is None:
            continue
        line = version.ground.metres.xy(advice.line)
        assert np.hypot(*(line[0] - scene.door)) < 0.01
        assert np.hypot(*(line[-1] - version.ground.site_xy[advice.way.site])) < 0.01
        drawn = shapely.LineString(line)
        assert shapely.length(drawn.intersection(wet)) < 0.01
        assert drawn.length == pytest.approx(advice.way.distance_m, abs=0.05)
        steps = sum(step.distance_m for step in advice.steps)
        assert steps == pytest.approx(advice.way.distance_m, abs=1)
        assert all(step.distance_m >= 0 for step in advice.steps)


@lot
@given(scenes())
def test_nobody_is_joined_to_a_street_across_a_river_or_observed_water(scene: Scene) -> None:
    version = scene.version()
    here = shapely.Point(*scene.door)
    rivers = shapely.union_all(list(version.ground.waterways))
    wet = shapely.union_all(list(scene.observed))
    for snap in snaps(version.ground, version.bars, *scene.door):
        at = _point(version, snap.street, snap.at_m)
        assert at.distance(here) == pytest.approx(snap.offset_m, abs=1e-6)
        link = shapely.LineString([here, at])
        assert not link.intersects(wet)
        assert rivers.intersects(here) or not link.intersects(rivers)


@lot
@given(scenes(rivers=False))
def test_without_water_the_first_street_is_the_nearest_one(scene: Scene) -> None:
    version = scene.version(observed=())
    ground = version.ground
    doors = ~(ground.roads.has(StreetFlag.BRIDGE) | ground.roads.has(StreetFlag.TUNNEL))
    doors &= ~ground.roads.has(StreetFlag.UNDERPASS)
    away = [line.distance(shapely.Point(*scene.door)) for line in ground.lines[doors]]
    found = snaps(ground, version.bars, *scene.door)
    assert [snap.beyond_m for snap in found] == pytest.approx(
        [snap.offset_m - min(away) for snap in found]
    )
    offsets = [snap.offset_m for snap in found]
    assert offsets == sorted(offsets)
    if not (ground.zones[ZoneLayer.LANDSLIDE].ranks == RED).any():
        assert found[0].offset_m == pytest.approx(min(away))
        slack = ground.rules.connector_slack_m
        assert len(found) == sum(metres <= min(away) + slack for metres in away)


# By hand


def test_part_of_the_doors_street_counts() -> None:
    ground = a_grid(3, sites=[a_site(0, 0)])
    version = a_version(ground)
    costs = []
    for x in (10.0, 30.0, 70.0):
        told = ask(version, (x, 0.0))
        assert told.first is not None
        costs.append(told.first.way.distance_m)
    assert costs == pytest.approx([10, 30, 70], abs=0.01)


def test_parallel_streets_are_kept_and_the_cheaper_one_is_walked() -> None:
    ground = a_grid(3, sites=[a_site(200, 0)], extra=[Extra(0, 1, ((50.0, 40.0),))])
    assert ground.roads.street_count == 13
    told = ask(a_version(ground), (0.0, 0.0))
    assert told.first is not None
    assert [s.street for s in told.first.way.stretches][:1] == [street_between(ground, 0, 1)]


def test_both_of_two_equal_streets_can_be_closed_alone() -> None:
    ground = a_grid(3, sites=[a_site(200, 0)], extra=[Extra(0, 1, ((50.0, 0.0),))])
    twin, one = ground.roads.street_count - 1, street_between(ground, 0, 1)
    used = []
    for closed in ([], [one], [twin], [one, twin]):
        told = ask(a_version(ground, closures=closed), (0.0, 10.0))
        assert told.first is not None
        used.append({s.street for s in told.first.way.stretches} & {one, twin})
    assert used[0] in ({one}, {twin})
    assert used[1:] == [{twin}, {one}, set()]


def test_a_door_on_a_loop_leaves_it_by_its_shorter_side() -> None:
    loop = Extra(0, 0, ((-40.0, 0.0), (-40.0, -40.0), (0.0, -40.0)))
    ground = a_grid(3, sites=[a_site(100, 0)], extra=[loop])
    for at, expected in (((0.0, -30.0), 130), ((-30.0, 0.0), 130), ((-40.0, -30.0), 170)):
        told = ask(a_version(ground), at)
        assert told.first is not None
        assert told.first.way.distance_m == pytest.approx(expected, abs=0.1)


@pytest.mark.parametrize("wet", [(-1, -20, 1, -10), (-20, -1, -10, 1)])
def test_a_site_on_a_loop_is_entered_by_its_open_side(wet: tuple[float, ...]) -> None:
    """Whichever side the water shuts, though the other is longer."""
    loop = Extra(0, 0, ((-40.0, 0.0), (-40.0, -40.0), (0.0, -40.0)))
    water = shapely.box(*wet)
    for spot in ((-40.0, -5.0), (-5.0, -40.0), (-40.0, -35.0)):
        ground = a_grid(3, sites=[a_site(*spot)], extra=[loop])
        told = ask(a_version(ground, observed=[water]), (100.0, 100.0))
        assert told.first is not None
        line = shapely.LineString(ground.metres.xy(told.first.line))
        assert not line.intersects(water)


def test_a_closed_street_of_the_door_leaves_it_the_next_street() -> None:
    ground = a_grid(3, sites=[a_site(200, 200)])
    closed = street_between(ground, 0, 1)
    told = ask(a_version(ground, closures=[closed]), (20.0, 3.0))
    assert told.first is not None
    assert told.first.way.snap.street == street_between(ground, 0, 3)


@pytest.mark.parametrize(("x", "taken"), [(20.0, True), (60.0, False)])
def test_a_farther_street_is_taken_where_it_saves_more_than_its_metres_cost(
    x: float, taken: bool
) -> None:
    """5 m from a lane that leads the wrong way, 15 m from the street: 10 m more cost 200 s."""
    lane = Extra(1, 1, ((100.0, 20.0), (x, 20.0), (x, 22.0), (102.0, 22.0)))
    ground = a_grid(3, sites=[a_site(0, 0)], extra=[lane])
    street, lane_street = street_between(ground, 0, 1), ground.roads.street_count - 1
    told = ask(a_version(ground), (x + 5, 15.0))
    assert told.first is not None
    assert told.first.way.snap.street == (street if taken else lane_street)


@pytest.mark.parametrize("closed", [False, True])
def test_a_site_is_entered_from_whichever_street_is_open(closed: bool) -> None:
    ground = a_grid(3, sites=[a_site(50, 10)])
    street = street_between(ground, 0, 1)
    version = a_version(ground, closures=[street] if closed else [])
    told = ask(version, (0.0, 150.0))
    if closed:
        assert told.first is None
        return
    assert told.first is not None
    assert told.first.way.stretches[-1].street == street


def test_a_site_between_two_streets_is_entered_from_both_sides() -> None:
    ground = a_grid(3, sites=[a_site(10.5, 10)])
    version = a_version(ground)
    ends = []
    for door in ((60.0, -10.0), (-10.0, 150.0)):
        told = ask(version, door)
        assert told.first is not None
        ends.append(told.first.way.stretches[-1].street)
    assert ends == [street_between(ground, 0, 1), street_between(ground, 0, 3)]


@pytest.mark.parametrize("winding", [True, False])
def test_a_road_that_bends_away_from_its_heading_is_to_be_followed(winding: bool) -> None:
    """To the north for 60 m, then east for 90 m: "north, 150 m" would lead into a field."""
    lane = Extra(6, 6, ((0.0, 260.0), (90.0, 260.0), (90.0, 280.0), (-20.0, 280.0)))
    ground = a_grid(3, sites=[a_site(85, 262) if winding else a_site(0, 195)], extra=[lane])
    told = ask(a_version(ground), (3.0, 205.0) if winding else (3.0, 105.0))
    assert told.first is not None
    assert [step.winding for step in told.first.steps if step.distance_m > 60] == [winding]


def test_a_streets_metres_by_heading_add_up_to_its_length() -> None:
    roads = a_grid(3, extra=[Extra(0, 8, ((30.0, 90.0), (150.0, 120.0)))]).roads
    assert roads.sectors.sum(axis=1) == pytest.approx(roads.length_m)


def test_arcs_are_twins_of_one_street() -> None:
    roads = a_grid(4, extra=[Extra(5, 5, ((120.0, 100.0), (120.0, 120.0)))]).roads
    assert (roads.reverse[roads.reverse] == np.arange(len(roads.head))).all()
    assert (roads.street[roads.reverse] == roads.street).all()
    assert (roads.head[roads.reverse] == roads.tail).all()
    assert (roads.forward != roads.forward[roads.reverse]).all()
    assert (np.diff(roads.tail) >= 0).all()


def test_a_network_without_streets_is_refused() -> None:
    from routing.errors import BrokenNetwork

    none = np.zeros(0, np.int32)
    with pytest.raises(BrokenNetwork):
        road_graph(
            junction_xy=np.zeros((1, 2)),
            start=none,
            end=none,
            shape_start=np.zeros(1, np.int32),
            shape_xy=np.zeros((0, 2)),
            shape_lonlat=np.zeros((0, 2)),
            elevation_m=np.zeros(1),
            flags=np.zeros(0, np.uint8),
            name=none,
            names=(),
        )
