"""The reports behind a way: what it goes round, and what is said of streets that it takes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import shapely

from hazards.closure import Closure, ClosureBasis
from routing.advice import Advice
from routing.version import PlanVersion

NEAR_M: Final = 400.0
"""Closures so near to a way are what it goes round."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Reports (their ids) of one street, by its name in Japanese, "" without one.

    `shut`: no way takes it; else it is doubted, and this way takes it all the same. `confirmed` by
    headquarters.
    """

    observations: tuple[str, ...]
    street: str
    reason: str
    since: datetime
    shut: bool
    confirmed: bool


def closures_near(version: PlanVersion, advice: Advice) -> list[Closure]:
    """Closures within `NEAR_M` of a way, the nearest first."""
    way = shapely.linestrings(version.ground.metres.xy(advice.line))
    away = [(float(one.line.distance(way)), one) for one in version.picture.closures]
    near = sorted((pair for pair in away if pair[0] <= NEAR_M), key=lambda pair: pair[0])
    return [closure for _, closure in near]


def behind(version: PlanVersion, advice: Advice) -> tuple[Behind, ...]:
    """The reports behind a way, those of shut streets first."""
    found = [
        Behind(
            one.observations,
            _name(version, one.all_streets),
            one.reason,
            one.closed_at,
            shut=True,
            confirmed=one.basis is ClosureBasis.CONFIRMED,
        )
        for one in closures_near(version, advice)
        if one.observations
    ]
    taken = {stretch.street for stretch in advice.way.stretches}
    return (
        *found,
        *(
            Behind(
                one.observations,
                _name(version, one.streets),
                one.reason,
                one.since,
                shut=False,
                confirmed=False,
            )
            for one in version.picture.doubts
            if taken.intersection(one.streets)
        ),
    )


def _name(version: PlanVersion, streets: tuple[int, ...]) -> str:
    names = (version.ground.roads.street_name(street) for street in streets)
    return next((name for name in names if name), "")
