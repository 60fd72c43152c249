"""Who is expected, and for how much room: what a plan is made from beside the version itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from city.intent import Intent
from routing.plan.book import Longs
from routing.plan.turnout import Turnout

LEAST_TO_COME: Final = 0.25
"""However many are inside, so large a part of the turnout is expected still: more may come than the
setting says, as late as it likes. Policy."""


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """What is known of people and places when a plan is made.

    `free` (S,) persons that each place still has room for, `turnout` of those told to go, of whom
    `arrived` persons are inside already. Households by number: what they `said`, the
    site (row) that whoever is `walking` goes to by their own word, and that which others were
    `sent` to by staff, and `groups` that stay together. Whoever sets out at `night` is slower.
    """

    free: Longs
    turnout: Turnout = field(default_factory=Turnout)
    arrived: int = 0
    said: Mapping[int, Intent] = field(default_factory=dict)
    walking: Mapping[int, int] = field(default_factory=dict)
    sent: Mapping[int, int] = field(default_factory=dict)
    groups: Sequence[Sequence[int]] = ()
    night: bool = True


def unlimited(sites: int) -> Expected:
    """Room for everybody everywhere."""
    return Expected(free=np.full(sites, 10**9, np.int64))
