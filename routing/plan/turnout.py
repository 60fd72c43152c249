"""Of those who are told to go, how many come to a place: settings, and demand by them.

Hachioji, 12 October 2019: about 4 % of 188,690 people under level 4 came. `safety.md` 15: plan for
15 % and more.
"""

from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routing.errors import RoutingError
from routing.plan.book import Longs

Bools = NDArray[np.bool_]
TURNOUT: Final = "turnout"
"""The table of a city file's `[settings]` that holds these."""
HUNDREDTHS: Final = 100
"""Demand and capacity are counted in hundredths of a person: a household of three of whom 15 % come
is 45 of them.
"""


@dataclass(frozen=True, slots=True)
class Turnout:
    """Shares from 0 to 1, apart for homes inside an assumed zone: `level_3` where only those who
    need time are told to go, `level_4` where everybody is (also below a slope, under its order).

    Policy, but for the 15 % of `safety.md`; in a zone twice as many.
    """

    level_3: float = 0.05
    level_4: float = 0.15
    zoned_level_3: float = 0.10
    zoned_level_4: float = 0.30


def turnout_from(given: dict[str, Any]) -> Turnout:
    """A city's own turnout; raises `RoutingError` naming the bad one."""
    known = {field.name for field in fields(Turnout)}
    for key, value in given.items():
        if key not in known:
            raise RoutingError(f"settings.turnout.{key}: no such setting")
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            what = "a share from 0 to 1 (0.15 is 15 %)"
            raise RoutingError(f"settings.turnout.{key}: {what}, not {value!r}")
    return Turnout(**given)


def demand(
    persons: NDArray[np.int16], some: Bools, everybody: Bools, zoned: Bools, turnout: Turnout
) -> Longs:
    """(H,) hundredths of a person that each home is expected to bring; all arrays (H,).

    `some`: it is told to go if it needs time (`told.goes`), `everybody`: whoever lives there;
    `zoned`: it stands in an assumed zone. Nobody else is demand.
    """
    outside, inside = (
        np.where(everybody, by_all, by_some)
        for by_some, by_all in (
            (turnout.level_3, turnout.level_4),
            (turnout.zoned_level_3, turnout.zoned_level_4),
        )
    )
    each = np.rint(persons * np.where(zoned, inside, outside) * HUNDREDTHS).astype(np.int64)
    return np.where(some | everybody, each, 0)
