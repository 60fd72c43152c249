"""A number for every household's way: another number, another way."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from routing.engine.costs import NEVER, entries, own
from routing.plan.assigned import NOWHERE
from routing.plan.reach import Reach
from routing.roads import Ints
from routing.version import PlanVersion


def way_numbers(version: PlanVersion, reach: Reach, site: Ints) -> NDArray[np.uint64]:
    """(H,) of each home's way from its junction to its `site` (H,), a column of the reach; 0 for
    none.

    The way goes as the field's pointers do: from each junction the lowest arc of those that are on
    a least-cost way. It is read off the costs, no search is made for it.
    """
    from routing.plan import loops

    numbers = np.zeros(len(site), np.uint64)
    roads = version.ground.roads
    for realm_number, realm in enumerate(reach.realms):
        mine = np.flatnonzero((reach.realm == realm_number) & (site != NOWHERE))
        if not len(mine):
            continue
        mine = mine[np.argsort(site[mine], kind="stable")]
        access = version.access(realm.weighed.conditions)
        doors = _doors(entries(access, reach.sites))
        graph = [own(array) for array in (roads.indptr, roads.head, realm.weighed.cost)]
        given = [*graph, realm.costs, reach.sites, *doors, reach.junction[mine], site[mine]]
        numbers[mine] = loops.way_numbers(*given)
    return numbers


def _doors(doors: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints, Ints]:
    """Junctions and costs of all places' doors behind one another, and (C+1,) their cuts."""
    cuts = np.cumsum([0, *(len(junctions) for junctions, _ in doors)]).astype(np.int32)
    empty = np.zeros(0, np.int32)
    junction = np.concatenate([empty, *(junctions for junctions, _ in doors)])
    cost = np.concatenate([empty, *(costs for _, costs in doors)])
    return cuts, junction, np.minimum(cost, NEVER).astype(np.int32)
