"""What a household's first metres cost: along its own street, to either end of it."""

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.homes import Homes
from routing.plan.book import Longs
from routing.roads import Floats, Ints
from routing.version import PlanVersion
from routing.weights import FAR, Weights, enters_special_zone


def legs(
    version: PlanVersion, weighed: Weights, homes: Homes, mine: NDArray[np.int64]
) -> tuple[Longs, Longs]:
    """(n,) what these homes' own streets cost them to the nearer and to the farther end, `NEVER`
    where that is shut.
    """
    street = homes.street[mine]
    near, far = homes.junction[mine], homes.other[mine]
    return (
        leg(version, weighed, street, near, homes.at_m[mine]),
        leg(version, weighed, street, far, homes.other_m[mine]),
    )


def leg(version: PlanVersion, weighed: Weights, street: Ints, end: Ints, metres: Floats) -> Longs:
    """(n,) what so many metres of its own street to that end cost a home, `NEVER` where they are
    shut.

    The share of what the whole street costs; a door's own answer cuts it exactly.
    """
    arcs = version.ground.roads.arcs[street]
    whole = weighed.cost[arcs].min(axis=1)
    share = metres / np.maximum(version.ground.roads.length_m[street], 0.1)
    cost = np.where(whole == FAR, NEVER, np.minimum(whole * share, NEVER)).astype(np.int64)
    shut = np.flatnonzero((whole == FAR) & version.blocks.barred.touched[street])
    cost[shut] = _free_part(version, weighed, street[shut], end[shut], metres[shut])
    return cost


def leg_times(version: PlanVersion, weighed: Weights, street: Ints, metres: Floats) -> Longs:
    """(n,) tenths of a second that so many metres of a street take, the quicker way round."""
    arcs = version.ground.roads.arcs[street]
    time: Longs = np.ceil(metres * weighed.pace[arcs].min(axis=1)).astype(np.int64)
    return time


def _free_part(
    version: PlanVersion, weighed: Weights, street: Ints, end: Ints, metres: Floats
) -> Longs:
    """(n,) the same on streets that are barred in part: a street shut at one end is left at the
    other.
    """
    roads, barred = version.ground.roads, version.blocks.barred
    forward = roads.end[street] == end
    low = np.where(forward, roads.length_m[street] - metres, 0)
    high = np.where(forward, roads.length_m[street], metres)
    first, count = barred.start[street], np.diff(barred.start)[street]
    home = np.repeat(np.arange(len(street)), count)
    piece = np.arange(len(home)) + np.repeat(first - np.cumsum(count) + count, count)
    met = (barred.from_m[piece] < high[home]) & (barred.to_m[piece] > low[home])
    crossed = np.zeros(len(street), bool)
    crossed[home[met]] = True
    arcs = roads.arcs[street]
    crossed |= weighed.street_closed[street] | enters_special_zone(version.ground)[arcs].any(axis=1)
    return np.where(crossed, NEVER, np.ceil(metres * weighed.pace[arcs].min(axis=1))).astype(
        np.int64
    )
