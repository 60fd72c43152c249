"""One version of the plan: a picture on the ground, and the fields that answer every door."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from hazards.kinds import RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.order import EvacuationOrder, orders_at
from hazards.zone import ZoneLayer
from routing.field import EvacuationField, SiteAccess, evacuation_field
from routing.gates import site_access, site_snaps
from routing.ground import Ground
from routing.picture import Picture, roadblocks
from routing.roads import Floats
from routing.snapping import Barred, Snap, barred
from routing.weights import Conditions, Roadblocks, Weights, weights
from shelters.place import EvacuationSite, Opening

Hazards = frozenset[HazardKind]
FieldKey = tuple[Conditions, bytes]
KEPT_FIELDS: Final = 48
"""Fields that single doors asked for, kept beside the published ones (1 MB each in a city)."""


@dataclass(eq=False)
class PlanVersion:
    """Weights and fields are computed once each and kept; published ones come memory-mapped.

    `water` was seen; `bars` are all areas that no straight line between door and street enters;
    `street_m` (N) how much street each junction is joined to, where somebody asked.
    """

    number: int
    ground: Ground
    picture: Picture
    blocks: Roadblocks
    water: Barred
    bars: Barred
    weighed: dict[Conditions, Weights] = field(default_factory=dict)
    accesses: dict[Conditions, SiteAccess] = field(default_factory=dict)
    fields: dict[FieldKey, EvacuationField] = field(default_factory=dict)
    asked: OrderedDict[FieldKey, EvacuationField] = field(default_factory=OrderedDict)
    street_m: dict[Conditions, Floats] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _suits: dict[Hazards, NDArray[np.bool_]] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, ground: Ground, picture: Picture) -> "PlanVersion":
        """The version of a picture, nothing computed yet but what it shuts."""
        water = [observed.area for observed in picture.observed]
        blocks, bars = roadblocks(ground, picture), barred([*water, *picture.level_5])
        return cls(number, ground, picture, blocks, barred(water), bars)

    @cached_property
    def _site_snaps(self) -> list[tuple[Snap, ...]]:
        return site_snaps(self.ground, self.bars)

    @cached_property
    def water_alone(self) -> "PlanVersion":
        """The same plan where nothing but water shuts anything."""
        return PlanVersion.of(self.number, self.ground, self.picture.water_alone())

    @cached_property
    def without_water(self) -> "PlanVersion":
        """The same plan on the same night without water: whom it cuts off has a way there."""
        return PlanVersion.of(self.number, self.ground, self.picture.without_water())

    def conditions(
        self,
        profile: Profile,
        *,
        night: bool,
        hazards: Hazards,
        level: AlertLevel = AlertLevel.NONE,
    ) -> Conditions:
        """Who flees from rain walks in rain, ordered or not: underpasses close first. Who asks
        about a `level` of a flood is led as if it were in force.
        """
        closes_at = self.ground.rules.underpass_closes_at
        storm = bool(hazards & RAIN_HAZARDS) or self.picture.storm(closes_at)
        asked = level if HazardKind.FLOOD in hazards else AlertLevel.NONE
        least = min(AlertLevel.ALL_LEAVE, self.ground.rules.bridge_closes_at or AlertLevel(5))
        return Conditions(profile, night, storm, asked if asked >= least else AlertLevel.NONE)

    def weights(self, conditions: Conditions) -> Weights:
        """The weights snapshot for one kind of traveller."""
        if conditions not in self.weighed:
            self.weighed[conditions] = weights(self.ground, self.blocks, conditions)
        return self.weighed[conditions]

    def suitable(self, hazards: Hazards) -> NDArray[np.bool_]:
        """(sites,) open and designated for every hazard in force at the door and at the site."""
        if hazards not in self._suits:
            mask = [
                self._receives(site, row, hazards) for row, site in enumerate(self.ground.sites)
            ]
            self._suits[hazards] = np.array(mask, dtype=bool)
        return self._suits[hazards]

    def with_room(self, hazards: Hazards) -> NDArray[np.bool_]:
        """(sites,) suitable and not full: where somebody who has been told of none yet is sent;
        all that are suitable where every one is full (`safety.md` 12).
        """
        suitable, openings = self.suitable(hazards), self.picture.openings
        full = [openings[site.id].opening is Opening.FULL for site in self.ground.sites]
        roomy: NDArray[np.bool_] = suitable & ~np.array(full, dtype=bool)
        return roomy if roomy.any() else suitable

    def access(self, conditions: Conditions) -> SiteAccess:
        """From which junctions each receiving site is entered."""
        if conditions not in self.accesses:
            self.accesses[conditions] = site_access(
                self.ground, self.blocks, self._site_snaps, self.weights(conditions)
            )
        return self.accesses[conditions]

    def field(self, conditions: Conditions, hazards: Hazards) -> EvacuationField:
        """The field for one kind of traveller and the hazards at the door, to all that suit."""
        return self.field_to(conditions, self.suitable(hazards))

    def field_to(self, conditions: Conditions, sites: NDArray[np.bool_]) -> EvacuationField:
        """The field to these of the suitable sites (sites,)."""
        key = (conditions, sites.tobytes())
        found = self.fields.get(key) or self.asked.get(key)
        if found is None:
            with self._lock:
                found = self.asked.get(key) or self._computed(conditions, sites)
                self.asked[key] = found
                if len(self.asked) > KEPT_FIELDS:
                    self.asked.popitem(last=False)
        return found

    def prepare(self, conditions: Conditions, hazards: Hazards) -> None:
        """Compute the fields that are published with the version: to all that suit, and to those
        of them with room.
        """
        for sites in (self.suitable(hazards), self.with_room(hazards)):
            key = (conditions, sites.tobytes())
            if key not in self.fields:
                self.fields[key] = self._computed(conditions, sites)

    def _computed(self, conditions: Conditions, sites: NDArray[np.bool_]) -> EvacuationField:
        weighed, access = self.weights(conditions), self.access(conditions)
        return evacuation_field(self.ground.roads, weighed, access, sites)

    def hazards_at_site(self, row: int, hazards: Hazards) -> Hazards:
        """Hazards in force at a site, and what a storm may bring there (`safety.md` 1)."""
        x, y = self.ground.site_xy[row].tolist()
        here = frozenset(order.hazard for order in self._orders_at(row))
        if hazards & RAIN_HAZARDS:
            here |= self.ground.hazards_zoned_at(x, y) & RAIN_HAZARDS
            if not self.ground.zones[ZoneLayer.LANDSLIDE].complete:
                # Nobody knows whether it lies below a slope: its designation must say so.
                here |= {HazardKind.LANDSLIDE}
        return here

    def _orders_at(self, row: int) -> list[EvacuationOrder]:
        return orders_at(self.picture.orders, *self.ground.site_xy[row].tolist())

    def _receives(self, site: EvacuationSite, row: int, hazards: Hazards) -> bool:
        x, y = self.ground.site_xy[row].tolist()
        return (
            self.picture.openings[site.id].receives
            and not self.water.covers(x, y)
            and all(order.level < AlertLevel.SECURE_NOW for order in self._orders_at(row))
            and site.suits(hazards | self.hazards_at_site(row, hazards))
        )
