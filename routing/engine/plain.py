"""Costs by scipy's Dijkstra, one search for each site."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from routing.engine.costs import NEVER, entries
from routing.field import SiteAccess
from routing.roads import Ints, RoadGraph
from routing.weights import FAR, Weights


@dataclass(frozen=True, slots=True, eq=False)
class PlainEngine:
    """Slow and simple."""

    roads: RoadGraph

    def costs(self, weighed: Weights, access: SiteAccess, sites: Ints, junctions: Ints) -> Ints:
        """See `costs.Engine`."""
        count = self.roads.junction_count
        doors = entries(access, sites)
        graph = _turned_round(self.roads, weighed.cost, doors)
        found = dijkstra(graph, indices=np.arange(count, count + len(sites)))
        # A site's door is one step of one more than its cost, for scipy takes 0 for no way at all.
        reached = np.minimum(found[:, junctions].T - 1, NEVER)
        return np.asarray(reached, dtype=np.int32).reshape(len(junctions), len(sites))


def _turned_round(roads: RoadGraph, cost: Ints, doors: list[tuple[Ints, Ints]]) -> csr_array:
    """Arcs turned round, and behind them one more node for each site; of equals the cheapest."""
    count, size = roads.junction_count, roads.junction_count + len(doors)
    is_open = cost != FAR
    tails = [roads.head[is_open], *(np.full(len(to), count + n) for n, (to, _) in enumerate(doors))]
    heads = [roads.tail[is_open], *(to for to, _ in doors)]
    steps = [cost[is_open], *(door + 1 for _, door in doors)]
    tail, head, step = (np.concatenate(part).astype(np.int64) for part in (tails, heads, steps))
    order = np.lexsort((step, head, tail))
    tail, head, step = tail[order], head[order], step[order]
    first = np.ones(len(tail), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    kept = coo_array((step[first], (tail[first], head[first])), shape=(size, size))
    return kept.tocsr()
