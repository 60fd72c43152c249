"""Which places headquarters calls next: those that people are sent to and nobody has counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shelters.congestion import call_at
from shelters.place import Opening
from shelters.settings import CrowdRules

JUST_CALLED: Final = timedelta(minutes=10)
"""For so long a place that was called lets the others go first."""


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A place whose figure is 不明: since when, and whether the last one was near to full."""

    id: str
    unknown_since: datetime
    near_full: bool = False
    called_at: datetime | None = None


def unknown_since(
    opening: Opening,
    *,
    opening_since: datetime | None,
    ordered_since: datetime | None,
    counted_at: datetime | None,
    below_zero: bool = False,
    rules: CrowdRules,
    now: datetime,
) -> datetime | None:
    """Since when the figure of a place that people go to is 不明; None while none is missed.

    A place that is open by plan alone is asked about from the first order on, also where nobody
    ever counted: nobody knows whether its door is open. Others as `congestion.call_at` says. Where
    more left than ever came (`below_zero`), whoever counted last did not know either.
    """
    since = call_at(opening, opening_since, counted_at, rules)
    if opening is Opening.UNCONFIRMED and ordered_since is not None:
        since = max(ordered_since, counted_at + rules.known_for) if counted_at else ordered_since
    if since is not None and below_zero:
        since = counted_at
    return since if since is not None and since <= now else None


def in_order_of_calls(places: Iterable[Uncounted], now: datetime) -> list[Uncounted]:
    """Near to full first, then the longest unknown; what was called just now comes after all."""

    def order(place: Uncounted) -> tuple[bool, bool, datetime, str]:
        just = place.called_at is not None and now - place.called_at < JUST_CALLED
        return just, not place.near_full, place.unknown_since, place.id

    return sorted(places, key=order)
