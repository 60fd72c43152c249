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
from routing.leg import Leg, walk, yard
from routing.picture import Picture, roadblocks
from routing.roads import Ints, islands
from routing.snapping import Snap, Water, snaps, water_of
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
    gates: list[tuple[int, Snap, Leg]] = []
    rows: list[tuple[int, int, float, int, int]] = []
    for site, (x, y) in enumerate(ground.site_xy.tolist()):
        for snap in snaps(ground, version.water, x, y):
            street, door = snap.street, yard(ground, weighed, snap)
            for junction, from_m in ground.roads.ends(street):
                leg = walk(ground, blocks, weighed, street, from_m, snap.at_m)
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
        junction=np.array([row[0] for row in rows], np.int32),
        gate=np.array([row[1] for row in rows], np.int32),
        from_m=np.array([row[2] for row in rows], np.float64),
        cost=np.array([row[3] for row in rows], np.int32),
        time=np.array([row[4] for row in rows], np.int32),
    )
