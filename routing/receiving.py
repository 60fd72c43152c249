"""What is mapped and in force at the sites: looked up for all of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from hazards.kinds import AlertLevel, HazardKind
from hazards.order import EvacuationOrder
from hazards.zone import HAZARD_OF_LAYER, ZoneLayer
from routing.ground import Ground
from routing.picture import Picture
from routing.snapping import Barred

Hazards = frozenset[HazardKind]


@dataclass(frozen=True, slots=True, eq=False)
class AtSites:
    """Of each site (sites,), by its row: the hazards that are `ordered` there, and whether it
    `receives` anybody: it is not closed, no water is seen at it, and no level 5 is in force.
    """

    ordered: tuple[Hazards, ...]
    receives: tuple[bool, ...]


def at_sites(ground: Ground, picture: Picture, water: Barred) -> AtSites:
    """Look up what a picture, and the water seen in it, is to all sites."""
    openings = [picture.openings[site.id].receives for site in ground.sites]
    under = [order.covers_each(ground.site_xy) for order in picture.orders]
    worst = [
        here
        for order, here in zip(picture.orders, under, strict=True)
        if order.level >= AlertLevel.SECURE_NOW
    ]
    shut = np.logical_or.reduce([water.met_by(_points(ground)), *worst])
    receives = np.array(openings, dtype=bool) & ~shut
    return AtSites(_ordered(picture.orders, under, len(ground.sites)), tuple(receives.tolist()))


@lru_cache(maxsize=2)
def zoned_at_sites(ground: Ground) -> tuple[Hazards, ...]:
    """As `Ground.hazards_zoned_at`, of each site by its row: once a ground."""
    points = _points(ground)
    found: list[set[HazardKind]] = [set() for _ in ground.sites]
    for layer, zone in ground.zones.items():
        if layer is not ZoneLayer.DURATION:
            site, polygon = zone.tree.query(points)
            met = shapely.intersects(zone.polygons[polygon], points[site])
            for row in np.unique(site[met]).tolist():
                found[row].add(HAZARD_OF_LAYER[layer])
    return tuple(frozenset(hazards) for hazards in found)


def _ordered(
    orders: Sequence[EvacuationOrder], under: Sequence[NDArray[np.bool_]], sites: int
) -> tuple[Hazards, ...]:
    found: list[set[HazardKind]] = [set() for _ in range(sites)]
    for order, here in zip(orders, under, strict=True):
        for row in np.flatnonzero(here).tolist():
            found[row].add(order.hazard)
    return tuple(frozenset(hazards) for hazards in found)


def _points(ground: Ground) -> NDArray[np.object_]:
    return np.asarray(shapely.points(ground.site_xy), dtype=object)
