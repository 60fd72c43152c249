"""The exact peers of the plan: the least cost with homes divisible, on the same numbers."""

from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.planspeers import Problem


def or_tools(given: Problem) -> int:
    """By OR-Tools' min-cost flow."""
    flows: Any = import_module("ortools.graph.python.min_cost_flow")
    origins, places = given.cost.shape
    flow, end = flows.SimpleMinCostFlow(), origins + places
    origin, place = np.nonzero(given.cost <= given.cost[:, -1:])
    flow.add_arcs_with_capacity_and_unit_cost(
        origin.astype(np.int32),
        (origins + place).astype(np.int32),
        given.total[origin],
        given.cost[origin, place].astype(np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(origins, end, dtype=np.int32),
        np.full(places, end, np.int32),
        given.room,
        np.zeros(places, np.int64),
    )
    flow.set_nodes_supplies(np.arange(origins, dtype=np.int32), given.total)
    flow.set_node_supply(end, -int(given.total.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise AssertionError(f"OR-Tools: {status}")
    return int(flow.optimal_cost())


def scipys(given: Problem) -> int:
    """By scipy's linear programming (HiGHS)."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron

    origins, places = given.cost.shape
    of_place = kron(np.ones((1, origins)), eye_array(places), format="csr")
    of_origin = kron(eye_array(origins), np.ones((1, places)), format="csr")
    numbers: Any = given.cost.ravel(), of_place, given.room, of_origin, given.total
    found: Any = linprog(*numbers)
    least: float = found.fun
    return round(least)


def networkxs(given: Problem) -> int:
    """By networkx' network simplex."""
    import networkx as nx

    graph: Any = nx.DiGraph()
    graph.add_node("end", demand=int(given.total.sum()))
    for origin, total in enumerate(given.total.tolist()):
        graph.add_node(origin, demand=-total)
    for place, room in enumerate(given.room.tolist()):
        graph.add_edge(("place", place), "end", capacity=room, weight=0)
    pairs = np.argwhere(given.cost <= given.cost[:, -1:])
    for origin, place in pairs.tolist():
        graph.add_edge(origin, ("place", place), weight=int(given.cost[origin, place]))
    return int(nx.network_simplex(graph)[0])


def in_cells(given: Problem, xy: NDArray[np.float64], cells: int) -> Problem:
    """A smaller city: of the origins (`xy` in metres) in each of cells × cells only one is left,
    with the demand of all.
    """
    low, high = xy.min(axis=0), xy.max(axis=0)
    column, row = np.minimum((xy - low) / (high - low) * cells, cells - 1).astype(np.int64).T
    _, first, which = np.unique(row * cells + column, return_index=True, return_inverse=True)
    total = np.bincount(which, given.total).astype(np.int64)
    return Problem(given.cost[first], total, given.room)
