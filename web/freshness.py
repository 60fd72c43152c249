"""How old a page is: the time of its guidance, in words."""

from dataclasses import dataclass
from datetime import datetime

from routing.version import PlanVersion
from web.clock import Clock


@dataclass(frozen=True, slots=True)
class Freshness:
    """`time` (with a date where that is not today's), `age` and `full` of the last check that
    the version `number` is the newest; `stale` where no such check succeeds any more.
    """

    time: str
    age: str
    full: str
    stale: bool
    number: int


def freshness(
    version: PlanVersion, clock: Clock, *, checked_at: datetime, stale: bool
) -> Freshness:
    """Put the time of the last check into words."""
    return Freshness(
        time=clock.time(checked_at),
        age=clock.age(checked_at),
        full=clock.dated(checked_at),
        stale=stale,
        number=version.number,
    )
