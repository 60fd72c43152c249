"""Homes whose own street is closed at their door: they leave by another one that they stand at."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER
from routing.homes import NO_STREET, Homes
from routing.leg import walk, yard
from routing.roads import Ints
from routing.snapping import snaps
from routing.version import PlanVersion
from routing.weights import Weights

MOST_LOOKED_AT: Final = 2000
"""Homes that are looked at one by one; closures of whole quarters leave the others to a person."""


def at_closures(version: PlanVersion, homes: Homes) -> NDArray[np.int64]:
    """The homes at streets that a closure shuts, whole or in part."""
    shut = {street for one in version.picture.closures for street in one.all_streets}
    if not shut:
        return np.zeros(0, np.int64)
    closed = np.zeros(version.ground.roads.street_count, bool)
    closed[list(shut)] = True
    mine = (homes.street != NO_STREET) & closed[homes.street]
    return np.flatnonzero(mine)[:MOST_LOOKED_AT]


def other_junction(version: PlanVersion, weighed: Weights, best: Ints, x: float, y: float) -> int:
    """The junction by which a door at (x, y) metres gets anywhere by one of its streets, -1 where
    there is none; `best` (N,) is what the nearest place costs from each junction.
    """
    ground = version.ground
    found = int(NEVER), -1
    for snap in snaps(ground, version.bars, x, y):
        door = yard(ground, weighed, snap)
        for junction, metre in ground.roads.ends(snap.street):
            leg = walk(
                *(ground, version.blocks, weighed, snap.street, snap.at_m, metre),
                from_red=snap.from_red,
            )
            if leg is not None and best[junction] < NEVER:
                found = min(found, (int(best[junction]) + door.cost + leg.cost, int(junction)))
    return found[1]
