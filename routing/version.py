"""One version of the plan: a picture on the ground, and the fields that answer every door."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from hazards.kinds import RAIN_HAZARDS, AlertLevel, HazardKind
from hazards.zone import ZoneLayer
from routing.field import EvacuationField, SiteAccess, evacuation_field
from routing.gates import site_access
from routing.ground import Ground
from routing.picture import Picture, roadblocks
from routing.plan.assigned import NOWHERE, CityPlan
from routing.receiving import AtSites, Hazards, at_sites, zoned_at_sites
from routing.roads import Floats, Ints
from routing.sitesnaps import Snapped, site_snaps
from routing.snapping import Barred, barred
from routing.weights import TENTHS, Conditions, Roadblocks, Weights, weights
from shelters.place import Opening

__all__ = ["Hazards", "PlanVersion"]

FieldKey = tuple[Conditions, bytes]
KEPT_FIELDS: Final = 48
"""Fields that single doors asked for, kept beside the published ones (1 MB each in a city)."""
WORKERS: Final = 2


@dataclass(eq=False)
class PlanVersion:
    """Weights and fields are computed once each and kept; published ones come memory-mapped.

    `water` was seen; `bars` are all areas that no straight line between door and street enters;
    `street_m` (N) how much street each junction is joined to, where somebody asked. `plan` says
    where each household goes; it is put in before any field is computed.
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
    plan: CityPlan | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _suits: dict[Hazards, NDArray[np.bool_]] = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, ground: Ground, picture: Picture) -> "PlanVersion":
        """The version of a picture, nothing computed yet but what it shuts."""
        water = [observed.area for observed in picture.observed]
        blocks, bars = roadblocks(ground, picture), barred([*water, *picture.level_5])
        return cls(number, ground, picture, blocks, barred(water), bars)

    @cached_property
    def begin_at(self) -> Ints:
        """(sites,) what the field begins with at each, in tenths of a second: the plan's price, at
        most `full_detour_s`, which is what a site counts of which somebody said that it is full.

        Whoever has a place in the plan is led to it, however far; nobody else is sent farther for
        want of room than for a place that is full (`safety.md` 12).
        """
        count = len(self.ground.sites)
        most = round(self.ground.rules.full_detour_s * TENTHS)
        price = self.plan.assigned.price if self.plan else np.zeros(count, np.int64)
        full = np.array([self.is_full(row) for row in range(count)], dtype=bool)
        return np.where(full, most, np.minimum(price, most)).astype(np.int32)

    @cached_property
    def _site_snaps(self) -> Snapped:
        return site_snaps(self.ground, self.bars)

    def is_full(self, row: int) -> bool:
        """Whether somebody said that a site (its row) is full."""
        return self.picture.openings[self.ground.sites[row].id].opening is Opening.FULL

    def planned_site(self, household: int) -> str | None:
        """The id of the site that a household (its number) is told, None where it is told none."""
        row = int(self.plan.assigned.site[household]) if self.plan else NOWHERE
        return None if row == NOWHERE else self.ground.sites[row].id

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
                receives and site.suits(hazards | self.hazards_at_site(row, hazards))
                for row, (site, receives) in enumerate(
                    zip(self.ground.sites, self._at_sites.receives, strict=True)
                )
            ]
            self._suits[hazards] = np.array(mask, dtype=bool)
        return self._suits[hazards]

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

    def prepare(self, wanted: Iterable[tuple[Conditions, Hazards]]) -> None:
        """Compute the fields that are published with the version, `WORKERS` at a time."""
        masks = [(conditions, self.suitable(hazards)) for conditions, hazards in wanted]
        missing = {
            (conditions, sites.tobytes()): (conditions, sites) for conditions, sites in masks
        }
        missing = {key: asked for key, asked in missing.items() if key not in self.fields}
        for conditions, _ in missing:
            self.access(conditions)
        with ThreadPoolExecutor(WORKERS) as pool:
            found = pool.map(lambda asked: self._computed(*asked), missing.values())
            self.fields.update(zip(missing, found, strict=True))

    def _computed(self, conditions: Conditions, sites: NDArray[np.bool_]) -> EvacuationField:
        weighed, access = self.weights(conditions), self.access(conditions)
        return evacuation_field(self.ground.roads, weighed, access, sites, self.begin_at)

    def hazards_at_site(self, row: int, hazards: Hazards) -> Hazards:
        """Hazards in force at a site, and what a storm may bring there (`safety.md` 1)."""
        here = self._at_sites.ordered[row]
        if hazards & RAIN_HAZARDS:
            here |= zoned_at_sites(self.ground)[row] & RAIN_HAZARDS
            if not self.ground.zones[ZoneLayer.LANDSLIDE].complete:
                # Nobody knows whether it lies below a slope: its designation must say so.
                here |= {HazardKind.LANDSLIDE}
        return here

    @cached_property
    def _at_sites(self) -> AtSites:
        return at_sites(self.ground, self.picture, self.water)
