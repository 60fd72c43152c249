"""What every household of a city is told: all verdicts at once, by the same truth table."""

from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hazards.kinds import AlertLevel, HazardKind
from routing.door import hazard_sets
from routing.homes import Bools
from routing.plan.looked import Looked
from routing.verdict import Situation, Verdict, decide
from routing.version import Hazards, PlanVersion

VERDICTS: Final = tuple(Verdict)
"""A verdict's code is its place in here."""
GO: Final = VERDICTS.index(Verdict.GO)
YES_OR_NO: Final = (False, True)


def verdicts(
    version: PlanVersion,
    looked: Looked,
    has_way: Bools,
    surrounded: Bools,
    *,
    needs_time: bool = False,
) -> NDArray[np.int8]:
    """(H,) codes in `VERDICTS` for households that have said nothing else of themselves.

    `has_way` (H,): a way to an open, suitable site exists; `surrounded` (H,): by seen water, in
    which a home may also stand.
    """
    orders = version.picture.orders
    slides = tuple(order for order in orders if order.hazard is HazardKind.LANDSLIDE)
    code = looked.level(orders).astype(np.int64)
    for part in (
        looked.level(slides) >= AlertLevel.ELDERLY_LEAVE,
        looked.homes.may_slide,
        surrounded,
        has_way,
    ):
        code = 2 * code + part
    return np.asarray(_table(needs_time=needs_time)[code])


def in_water(version: PlanVersion, looked: Looked) -> Bools:
    """(H,) which homes stand in seen water."""
    wet = np.zeros(len(looked.homes), bool)
    for observed in version.picture.observed:
        wet |= looked.inside(observed.area)
    return wet


def hazards_at_homes(
    version: PlanVersion, looked: Looked
) -> tuple[list[Hazards], NDArray[np.int64]]:
    """The sets of hazards that count somewhere, and (H,) which of them at each home."""
    orders = [(order.hazard, looked.under(order)) for order in version.picture.orders]
    return hazard_sets(version.ground, orders, looked.homes.zoned)


def _table(*, needs_time: bool) -> NDArray[np.int8]:
    """The verdict of every situation of such a home, in the order of its code."""
    rows = product(AlertLevel, YES_OR_NO, YES_OR_NO, YES_OR_NO, YES_OR_NO)
    codes = [VERDICTS.index(_told(*row, needs_time=needs_time)) for row in rows]
    return np.array(codes, np.int8)


def _told(
    level: AlertLevel,
    landslide_order: bool,
    may_slide: bool,
    surrounded: bool,
    has_way: bool,
    *,
    needs_time: bool,
) -> Verdict:
    situation = Situation(
        level=level,
        landslide_order=landslide_order,
        in_landslide_zone=may_slide,
        surrounded=surrounded,
        needs_time=needs_time,
        may_stay=False,
        has_way=has_way,
    )
    return decide(situation).verdict
