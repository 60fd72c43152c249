"""A street lost, by computing everything anew: the oracle of `routing.losing`."""

from dataclasses import dataclass, replace

import numpy as np

from city.traveller import Profile
from routing import kernel
from routing.engine.costs import NEVER
from routing.field import SiteAccess
from routing.homes import NO_STREET, Homes
from routing.picture import Picture
from routing.plan.looked import Looked
from routing.plan.told import hazards_at_homes
from routing.version import PlanVersion
from routing.weights import FAR, TENTHS, Conditions, Weights, enters_special_zone
from tests.builders import a_closure


@dataclass(frozen=True)
class Walks:
    """(H,) the cost of each home's way by the field, `NEVER` for none, and its time."""

    cost: np.ndarray
    time: np.ndarray


def walks(version: PlanVersion, living: Homes, *, night: bool) -> Walks:
    """Every home by its own: a loop over homes, whose fields are the version's."""
    sets, which = hazards_at_homes(version, Looked(living))
    roads = version.ground.roads
    cost, time = np.full((2, len(living)), int(NEVER), np.int64)
    for home in np.flatnonzero(living.street != NO_STREET).tolist():
        hazards = sets[int(which[home])]
        conditions = version.conditions(Profile.WALK, night=night, hazards=hazards)
        weighed = version.weights(conditions)
        first = version.field(conditions, hazards).first
        street = int(living.street[home])
        ends = (
            (int(living.junction[home]), float(living.at_m[home])),
            (int(living.other[home]), float(living.other_m[home])),
        )
        pace = float(weighed.pace[roads.arcs[street]].min())
        for end, metres in ends:
            leg = _leg(version, weighed, street, end, metres)
            if leg >= NEVER or first.cost[end] == FAR:
                continue
            if int(first.cost[end]) + leg < cost[home]:
                cost[home] = int(first.cost[end]) + leg
                time[home] = int(first.time[end]) + int(np.ceil(metres * np.float32(pace)))
    return Walks(cost, time)


def _leg(version: PlanVersion, weighed: Weights, street: int, end: int, metres: float) -> int:
    """A home's own metres of its street; where that is barred in part, whether they are free."""
    roads, blocks = version.ground.roads, version.blocks
    arcs = roads.arcs[street]
    whole, length = int(weighed.cost[arcs].min()), float(roads.length_m[street])
    if whole != FAR:
        return int(whole * (metres / max(length, 1 / TENTHS)))
    red = bool(enters_special_zone(version.ground)[arcs].any())
    if red or not blocks.barred.touched[street] or weighed.street_closed[street]:
        return int(NEVER)
    low, high = (length - metres, length) if roads.end[street] == end else (0.0, metres)
    for row in range(*blocks.barred.start[street : street + 2].tolist()):
        if blocks.barred.from_m[row] < high and blocks.barred.to_m[row] > low:
            return int(NEVER)
    return int(np.ceil(metres * weighed.pace[arcs].min()))


def without(version: PlanVersion, street: int) -> PlanVersion:
    """The same version with one street more that is closed, nothing of it computed."""
    shut = a_closure(version.ground, street, number=9_999, by_water=False)
    picture: Picture = replace(version.picture, closures=(*version.picture.closures, shut))
    after = PlanVersion.of(version.number, version.ground, picture)
    after.plan = version.plan
    return after


def compared(before: Walks, after: Walks, living: Homes, street: int) -> tuple[int, int, int]:
    """What two lists of walks differ by, but for those who live on the street."""
    had = (before.cost < NEVER) & (living.street != street)
    cut = had & (after.cost >= NEVER)
    dearer = had & ~cut & (after.cost > before.cost)
    added = int((after.time - before.time)[dearer].sum())
    return int(cut.sum()), int(dearer.sum()), added


