"""Both engines on one version, for tests on small and on real graphs."""

import numpy as np

from routing.engine.hierarchy import HierarchyEngine
from routing.engine.order import contraction_order
from routing.engine.plain import PlainEngine
from routing.engine.skeleton import skeleton
from routing.roads import Ints, RoadGraph
from routing.version import PlanVersion
from routing.weights import Conditions


def hierarchy(roads: RoadGraph) -> HierarchyEngine:
    """The hierarchy of a graph."""
    return HierarchyEngine(skeleton(roads, contraction_order(roads)))


def costs(version: PlanVersion, conditions: Conditions) -> tuple[Ints, Ints]:
    """(N, sites) from every junction to every site, by the hierarchy and by the plain engine."""
    roads = version.ground.roads
    sites = np.arange(len(version.ground.sites), dtype=np.int32)
    junctions = np.arange(roads.junction_count, dtype=np.int32)
    given = (version.weights(conditions), version.access(conditions), sites, junctions)
    return hierarchy(roads).costs(*given), PlainEngine(roads).costs(*given)
