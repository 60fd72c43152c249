"""What a night once more stands on, and what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from operations.planning.basis import Basis
from routing.plan.book import Longs
from routing.plan.turnout import Turnout


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What both runs of a night stand on: of each place (S,) the persons that its ordinary and its
    overflow rooms hold, how many come, who stays together; the night ends at `until`.
    """

    basis: Basis
    ordinary: Longs
    overflow: Longs
    turnout: Turnout
    until: datetime
    groups: Sequence[Sequence[int]] = ()


@dataclass(slots=True)
class Totals:
    """What a run comes to. Persons in hundredths; metres of all of them together. `full`: when each
    place (its row) was; households `no_room` and `no_way` at the end, `moved` all night.
    """

    set_out: int = 0
    arrived: int = 0
    overflow: int = 0
    turned_away: int = 0
    moved: int = 0
    walked_m: float = 0.0
    exposed_m: float = 0.0
    no_room: int = 0
    no_way: int = 0
    open_s: float = 0.0
    full: dict[int, datetime] = field(default_factory=dict)