class Anew:
    """Full recomputations of one label, a street at a time, for thousands of homes at once."""

    def __init__(self, version: PlanVersion, living: Homes, *, night: bool) -> None:
        self.version, self.living = version, living
        sets, which = hazards_at_homes(version, Looked(living))
        shared: dict[tuple[object, bytes], list[int]] = {}
        for number, hazards in enumerate(sets):
            conditions = version.conditions(Profile.WALK, night=night, hazards=hazards)
            shared.setdefault((conditions, version.suitable(hazards).tobytes()), []).append(number)
        self.parts = [
            self._part(version.conditions(Profile.WALK, night=night, hazards=sets[numbers[0]]),
                       version.suitable(sets[numbers[0]]), np.isin(which, numbers))
            for numbers in shared.values()
        ]  # fmt: skip
        self.before = self.walks(None)

    def _part(self, conditions: Conditions, suitable: np.ndarray, here: np.ndarray) -> "_Part":
        weighed, living = self.version.weights(conditions), self.living
        homes = np.flatnonzero(here & (living.street != NO_STREET))
        ends = [(living.junction, living.at_m), (living.other, living.other_m)]
        pace = weighed.pace[self.version.ground.roads.arcs].min(axis=1)[living.street[homes]]
        legs = [
            [
                _leg(self.version, weighed, *row)
                for row in zip(
                    living.street[homes].tolist(),
                    end[homes].tolist(),
                    metres[homes].tolist(),
                    strict=True,
                )
            ]
            for end, metres in ends
        ]
        return _Part(
            weighed,
            self.version.access(conditions),
            suitable,
            homes,
            [end[homes] for end, _ in ends],
            [np.array(one, np.int64) for one in legs],
            [np.ceil(metres[homes] * pace).astype(np.int64) for _, metres in ends],
        )

    def walks(self, lost: int | None) -> Walks:
        """What all homes walk without a street."""
        cost, time = np.full((2, len(self.living)), int(NEVER), np.int64)
        for part in self.parts:
            costs, times = part.labels(self.version, lost)
            near, far = (
                np.where(costs[end] == FAR, int(NEVER), costs[end] + leg)
                for end, leg in zip(part.ends, part.legs, strict=True)
            )
            least = np.minimum(near, far)
            took = [times[end] + leg for end, leg in zip(part.ends, part.times, strict=True)]
            has = least < NEVER
            cost[part.homes[has]] = least[has]
            time[part.homes[has]] = np.where(near <= far, *took)[has]
        return Walks(cost, time)

    def lost(self, street: int) -> tuple[int, int, int]:
        """Households cut off, with a dearer way, and what is added."""
        return compared(self.before, self.walks(street), self.living, street)


@dataclass(frozen=True)
class _Part:
    """Homes whose fields are one: their street's ends, what it costs to get there and takes."""

    weighed: Weights
    access: SiteAccess
    suitable: np.ndarray
    homes: np.ndarray
    ends: list[np.ndarray]
    legs: list[np.ndarray]
    times: list[np.ndarray]

    def labels(self, version: PlanVersion, lost: int | None) -> tuple[np.ndarray, np.ndarray]:
        """Cost and time from every junction, computed whole."""
        roads, access, count = (
            version.ground.roads,
            self.access,
            version.ground.roads.junction_count,
        )
        cost = self.weighed.cost.copy()
        to_site = access.site
        rows = self.suitable[to_site]
        if lost is not None:
            cost[roads.arcs[lost]] = FAR
            rows = rows & (access.gate_street[access.gate] != lost)
        seed, site, took = (np.full(count, fill, np.int32) for fill in (FAR, -1, FAR))
        entry = access.cost + version.begin_at[to_site]
        keys = access.from_m, access.gate, access.site, entry, access.junction
        for row in np.lexsort(keys)[::-1]:
            if rows[row]:
                at = access.junction[row]
                seed[at], site[at], took[at] = entry[row], to_site[row], access.time[row]
        graph = roads.indptr, roads.head
        anywhere = np.zeros(count, np.int32)
        found, order = kernel.settle(*graph, cost[roads.reverse], seed, anywhere)
        labels = kernel.point(*graph, cost, self.weighed.time, found, order, seed, site, took)
        return found.astype(np.int64), labels[2].astype(np.int64)
