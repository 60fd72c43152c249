"""The field on random small towns, against networkx (Hypothesis)."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hazards.kinds import HazardKind
from routing.field import ARRIVED, UNREACHED, EvacuationField, evacuation_field
from routing.version import PlanVersion
from routing.weights import FAR, Conditions
from tests.builders import (
    a_grid,
    a_site,
    a_version,
)
from tests.unit.routing.at_the_door import (
    lot,
    suitable_sites,
)
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.scenes import Scene, scenes


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
