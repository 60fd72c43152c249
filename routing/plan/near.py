"""The plan's place for a door of which only the position is known: that of the home nearest by."""

from functools import lru_cache
from typing import Final

from scipy.spatial import cKDTree

from routing.homes import Homes
from routing.version import PlanVersion

SAME_HOME_M: Final = 30.0
"""A tapped map and a phone's own position are off by about as much as a house is wide: policy."""


def planned_near(version: PlanVersion, x: float, y: float) -> str | None:
    """The id of the site that the home nearest to a point (metres) is told; None where no home
    stands near it, or it is told none.
    """
    if version.plan is None or not len(version.plan.homes):
        return None
    away, home = tree_of(version.plan.homes).query((x, y), distance_upper_bound=SAME_HOME_M)
    return version.planned_site(int(home)) if away <= SAME_HOME_M else None


@lru_cache(maxsize=2)
def tree_of(homes: Homes) -> cKDTree:
    """The tree of a city's homes: once a load, some tenths of a second for a large one."""
    return cKDTree(homes.xy)
