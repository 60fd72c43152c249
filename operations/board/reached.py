"""How many households each alert reached, as it was counted last (`operations/board/counting.py`).

Counting takes seconds in a large city: the board reads what was counted, with its moment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from alerts.kinds import Status
from alerts.life import OUT
from data import reachedcounts
from data.delivery.ledger import LEAST_CELL
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
    """What was counted of alerts that are told or stand, drills left out; and of how many of them
    nothing was counted yet.
    """
    newest: dict[int, Row[Any]] = {}
    for row in look.revisions:
        known = newest.get(row.alert_id)
        if row.state in OUT and (known is None or row.revision > known.revision):
            newest[row.alert_id] = row
    mine = [alert for alert, row in sorted(newest.items()) if _is_in_force(look, row)]
    found = counted_of_alerts(look, mine)
    return list(found.values()), len(mine) - len(found)


def is_told(row: Row[Any], now: datetime) -> bool:
    """Whether a revision went out and neither ended nor was stopped."""
    return row.state in OUT and row.stopped_at is None and row.expires_at > now


def unreached_by_area(counted: Sequence[Counted]) -> dict[str, int]:
    """Households by the name of their 町丁目; where two alerts are for one the larger count."""
    found: dict[str, int] = {}
    for one in counted:
        for area, households in one.areas.items():
            found[area] = max(found.get(area, 0), households)
    return found


def unreached_of_city(look: Look) -> Line:
    """Whom alerts in force did not reach: no number while one of them is not counted, and none
    where no alert is in force.
    """
    counted, counting = counted_in_force(look)
    total = sum(unreached_by_area(counted).values()) if counted and not counting else None
    return {
        **few("unreached", total),
        "counted_at": iso(min((one.as_of for one in counted), default=None)),
        "counting": counting,
    }


def few(name: str, households: int | None) -> Line:
    """A count under this name: None, and `…_few`, where so few could be told apart."""
    small = households is not None and 0 < households < LEAST_CELL
    key = f"{name.removesuffix('_households')}_few"
    return {name: None if small else households, key: small}


def _is_in_force(look: Look, row: Row[Any]) -> bool:
    standing = row.id in look.standing or is_told(row, look.now)
    return row.status == Status.ACTUAL and standing
