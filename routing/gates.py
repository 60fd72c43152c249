"""From which junctions each site is entered, through the gates on the streets that it stands at."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routing.exposure import CODES, Pieces
from routing.field import SiteAccess
from routing.ground import Ground
from routing.leg import Leg, walk, yard
from routing.roads import Floats
from routing.sitesnaps import free_snaps
from routing.snapping import Snap
from routing.weights import Conditions, Roadblocks, Weights, weights

_OF_GATES: Final = tuple(f.name for f in fields(SiteAccess) if f.name.startswith("gate_"))
_OF_ROWS: Final = ("junction", "gate", "from_m", "cost", "time")
KEPT_CONDITIONS: Final = 16
"""Kinds of traveller, by day and by night, whose gates are remembered of a ground."""


@dataclass(frozen=True, slots=True, eq=False)
class _Free:
    """Where nothing is in force: how sites are entered, and which streets (S) are `closed` for a
    kind of traveller or cost a `penalty`.
    """

    access: SiteAccess
    closed: NDArray[np.bool_]
    penalty: Floats


def site_access(
    ground: Ground, blocks: Roadblocks, joined: Sequence[Sequence[Snap]], weighed: Weights
) -> SiteAccess:
    """From which junctions each site is entered, by the streets it is joined to, at what cost.

    Only those sites are looked at of which a street is shut, barred in part or penalised now.
    """
    free = _free(ground)(weighed.conditions)
    other = blocks.barred.touched | (weighed.street_closed != free.closed)
    other |= weighed.street_penalty != free.penalty
    again = np.array(
        [mine != once for mine, once in zip(joined, free_snaps(ground), strict=True)], dtype=bool
    )
    again[free.access.gate_site[other[free.access.gate_street]]] = True
    if not again.any():
        return free.access
    sites = ((site, joined[site]) for site in np.flatnonzero(again).tolist())
    return _merged(_without(free.access, again), _entered(ground, blocks, sites, weighed))


@lru_cache(maxsize=2)
def _free(ground: Ground) -> Callable[[Conditions], _Free]:
    """Of the ground and the one before it, for each of the last kinds of traveller."""
    return lru_cache(maxsize=KEPT_CONDITIONS)(partial(_freely, ground))


def _freely(ground: Ground, conditions: Conditions) -> _Free:
    blocks = _nothing_shut(ground.roads.street_count)
    weighed = weights(ground, blocks, conditions)
    access = _entered(ground, blocks, enumerate(free_snaps(ground)), weighed)
    return _Free(access, weighed.street_closed, weighed.street_penalty)


def _nothing_shut(streets: int) -> Roadblocks:
    none = np.zeros(0)
    stretches = Pieces(np.zeros(streets + 1, np.int32), none, none, none.astype(np.uint8))
    return Roadblocks(np.zeros(streets, bool), stretches, *np.zeros((2, streets), bool))


def _entered(
    ground: Ground,
    blocks: Roadblocks,
    joined: Iterable[tuple[int, Sequence[Snap]]],
    weighed: Weights,
) -> SiteAccess:
    """The gates of some sites, each with the streets that it is joined to, and their rows."""
    gates: list[tuple[int, Snap, Leg]] = []
    rows: list[tuple[int, int, float, int, int]] = []
    for site, streets in joined:
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


def _without(access: SiteAccess, sites: NDArray[np.bool_]) -> SiteAccess:
    """The gates and rows of all but these sites (sites,)."""
    gates = ~sites[access.gate_site]
    rows = gates[access.gate]
    number = np.cumsum(gates, dtype=np.int32) - 1
    kept = {name: getattr(access, name)[gates] for name in _OF_GATES}
    kept |= {name: getattr(access, name)[rows] for name in _OF_ROWS}
    return SiteAccess(**kept | {"gate": number[kept["gate"]]})


def _merged(one: SiteAccess, other: SiteAccess) -> SiteAccess:
    """Both, with their gates by site again; no site is in both."""
    both = {
        name: np.concatenate([getattr(one, name), getattr(other, name)])
        for name in (*_OF_GATES, *_OF_ROWS)
    }
    gates = np.argsort(both["gate_site"], kind="stable")
    place = np.empty(len(gates), np.int32)
    place[gates] = np.arange(len(gates), dtype=np.int32)
    gate = place[np.concatenate([one.gate, other.gate + len(one.gate_site)])]
    rows = np.argsort(gate, kind="stable")
    sorted_ = {name: both[name][gates] for name in _OF_GATES}
    sorted_ |= {name: both[name][rows] for name in _OF_ROWS}
    return SiteAccess(**sorted_ | {"gate": gate[rows]})


def _crossed(gates: list[Snap]) -> NDArray[np.float64]:
    """(G, CODES) metres in assumed zones between each gate's street and its site."""
    metres = np.zeros((len(gates), CODES))
    for row, snap in enumerate(gates):
        for code, length in snap.crossed:
            metres[row, code] = length
    return metres
