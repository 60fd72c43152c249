"""How many households each alert reached, as it was counted last (`operations/board/counting.py`).

Counting takes seconds in a large city: the board reads what was counted, with its moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from alerts.life import OUT
from data import reachedcounts
from data.alerts import listing
from data.delivery.ledger import LEAST_CELL
from operations.board.homes import homes_under
from operations.board.look import Line, Look, iso


@dataclass(frozen=True, slots=True)
class Counted:
    """Of an alert's newest revision that went out: households by state, and the unreached by the
    name of their 町丁目; `cells` as the ledger has them.
    """

    revision: int
    as_of: datetime
    states: Mapping[str, int]
    areas: Mapping[str, int]
    cells: Sequence[Mapping[str, Any]]

    @property
    def households(self) -> int:
        """All of its area."""
        return sum(self.states.values())

    @property
    def confirmed(self) -> int:
        """Those with a tap, an answer, a voice or a door."""
        return self.states.get("confirmed", 0)

    @property
    def unreached(self) -> int:
        """Those that nothing reached, also where only a broadcast may have."""
        return self.states.get("unreached", 0) + self.states.get("broadcast_only", 0)


def counted_of_alerts(look: Look, alerts: Sequence[int]) -> dict[int, Counted]:
    """What was counted last of the newest revision of each of these alerts that went out; those
    of which nobody counted it lack, also where an older one was counted.
    """
    if not alerts:
        return {}
    return {
        row.alert_id: Counted(row.revision_id, row.as_of, row.states, row.areas, row.cells)
        for row in reachedcounts.of_alerts(look.connection, alerts)
    }


def counted_in_force(look: Look) -> tuple[list[Counted], int]:
    """What was counted of alerts that tell of orders in force; and of how many of them nothing was
    counted yet. Of notices, drills and what was taken back nobody counts who is left.
    """
    mine = listing.telling(look.revisions, look.standing)
    found = counted_of_alerts(look, mine)
    return list(found.values()), len(mine) - len(found)


def told_orders(look: Look) -> dict[int, int]:
    """Of each order in force that an alert tells of, the newest that does, by their numbers."""
    return listing.tellers(look.connection, look.revisions, look.standing)


def untold_orders(look: Look) -> list[Row[Any]]:
    """Orders in force of which no alert tells, also where one did and was cancelled."""
    told = told_orders(look)
    return [row for row in look.orders if row.id not in told]


def is_told(row: Row[Any], now: datetime) -> bool:
    """Whether a revision went out and neither ended nor was stopped."""
    return row.state in OUT and row.stopped_at is None and row.expires_at > now


def unreached_by_area(look: Look) -> dict[str, int]:
    """Households under orders in force that no alert of that order reached, by the name of their
    町丁目: all of them where no alert tells of it; where two orders are for one the larger count.
    """
    untold = [homes_under(look, row) for row in untold_orders(look)]
    found: dict[str, int] = {}
    for areas in (*(one.areas for one in counted_in_force(look)[0]), *untold):
        for area, households in areas.items():
            found[area] = max(found.get(area, 0), households)
    return found


def unreached_of_city(look: Look) -> Line:
    """Whom alerts of orders in force did not reach: no number while one of them is not counted, in
    a city without households, and where no order is in force.
    """
    counted, counting = counted_in_force(look)
    is_known = look.homes and not counting and (counted or untold_orders(look))
    return {
        **few("unreached", sum(unreached_by_area(look).values()) if is_known else None),
        "counted_at": iso(min((one.as_of for one in counted), default=None)),
        "counting": counting,
    }


def few(name: str, households: int | None) -> Line:
    """A count under this name: None, and `…_few`, where so few could be told apart."""
    small = households is not None and 0 < households < LEAST_CELL
    key = f"{name.removesuffix('_households')}_few"
    return {name: None if small else households, key: small}
