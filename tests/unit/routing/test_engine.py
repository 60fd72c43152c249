"""Costs from every junction to every place: both engines, against networkx."""

import numpy as np
from hypothesis import given

from routing.engine.costs import NEVER
from routing.engine.skeleton import skeleton
from routing.roads import Ints
from routing.version import PlanVersion
from routing.weights import Conditions
from tests.builders import a_grid, a_site, a_version
from tests.unit.routing.at_the_door import lot
from tests.unit.routing.engines import costs
from tests.unit.routing.oracle import Oracle
from tests.unit.routing.scenes import Scene, scenes


def by_networkx(version: PlanVersion, conditions: Conditions) -> Ints:
    """(N, sites)"""
    oracle, sites = Oracle(version, conditions), len(version.ground.sites)
    found = np.full((version.ground.roads.junction_count, sites), NEVER, np.int32)
    for site in range(sites):
        for junction, cost in oracle.costs([site]).items():
            found[junction, site] = cost
    return found


@lot
@given(scenes())
def test_every_cost_is_the_least_that_networkx_finds(scene: Scene) -> None:
    version = scene.version()
    wanted = by_networkx(version, scene.conditions)
    for found in costs(version, scene.conditions):
        assert (found == wanted).all()


def test_any_order_of_contraction_gives_the_same_arcs_to_relax() -> None:
    """Ranks upside down make more arcs, and every arc still leads to a higher rank."""
    roads = a_grid(6, sites=[a_site(250, 250)]).roads
    for order in (np.arange(36, dtype=np.int32), np.arange(36, dtype=np.int32)[::-1]):
        made = skeleton(roads, order)
        low = np.repeat(np.arange(36), np.diff(made.first))
        assert (made.above > low).all()
        assert (made.rank[order] == np.arange(36)).all()
        assert (made.parent[made.parent >= 0] > np.flatnonzero(made.parent >= 0)).all()


def test_a_city_without_sites_has_no_columns() -> None:
    version = a_version(a_grid(3, sites=[]))
    for found in costs(version, Conditions()):
        assert found.shape == (9, 0)
