"""The ways of doors on random small towns, against networkx (Hypothesis)."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from hazards.zone import RED, ZoneLayer
from routing.leg import walk, yard
from routing.roads import StreetFlag
from routing.snapping import snaps
from routing.version import PlanVersion
from routing.way import Way
from routing.weights import Conditions
from tests.builders import (
    ask,
)
from tests.unit.routing.at_the_door import (
    cost_at_the_door,
    lot,
    suitable_sites,
    told_at_the_door,
)
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.scenes import Scene, scenes


@lot
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


@lot
@given(scenes(), st.data())
def test_closing_a_street_never_improves_the_cost_of_any_door(
    scene: Scene, data: st.DataObject
) -> None:
    street = data.draw(st.integers(0, scene.ground.roads.street_count - 1))
    before, after = scene.version(), scene.version(more_closures=(street,))
    fields = [v.field(scene.conditions, scene.hazards).first.cost for v in (before, after)]
    assert (fields[1] >= fields[0]).all()
    assert cost_at_the_door(after, scene) >= cost_at_the_door(before, scene)


@lot
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


@lot
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


@lot
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
