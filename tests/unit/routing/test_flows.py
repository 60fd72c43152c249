"""Who walks each street of a plan, against walking every household's way by itself."""

import numpy as np
from hypothesis import given, settings

from routing.engine.plain import PlainEngine
from routing.homes import NO_STREET
from routing.plan.assigned import NOWHERE, Assigned
from routing.plan.flows import Flows, flows
from routing.plan.looked import Looked
from routing.plan.reach import Reach, reach
from routing.plan.told import hazards_at_homes
from routing.version import PlanVersion
from tests.builders import a_box, a_grid, a_site, a_version, an_order, street_between
from tests.unit.routing.test_assign import Town, towns
from tests.unit.routing.test_losing import at

few = settings(max_examples=25, deadline=None, derandomize=True)


def looked_up(town: Town, version: PlanVersion) -> Reach:
    sets, which = hazards_at_homes(version, Looked(town.living))
    engine = PlainEngine(version.ground.roads)
    return reach(version, engine, town.living, sets, which, night=True)


def one_by_one(version: PlanVersion, town: Town, found: Reach, plan: Assigned) -> Flows:
    """Every household by itself, step by step, over the costs to its own place."""
    roads, living = version.ground.roads, town.living
    walkers = np.zeros(roads.street_count, np.int64)
    entered = np.zeros(len(version.ground.sites), np.int64)
    time = np.full(len(living), -1, np.int64)
    for home in np.flatnonzero(plan.site != NOWHERE).tolist():
        realm = found.realms[int(found.realm[home])]
        access = version.access(realm.weighed.conditions)
        site, here = int(plan.site[home]), int(found.junction[home])
        costs = realm.costs[:, found.sites.tolist().index(site)].astype(np.int64)
        streets, street = set(), int(living.street[home])
        metres = None
        for end, away in ((living.junction, living.at_m), (living.other, living.other_m)):
            if metres is None and street != NO_STREET and end[home] == here:
                metres = float(away[home])
        time[home] = 0
        if metres is not None:
            streets.add(street)
            pace = realm.weighed.pace[roads.arcs[street]].min()
            time[home] = int(np.ceil(metres * pace))
        while True:
            rows = np.flatnonzero((access.junction == here) & (access.site == site))
            if len(rows) and access.cost[rows].min() == costs[here]:
                row = int(rows[access.cost[rows].argmin()])
                break
            out = range(int(roads.indptr[here]), int(roads.indptr[here + 1]))
            arc = next(
                a for a in out if int(realm.weighed.cost[a]) + costs[roads.head[a]] == costs[here]
            )
            streets.add(int(roads.street[arc]))
            time[home] += int(realm.weighed.time[arc])
            here = int(roads.head[arc])
        streets.add(int(access.gate_street[access.gate[row]]))
        time[home] += int(access.time[row])
        entered[site] += plan.demand[home]
        walkers[list(streets)] += plan.demand[home]
    return Flows(walkers, entered, time)


@few
@given(towns())
def test_the_flows_are_those_of_every_household_walking_by_itself(town: Town) -> None:
    version = town.scene.version()
    plan, found = town.assigned(version), looked_up(town, version)
    mine, theirs = flows(version, town.living, found, plan), one_by_one(version, town, found, plan)
    assert mine.walkers.tolist() == theirs.walkers.tolist()
    assert mine.time.tolist() == theirs.time.tolist()


@few
@given(towns())
def test_who_enters_a_place_adds_up_to_its_load(town: Town) -> None:
    version = town.scene.version()
    plan = town.assigned(version)
    found = flows(version, town.living, looked_up(town, version), plan)
    assert found.entered.tolist() == plan.load.tolist()


def test_no_street_that_touches_an_area_of_level_5_has_a_flow() -> None:
    """The home's own street reaches into the area, but its door is outside."""
    ground = a_grid(3, sites=[a_site(-4, 0, name="学校")])
    area = a_box(150, 190, 260, 260)
    version = a_version(ground, orders=[an_order(4), an_order(5, area=area, number=2)])
    from routing.plan.expected import unlimited
    from tests.unit.routing.test_assign import Town as ATown

    people = at(version, (120, 201), (20, 201))
    town = ATown(None, people, unlimited(1))  # type: ignore[arg-type]
    plan, found = town.assigned(version), looked_up(town, version)
    walked = flows(version, people, found, plan).walkers
    assert plan.site.tolist() == [0, 0]
    assert walked[street_between(ground, 7, 8)] == 0
    assert walked[street_between(ground, 0, 3)] > 0
