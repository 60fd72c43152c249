"""An independent way of finding the best way: networkx over a version's arc weights.

Sites are entered as the version's `access` says; a door stands on part of a street (`walk`).
"""

from collections.abc import Iterable
from typing import Final

import networkx as nx

from routing.leg import connector, walk
from routing.snapping import Snap
from routing.version import PlanVersion
from routing.weights import FAR, Conditions, Weights

SOURCE: Final = -1


class Oracle:
    """Least costs in one version for one kind of traveller."""

    def __init__(self, version: PlanVersion, conditions: Conditions) -> None:
        self.version = version
        self.weighed: Weights = version.weights(conditions)
        self.access = version.access(conditions)
        self.graph = _turned_round(version, self.weighed)

    def costs(self, sites: Iterable[int]) -> dict[int, int]:
        """From every junction that reaches one to the door of the nearest of these sites.

        One search over the graph turned round, from a source behind all of them.
        """
        wanted, access = set(sites), self.access
        columns = (access.junction, access.site, access.cost)
        self.graph.add_node(SOURCE)
        for junction, site, cost in zip(*(c.tolist() for c in columns), strict=True):
            known = self.graph.get_edge_data(SOURCE, junction, {"cost": FAR})["cost"]
            if site in wanted and cost < known:
                self.graph.add_edge(SOURCE, junction, cost=cost)
        found: dict[int, int] = nx.single_source_dijkstra_path_length(
            self.graph, SOURCE, weight="cost"
        )
        self.graph.remove_node(SOURCE)
        return {junction: cost for junction, cost in found.items() if junction != SOURCE}

    def door_cost(self, snap: Snap, sites: Iterable[int], costs: dict[int, int]) -> int | None:
        """From a door on a street to the nearest of these sites, whose `costs` are given:
        over either end of the street, or straight to a site on it.
        """
        roads, street, access = self.version.ground.roads, snap.street, self.access
        length = float(roads.length_m[street])
        ends = ((int(roads.start[street]), 0.0), (int(roads.end[street]), length))
        found = [
            part + costs[junction]
            for junction, metre in ends
            if junction in costs and (part := self._along(snap, metre)) is not None
        ]
        found += [
            part + self._yard(float(access.offset_m[site]))
            for site in sites
            if int(access.street[site]) == street
            and (part := self._along(snap, float(access.at_m[site]))) is not None
        ]
        return min(found) + self._yard(snap.offset_m) if found else None

    def _along(self, snap: Snap, to_m: float) -> int | None:
        version = self.version
        leg = walk(version.ground, version.blocks, self.weighed, snap.street, snap.at_m, to_m)
        return None if leg is None else leg.cost

    def _yard(self, offset_m: float) -> int:
        return connector(self.version.ground, self.weighed, offset_m)


def _turned_round(version: PlanVersion, weighed: Weights) -> "nx.DiGraph[int]":
    """Every open arc from head to tail; of parallel streets the cheapest."""
    roads = version.ground.roads
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(roads.junction_count))
    arcs = zip(roads.tail.tolist(), roads.head.tolist(), weighed.cost.tolist(), strict=True)
    for tail, head, cost in arcs:
        if cost != FAR and cost < graph.get_edge_data(head, tail, {"cost": FAR})["cost"]:
            graph.add_edge(head, tail, cost=cost)
    return graph
