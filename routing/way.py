"""A way from a door to a site's door: a walk along the field's pointers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from city.traveller import Profile
from routing.field import ARRIVED, EvacuationField, SiteAccess
from routing.leg import Leg, walk, yard
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
    """`cost` and `time` in tenths of a second; `site` an index into the ground's sites.

    `site_crossed` (CODES) are metres in assumed zones between the last street and the site.
    """

    site: int
    cost: int
    time: int
    snap: Snap
    site_offset_m: float
    site_crossed: tuple[float, ...]
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


@dataclass(frozen=True, slots=True, order=True)
class _Option:
    """One way out of the door, by the `snap`th of its streets: straight through a `gate` on it
    (`end` -1), or over one of its ends (`gate` -1) by the first or second label there. Its `cost`
    is what people are led by: with the price of the site.
    """

    cost: int
    site: int
    snap: int
    end: int
    second: bool
    gate: int
    time: int


def find_ways(
    version: PlanVersion,
    conditions: Conditions,
    hazards: Hazards,
    joined: Sequence[Snap],
    told: str | None = None,
    planned: str | None = None,
    *,
    on_the_way: bool = False,
) -> tuple[Way | None, Way | None]:
    """The way from a door that is joined to these streets to its place, and the best one to
    another site.

    Its place is the site (its id) that is `planned` for it, for walkers: other profiles keep it
    where it is not `full_detour_s` farther for them; or else the one of least cost and price.
    Whoever was `told` of a site keeps it, full or not, unless it became unsafe or that much farther
    than the first of the others; however far, if they are `on_the_way` there (`safety.md` 12).
    """
    suitable = version.suitable(hazards)
    ways = _to(version, conditions, suitable, joined)
    farthest = round(version.ground.rules.full_detour_s * TENTHS)
    place = _way_to(version, conditions, suitable, joined, planned, ways)
    if place and (conditions.profile is Profile.WALK or _is_near(place, ways, farthest)):
        ways = _with_first(ways, place)
    kept = _way_to(version, conditions, suitable, joined, told, ways)
    if kept and (on_the_way or _is_near(kept, ways, farthest)):
        ways = _with_first(ways, kept)
    return _without_full(version, ways)


def has_way_to(
    version: PlanVersion,
    conditions: Conditions,
    hazards: Hazards,
    joined: Sequence[Snap],
    site: str,
) -> bool:
    """Whether a door that is joined to these streets reaches the site with that id."""
    mask = version.suitable(hazards)
    mask = mask & np.array([one.id == site for one in version.ground.sites], dtype=bool)
    return bool(mask.any()) and _to(version, conditions, mask, joined)[0] is not None


def _is_near(way: Way, ways: tuple[Way | None, Way | None], farthest: int) -> bool:
    """Whether a way costs at most so much more than the first of the others."""
    return ways[0] is not None and way.cost <= ways[0].cost + farthest


def _without_full(
    version: PlanVersion, ways: tuple[Way | None, Way | None]
) -> tuple[Way | None, Way | None]:
    """Nobody is told anew of a full site beside one with room, not even as the second."""
    full = [way is not None and version.is_full(way.site) for way in ways]
    return (ways[0], None) if full == [False, True] else ways


def _with_first(
    ways: tuple[Way | None, Way | None], first: Way | None
) -> tuple[Way | None, Way | None]:
    """This way before the best of the others, if there is one to put there."""
    if first is None or ways[0] is None or ways[0].site == first.site:
        return ways
    return first, ways[0]


def _way_to(
    version: PlanVersion,
    conditions: Conditions,
    suitable: NDArray[np.bool_],
    joined: Sequence[Snap],
    wanted: str | None,
    ways: tuple[Way | None, Way | None],
) -> Way | None:
    """The way to the site with that id, None where there is none (any more)."""
    if wanted is None or ways[0] is None:
        return None
    mask = suitable & np.array([site.id == wanted for site in version.ground.sites], dtype=bool)
    for way in ways:
        if way is not None and mask[way.site]:
            return way
    return _to(version, conditions, mask, joined)[0] if mask.any() else None


def _to(
    version: PlanVersion,
    conditions: Conditions,
    sites: NDArray[np.bool_],
    joined: Sequence[Snap],
) -> tuple[Way | None, Way | None]:
    """The best ways to two of these sites."""
    search = _Search(
        version=version,
        weighed=version.weights(conditions),
        access=version.access(conditions),
        labels=version.field_to(conditions, sites),
        suitable=sites,
        joined=joined,
    )
    options = [option for snap in range(len(joined)) for option in search.options(snap)]
    if not options:
        return None, None
    best = min(options)
    others = [option for option in options if option.site != best.site]
    return search.way(best), search.way(min(others)) if others else None


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """One door's search: the version's arrays for its conditions, and where it joins them."""

    version: PlanVersion
    weighed: Weights
    access: SiteAccess
    labels: EvacuationField
    suitable: NDArray[np.bool_]
    joined: Sequence[Snap]

    def leg(self, snap: Snap, to_m: float) -> Leg | None:
        """Along a door's street under this search's conditions."""
        version, at_m = self.version, snap.at_m
        return walk(
            version.ground,
            version.blocks,
            self.weighed,
            snap.street,
            at_m,
            to_m,
            from_red=snap.from_red,
        )

    def options(self, number: int) -> list[_Option]:
        """Every way out by one of the door's streets."""
        snap = self.joined[number]
        door = yard(self.version.ground, self.weighed, snap)
        return [*self.straight(number, snap, door), *self.over_ends(number, snap, door)]

    def straight(self, number: int, snap: Snap, door: Leg) -> Iterator[_Option]:
        """To sites with a gate on the same street."""
        access = self.access
        for gate in np.flatnonzero(access.gate_street == snap.street).tolist():
            site = int(access.gate_site[gate])
            if not self.suitable[site]:
                continue
            leg = self.leg(snap, float(access.gate_at_m[gate]))
            if leg is not None:
                cost = door.cost + leg.cost + int(access.gate_cost[gate])
                cost += int(self.version.begin_at[site])
                time = door.time + leg.time + int(access.gate_time[gate])
                yield _Option(cost, site, number, -1, False, gate, time)

    def over_ends(self, number: int, snap: Snap, door: Leg) -> Iterator[_Option]:
        """Over either end of the street, by the first or the second label there."""
        for side, (junction, metre) in enumerate(self.version.ground.roads.ends(snap.street)):
            leg = self.leg(snap, metre)
            if leg is None:
                continue
            for second, label in ((False, self.labels.first), (True, self.labels.second)):
                onward = int(label.cost[junction])
                if onward != FAR:
                    cost = door.cost + leg.cost + onward
                    time = door.time + leg.time + int(label.time[junction])
                    site = int(label.site[junction])
                    yield _Option(cost, site, number, side, second, -1, time)

    def way(self, option: _Option) -> Way:
        """The option walked out."""
        snap = self.joined[option.snap]
        if option.gate >= 0:
            gate = option.gate
            stretches = [Stretch(snap.street, snap.at_m, float(self.access.gate_at_m[gate]))]
        else:
            stretches, gate = self.follow(snap, option)
        return Way(
            site=option.site,
            cost=option.cost - int(self.version.begin_at[option.site]),
            time=option.time,
            snap=snap,
            site_offset_m=float(self.access.gate_offset_m[gate]),
            site_crossed=tuple(self.access.gate_crossed[gate].tolist()),
            stretches=tuple(stretch for stretch in stretches if stretch.length_m > 1e-6),
        )

    def follow(self, snap: Snap, option: _Option) -> tuple[list[Stretch], int]:
        """From the door's street along the pointers through a gate of the option's site."""
        roads, access = self.version.ground.roads, self.access
        junction, metre = roads.ends(snap.street)[option.end]
        stretches = [Stretch(snap.street, snap.at_m, metre)]
        first, second = self.labels.first, self.labels.second
        while True:
            label = first if int(first.site[junction]) == option.site else second
            arc = int(label.step[junction])
            if arc == ARRIVED:
                row = access.entered(junction, option.site)
                gate = int(access.gate[row])
                street, at_m = int(access.gate_street[gate]), float(access.gate_at_m[gate])
                stretches.append(Stretch(street, float(access.from_m[row]), at_m))
                return stretches, gate
            street = int(roads.street[arc])
            metres = float(roads.length_m[street])
            stretches.append(
                Stretch(street, 0.0, metres) if roads.forward[arc] else Stretch(street, metres, 0.0)
            )
            junction = int(roads.head[arc])
