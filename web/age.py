"""How old a page is: the moment of its guidance, and what its script needs to look for another."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from routing.version import PlanVersion
from web.clock import Clock


@dataclass(frozen=True, slots=True)
class Age:
    """`time` and `full` (with its date) of the last check that the version `number` is the newest.

    `stale`: no such check succeeds any more. For the script: `checked` and `now`, ISO, and the
    numbers of the `orders` that stand in the city, joined by commas.
    """

    time: Markup
    full: Markup
    stale: bool
    number: int
    checked: str
    now: str
    orders: str = ""


def age_of(version: PlanVersion, clock: Clock, *, checked_at: datetime, stale: bool) -> Age:
    """Write down the moment of the last check."""
    return Age(
        time=clock.time(checked_at),
        full=clock.dated(checked_at),
        stale=stale,
        number=version.number,
        checked=checked_at.isoformat(timespec="seconds"),
        now=clock.now.isoformat(timespec="seconds"),
        orders=",".join(str(order.id) for order in version.picture.orders),
    )
