"""One version of the plan: a picture on the ground, and the fields that answer every door."""

import threading
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hazards.kinds import RAIN_HAZARDS, HazardKind
from hazards.order import orders_at
from routing.exposure import Exposure
from routing.field import EvacuationField, SiteAccess, evacuation_field
from routing.ground import Ground
from routing.leg import connector, walk
from routing.picture import Picture, roadblocks
from routing.roads import Ints, islands
from routing.snapping import Water, snaps, water_of
from routing.weights import Conditions, Roadblocks, Weights, weights
from shelters.place import EvacuationSite

Hazards = frozenset[HazardKind]


@dataclass(eq=False)
class PlanVersion:
    """Weights and fields are computed once each and kept; published ones come memory-mapped."""

    number: int
    ground: Ground
    picture: Picture
    blocks: Roadblocks
    water: Water
    weighed: dict[Conditions, Weights] = field(default_factory=dict)
    accesses: dict[Conditions, SiteAccess] = field(default_factory=dict)
    fields: dict[tuple[Conditions, bytes], EvacuationField] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _islands: dict[bool, Ints] = field(default_factory=dict)
    _suits: dict[Hazards, NDArray[np.bool_]] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, ground: Ground, picture: Picture) -> "PlanVersion":
        """The version of a picture, nothing computed yet but what it shuts."""
        water = water_of([observed.area for observed in picture.observed])
        return cls(number, ground, picture, roadblocks(ground, picture), water)

    def weights(self, conditions: Conditions) -> Weights:
        """The weights snapshot for one kind of traveller."""
        if conditions not in self.weighed:
            ground = self.ground
            self.weighed[conditions] = weights(
                ground.roads, ground.assumed, ground.exposed, self.blocks, ground.rules, conditions
            )
        return self.weighed[conditions]

    def suitable(self, hazards: Hazards) -> NDArray[np.bool_]:
        """(sites,) open and designated for every hazard in force at the door and at the site."""
        if hazards not in self._suits:
            mask = [
                self._receives(site, row, hazards) for row, site in enumerate(self.ground.sites)
            ]
            self._suits[hazards] = np.array(mask, dtype=bool)
        return self._suits[hazards]

    def access(self, conditions: Conditions) -> SiteAccess:
        """From which junctions each receiving site is entered."""
        if conditions not in self.accesses:
            self.accesses[conditions] = _access(self, self.weights(conditions))
        return self.accesses[conditions]

    def field(self, conditions: Conditions, hazards: Hazards) -> EvacuationField:
        """The field for one kind of traveller and the hazards at the door."""
        suitable = self.suitable(hazards)
        key = (conditions, suitable.tobytes())
        found = self.fields.get(key)
        if found is None:
            with self._lock:
                found = self.fields.get(key) or evacuation_field(
                    self.ground.roads, self.weights(conditions), self.access(conditions), suitable
                )
                self.fields[key] = found
        return found

    def islands(self, *, dry: bool) -> Ints:
        """(N,) islands of junctions: over all streets, or only those without observed water."""
        if dry not in self._islands:
            streets = ~self.blocks.observed.touched(Exposure.OBSERVED) if dry else None
            self._islands[dry] = islands(self.ground.roads, streets)
        return self._islands[dry]

    def hazards_at_site(self, row: int, hazards: Hazards) -> Hazards:
        """Hazards in force at a site, and what a storm may bring there (`safety.md` 1)."""
        x, y = self.ground.site_xy[row].tolist()
        here = frozenset(order.hazard for order in orders_at(self.picture.orders, x, y))
        if hazards & RAIN_HAZARDS:
            here |= self.ground.hazards_zoned_at(x, y) & RAIN_HAZARDS
        return here

    def _receives(self, site: EvacuationSite, row: int, hazards: Hazards) -> bool:
        x, y = self.ground.site_xy[row].tolist()
        return (
            self.picture.openings[site.id].receives
            and not self.water.covers(x, y)
            and site.suits(hazards | self.hazards_at_site(row, hazards))
        )


def _access(version: PlanVersion, weighed: Weights) -> SiteAccess:
    ground, blocks = version.ground, version.blocks
    count = len(ground.sites)
    street = np.full(count, -1, np.int32)
    at_m, offset_m = np.zeros(count), np.zeros(count)
    rows: list[tuple[int, int, int, int]] = []
    for site, (x, y) in enumerate(ground.site_xy.tolist()):
        for snap in snaps(ground, version.water, x, y):
            door = connector(ground, weighed, snap.offset_m)
            length = float(ground.roads.length_m[snap.street])
            ends = (
                (ground.roads.start[snap.street], 0.0),
                (ground.roads.end[snap.street], length),
            )
            legs = [
                (int(end), walk(ground, blocks, weighed, snap.street, from_m, snap.at_m))
                for end, from_m in ends
            ]
            entries = [(end, site, leg.cost + door, leg.time + door) for end, leg in legs if leg]
            if entries:
                rows.extend(entries)
                street[site], at_m[site], offset_m[site] = snap.street, snap.at_m, snap.offset_m
                break
    table = np.array(rows, dtype=np.int32).reshape(-1, 4)
    junction, to_site, cost, time = (np.ascontiguousarray(column) for column in table.T)
    return SiteAccess(junction, to_site, cost, time, street, at_m, offset_m)
