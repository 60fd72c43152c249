"""Which streets the sites stand at: looked up once for what is barred, and once for nothing."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Final

import numpy as np
import shapely

from routing.ground import Ground
from routing.snapping import Barred, Snap, barred, snaps

Snapped = tuple[tuple[Snap, ...], ...]
KEPT_BARS: Final = 4
"""Sets of barred areas of which it is remembered what they leave: with seen water and without."""


def site_snaps(ground: Ground, bars: Barred) -> Snapped:
    """The streets that each site stands at, for whomever it is open."""
    return _among(ground)(tuple(shapely.to_wkb(bars.polygons).tolist()))


@lru_cache(maxsize=2)
def free_snaps(ground: Ground) -> Snapped:
    """The streets that each site stands at where nothing is barred: once a ground."""
    nothing = barred([])
    return tuple(snaps(ground, nothing, x, y, entering=True) for x, y in ground.site_xy.tolist())


@lru_cache(maxsize=2)
def _among(ground: Ground) -> Callable[[tuple[bytes, ...]], Snapped]:
    return lru_cache(maxsize=KEPT_BARS)(partial(_snapped, ground))


def _snapped(ground: Ground, areas: tuple[bytes, ...]) -> Snapped:
    """The streets at sites among barred areas, in WKB."""
    if not areas:
        return free_snaps(ground)
    bars = barred(list(shapely.from_wkb(areas)))
    near = np.zeros(len(ground.sites), bool)
    points = np.asarray(shapely.points(ground.site_xy), dtype=object)
    reach = ground.rules.snap_limit_m
    near[bars.tree.query(points, predicate="dwithin", distance=reach)[0]] = True
    at = zip(ground.site_xy.tolist(), free_snaps(ground), near.tolist(), strict=True)
    return tuple(
        snaps(ground, bars, x, y, entering=True) if barred_near else free
        for (x, y), free, barred_near in at
    )
