"""Where sites join the streets, and from which junctions each is entered."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from routing.exposure import CODES
from routing.field import SiteAccess
from routing.ground import Ground
from routing.leg import Leg, walk, yard
from routing.snapping import Barred, Snap, barred, snaps
from routing.weights import Roadblocks, Weights


def site_snaps(ground: Ground, bars: Barred) -> list[tuple[Snap, ...]]:
    """The streets that each site stands at, for whomever it is open."""
    near = np.zeros(len(ground.sites), bool)
    if len(bars.polygons):
        points = np.asarray(shapely.points(ground.site_xy), dtype=object)
        reach = ground.rules.snap_limit_m
        near[bars.tree.query(points, predicate="dwithin", distance=reach)[0]] = True
    at = zip(ground.site_xy.tolist(), _free_snaps(ground), near.tolist(), strict=True)
    return [
        snaps(ground, bars, x, y, entering=True) if barred_near else free
        for (x, y), free, barred_near in at
    ]


@lru_cache(maxsize=2)
def _free_snaps(ground: Ground) -> tuple[tuple[Snap, ...], ...]:
    """The streets that each site stands at where nothing is barred: once a ground."""
    nothing = barred([])
    return tuple(snaps(ground, nothing, x, y, entering=True) for x, y in ground.site_xy.tolist())


def site_access(
    ground: Ground, blocks: Roadblocks, joined: Sequence[Sequence[Snap]], weighed: Weights
) -> SiteAccess:
    """From which junctions each site is entered, by the streets it is joined to, at what cost."""
    gates: list[tuple[int, Snap, Leg]] = []
    rows: list[tuple[int, int, float, int, int]] = []
    for site, streets in enumerate(joined):
        for snap in streets:
            street, door = snap.street, yard(ground, weighed, snap)
            for junction, from_m in ground.roads.ends(street):
                red = bool(ground.in_red[junction])
                leg = walk(ground, blocks, weighed, street, from_m, snap.at_m, from_red=red)
                if leg:
                    costs = leg.cost + door.cost, leg.time + door.time
                    rows.append((junction, len(gates), from_m, *costs))
            gates.append((site, snap, door))
    return SiteAccess(
        gate_site=np.array([site for site, _, _ in gates], np.int32),
        gate_street=np.array([snap.street for _, snap, _ in gates], np.int32),
        gate_at_m=np.array([snap.at_m for _, snap, _ in gates], np.float64),
        gate_offset_m=np.array([snap.offset_m for _, snap, _ in gates], np.float64),
        gate_cost=np.array([door.cost for _, _, door in gates], np.int32),
        gate_time=np.array([door.time for _, _, door in gates], np.int32),
        gate_crossed=_crossed([snap for _, snap, _ in gates]),
        junction=np.array([row[0] for row in rows], np.int32),
        gate=np.array([row[1] for row in rows], np.int32),
        from_m=np.array([row[2] for row in rows], np.float64),
        cost=np.array([row[3] for row in rows], np.int32),
        time=np.array([row[4] for row in rows], np.int32),
    )


def _crossed(gates: list[Snap]) -> NDArray[np.float64]:
    """(G, CODES) metres in assumed zones between each gate's street and its site."""
    metres = np.zeros((len(gates), CODES))
    for row, snap in enumerate(gates):
        for code, length in snap.crossed:
            metres[row, code] = length
    return metres
