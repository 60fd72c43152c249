"""An independent way of finding the best way: networkx over a version's arc weights.

Sites are entered as the version's `access` says; a door stands on part of a street (`walk`).
"""

from collections.abc import Iterable, Iterator
from typing import Final

import networkx as nx
import numpy as np

from routing.leg import walk, yard
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

    def door_cost(
        self, joined: Iterable[Snap], sites: Iterable[int], costs: dict[int, int]
    ) -> int | None:
        """From a door at these streets to the nearest of these sites, whose `costs` are given."""
        found = [
            part + self._yard(snap) for snap in joined for part in self._parts(snap, sites, costs)
        ]
        return min(found, default=None)

    def _parts(self, snap: Snap, sites: Iterable[int], costs: dict[int, int]) -> Iterator[int]:
        """Over either end of the street, or straight to a site with a gate on it."""
        roads, street, access = self.version.ground.roads, snap.street, self.access
        length = float(roads.length_m[street])
        ends = ((int(roads.start[street]), 0.0), (int(roads.end[street]), length))
        for junction, metre in ends:
            part = self._along(snap, metre)
            if junction in costs and part is not None:
                yield part + costs[junction]
        wanted = set(sites)
        for gate in np.flatnonzero(access.gate_street == street).tolist():
            part = self._along(snap, float(access.gate_at_m[gate]))
            if int(access.gate_site[gate]) in wanted and part is not None:
                yield part + int(access.gate_cost[gate])

    def _along(self, snap: Snap, to_m: float) -> int | None:
        version, red = self.version, snap.from_red
        leg = walk(
            version.ground,
            version.blocks,
            self.weighed,
            snap.street,
            snap.at_m,
            to_m,
            from_red=red,
        )
        return None if leg is None else leg.cost

    def _yard(self, snap: Snap) -> int:
        return yard(self.version.ground, self.weighed, snap).cost


def _turned_round(version: PlanVersion, weighed: Weights) -> "nx.DiGraph[int]":
    """Every open arc from head to tail; of parallel streets the cheapest."""
    roads = version.ground.roads
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(roads.junction_count))
    open_arcs = np.flatnonzero(weighed.cost != FAR)
    dearest_first = open_arcs[np.argsort(-weighed.cost[open_arcs].astype(np.int64), kind="stable")]
    columns = (roads.head, roads.tail, weighed.cost)
    arcs = zip(*(column[dearest_first].tolist() for column in columns), strict=True)
    graph.add_weighted_edges_from(arcs, weight="cost")
    return graph
