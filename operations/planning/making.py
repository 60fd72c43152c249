"""Make a version: a picture on its ground, who goes where, and the fields that answer doors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from city.daylight import is_night
from city.traveller import Profile
from hazards.closure import Closure
from hazards.kinds import HazardKind
from operations.planning.basis import Basis
from routing.door import hazard_sets
from routing.ground import Ground
from routing.picture import Picture
from routing.plan.assign import assign
from routing.plan.assigned import Assigned, CityPlan
from routing.plan.changed import Changed, changed
from routing.plan.expected import Expected
from routing.version import Hazards, PlanVersion

KEPT_AREAS: Final = 64
"""Areas of orders of which it is remembered which junctions they cover (40 kB each in a city)."""


@dataclass(frozen=True, slots=True, eq=False)
class Foreseen:
    """What a plan would be by a picture, for those who were `told` so."""

    picture: Picture
    told: Assigned
    assigned: Assigned


def make_version(
    basis: Basis,
    number: int,
    picture: Picture,
    expected: Expected,
    before: PlanVersion | None = None,
    *,
    foreseen: Foreseen | None = None,
    at_once: bool = False,
) -> PlanVersion:
    """Compute a version with what most doors will ask of it; `before` is what people were told.

    `foreseen` is a plan that was made already. `at_once`: nobody knows yet whom a closure moves;
    where nothing else changed, everybody's place stays as it was told, and their ways change.
    """
    version = PlanVersion.of(number, basis.ground, picture)
    if before is not None and same_streets(before.picture, picture):
        version.weighed, version.accesses = dict(before.weighed), dict(before.accesses)
    if len(basis.homes):
        assigned = _assigned(basis, version, expected, before, foreseen, at_once=at_once)
        version.plan = CityPlan(basis.homes, assigned)
    prepare(version, picture.as_of)
    return version


def _assigned(
    basis: Basis,
    version: PlanVersion,
    expected: Expected,
    before: PlanVersion | None,
    foreseen: Foreseen | None,
    *,
    at_once: bool,
) -> Assigned:
    """Who goes where, as if closures whose move waits were not there."""
    told, planned = told_by(before, basis), version.picture.as_planned()
    if foreseen and foreseen.told is told and plans_alike(foreseen.picture, planned):
        return foreseen.assigned
    if at_once and told is not None and before and plans_alike(before.picture, planned):
        return told
    if planned is not version.picture:
        version = PlanVersion.of(version.number, version.ground, planned)
    assigned = assign(version, basis.looked, basis.engine, expected, told)
    basis.looked.forget()
    return assigned


def plans_alike(before: Picture, planned: Picture) -> bool:
    """Whether places are planned by the same as before."""
    told = before.as_planned()
    return same_streets(told, planned) and told.openings == planned.openings


def told_by(before: PlanVersion | None, basis: Basis) -> Assigned | None:
    """What the households of this load were told, None where nothing is known of it."""
    plan = before.plan if before else None
    return plan.assigned if plan and len(plan.homes) == len(basis.homes) else None


def same_streets(one: Picture, other: Picture) -> bool:
    """Whether two pictures shut the same: their streets weigh the same then."""
    return (
        [order.id for order in one.orders] == [order.id for order in other.orders]
        and [water.id for water in one.observed] == [water.id for water in other.observed]
        and [shuts(closure) for closure in one.closures] == [shuts(two) for two in other.closures]
        and [doubt.street for doubt in one.doubts] == [doubt.street for doubt in other.doubts]
    )


def shuts(closure: Closure) -> tuple[Any, ...]:
    """What a closure shuts: reports may make one longer while it stands."""
    rest = shapely.to_wkb(closure.rest)
    return closure.id, closure.streets, closure.stretches, closure.by_water, rest


def same_plan(before: PlanVersion, after: PlanVersion) -> bool:
    """Whether two plans tell everybody the same, and begin their fields alike."""
    if before.plan is None or after.plan is None:
        return before.plan is after.plan
    one, other = before.plan.assigned, after.plan.assigned
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("verdict", "site", "why", "price")
    )


def changed_by(before: PlanVersion | None, after: PlanVersion, basis: Basis) -> Changed | None:
    """Whom a version changes; None where nobody's home is known."""
    return changed(told_by(before, basis), after.plan.assigned) if after.plan else None


def prepare(version: PlanVersion, at: datetime) -> None:
    """Compute the fields that most doors will ask for: what counts there, now."""
    night = dark(version.ground, at)
    flood = frozenset({HazardKind.FLOOD})
    calm = {flood, flood | {HazardKind.LANDSLIDE}}
    everywhere = calm.union(_hazards_somewhere(version))
    version.prepare(
        (version.conditions(profile, night=night, hazards=hazards), hazards)
        for profile in Profile
        for hazards in everywhere
    )


def _hazards_somewhere(version: PlanVersion) -> list[Hazards]:
    """The sets of hazards that count at any junction; an order's area is looked up once."""
    ground, orders = version.ground, version.picture.orders
    under = _junctions_under(ground)
    ordered = [(order.hazard, under(shapely.to_wkb(order.area))) for order in orders]
    return hazard_sets(ground, ordered, ground.zoned)[0]


@lru_cache(maxsize=2)
def _junctions_under(ground: Ground) -> Callable[[bytes | None], NDArray[np.bool_]]:
    """As `EvacuationOrder.covers_each` of all junctions, asked with its area in WKB."""
    x, y = ground.roads.junction_xy.T

    def under(area: bytes | None) -> NDArray[np.bool_]:
        if area is None:
            return np.ones(len(x), bool)
        return np.asarray(shapely.intersects_xy(shapely.from_wkb(area), x, y))

    return lru_cache(maxsize=KEPT_AREAS)(under)


def dark(ground: Ground, at: datetime) -> bool:
    """Whether it is night in the city."""
    x, y = ground.roads.junction_xy.mean(axis=0).tolist()
    return is_night(ground.metres.position(x, y), at)
