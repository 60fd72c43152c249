"""A way from a door to a site's door: a walk along the field's pointers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.field import ARRIVED, EvacuationField, SiteAccess
from routing.leg import Leg, connector, walk
from routing.snapping import Snap
from routing.version import Hazards, PlanVersion
from routing.weights import FAR, TENTHS, Conditions, Weights


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a street, walked from one of its metres to another."""

    street: int
    from_m: float
    to_m: float

    @property
    def length_m(self) -> float:
        """Metres walked."""
        return abs(self.to_m - self.from_m)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """`cost` and `time` in tenths of a second; `site` an index into the ground's sites."""

    site: int
    cost: int
    time: int
    snap: Snap
    site_offset_m: float
    stretches: tuple[Stretch, ...]

    @property
    def distance_m(self) -> float:
        """Metres from door to door."""
        walked = sum(stretch.length_m for stretch in self.stretches)
        return walked + self.snap.offset_m + self.site_offset_m

    @property
    def duration_s(self) -> int:
        """Seconds on foot, without the start delay."""
        return round(self.time / TENTHS)


@dataclass(frozen=True, slots=True)
class _Option:
    """One way out of the door: straight to a site on its street, or over one of its ends."""

    cost: int
    site: int
    time: int
    end: int
    second: bool


def find_ways(
    version: PlanVersion, conditions: Conditions, hazards: Hazards, snap: Snap
) -> tuple[Way | None, Way | None]:
    """The least-cost way from a snapped door, and the best one to another site."""
    search = _Search(
        version=version,
        weighed=version.weights(conditions),
        access=version.access(conditions),
        labels=version.field(conditions, hazards),
        suitable=version.suitable(hazards),
        snap=snap,
    )
    options = sorted(
        [*search.straight(), *search.over_ends()],
        key=lambda option: (option.cost, option.site, option.end, option.second),
    )
    if not options:
        return None, None
    best = options[0]
    other = next((option for option in options if option.site != best.site), None)
    return search.way(best), search.way(other) if other else None


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """One door's search: the version's arrays for its conditions, and where it joins them."""

    version: PlanVersion
    weighed: Weights
    access: SiteAccess
    labels: EvacuationField
    suitable: NDArray[np.bool_]
    snap: Snap

    def leg(self, street: int, from_m: float, to_m: float) -> Leg | None:
        """Part of a street under this search's conditions."""
        version = self.version
        return walk(version.ground, version.blocks, self.weighed, street, from_m, to_m)

    def connector(self, offset_m: float) -> int:
        """Tenths of a second between a street and a door."""
        return connector(self.version.ground, self.weighed, offset_m)

    def straight(self) -> list[_Option]:
        """Sites on the door's own street."""
        options = []
        for site in np.flatnonzero(self.suitable & (self.access.street == self.snap.street)):
            leg = self.leg(self.snap.street, self.snap.at_m, float(self.access.at_m[site]))
            if leg is not None:
                door = self.connector(float(self.access.offset_m[site]))
                options.append(_Option(leg.cost + door, int(site), leg.time + door, -1, False))
        return options

    def over_ends(self) -> list[_Option]:
        """Over either end of the door's street, by the first or the second label there."""
        options = []
        for side, (junction, metre) in enumerate(self.ends(self.snap.street)):
            leg = self.leg(self.snap.street, self.snap.at_m, metre)
            if leg is None:
                continue
            for second, label in ((False, self.labels.first), (True, self.labels.second)):
                cost = int(label.cost[junction])
                if cost != FAR:
                    time = leg.time + int(label.time[junction])
                    site = int(label.site[junction])
                    options.append(_Option(leg.cost + cost, site, time, side, second))
        return options

    def ends(self, street: int) -> tuple[tuple[int, float], tuple[int, float]]:
        """(junction, metre) of a street's start and end."""
        roads = self.version.ground.roads
        length = float(roads.length_m[street])
        return (int(roads.start[street]), 0.0), (int(roads.end[street]), length)

    def way(self, option: _Option) -> Way:
        """The option walked out."""
        door = self.connector(self.snap.offset_m)
        if option.end < 0:
            at_m = float(self.access.at_m[option.site])
            stretches = [Stretch(self.snap.street, self.snap.at_m, at_m)]
        else:
            stretches = self.follow(option)
        return Way(
            site=option.site,
            cost=option.cost + door,
            time=option.time + door,
            snap=self.snap,
            site_offset_m=float(self.access.offset_m[option.site]),
            stretches=tuple(stretch for stretch in stretches if stretch.length_m > 1e-6),
        )

    def follow(self, option: _Option) -> list[Stretch]:
        """From the door's street along the pointers to the option's site."""
        roads = self.version.ground.roads
        junction, metre = self.ends(self.snap.street)[option.end]
        stretches = [Stretch(self.snap.street, self.snap.at_m, metre)]
        first, second = self.labels.first, self.labels.second
        while True:
            label = first if int(first.site[junction]) == option.site else second
            arc = int(label.step[junction])
            if arc == ARRIVED:
                return [*stretches, self.last(junction, option.site)]
            street = int(roads.street[arc])
            metres = float(roads.length_m[street])
            stretches.append(
                Stretch(street, 0.0, metres) if roads.forward[arc] else Stretch(street, metres, 0.0)
            )
            junction = int(roads.head[arc])

    def last(self, junction: int, site: int) -> Stretch:
        """From the last junction into the site; a loop is entered by its cheaper open side."""
        street, at_m = int(self.access.street[site]), float(self.access.at_m[site])
        sides = [metre for end, metre in self.ends(street) if end == junction]
        legs = {metre: self.leg(street, metre, at_m) for metre in sides}
        entered = min(sides, key=lambda metre: leg.cost if (leg := legs[metre]) else FAR)
        return Stretch(street, entered, at_m)
