"""Who registers, moves or comes back while an alert is in force is told of it, as if they had been
there before.

Asked after their commit: a slice that began before it did not see them, and has ended by then; one
that begins later sees them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from alerts.delivery import FallbackClock, lane_of
from alerts.kinds import AlertKind, Status
from data.alerts import revisions
from data.database import transaction
from data.delivery import carriers, latecomers
from hazards.kinds import AlertLevel
from operations.delivery.expanding import audience_of

AT_ONCE: Final = 1_000
"""Latecomers in one transaction: for that long nothing is expanded."""


@dataclass(frozen=True, slots=True)
class Latecomers:
    """Tells those of its status, about each second; any number of workers may do it at once."""

    engine: Engine
    status: Status
    clock: FallbackClock = field(default_factory=FallbackClock)

    def __call__(self, now: datetime) -> bool:
        """Give them rows of what is in force where they are; True where more of them wait."""
        with transaction(self.engine, latest=True) as connection:
            late = latecomers.hold_late(connection, self.status, AT_ONCE)
            if late:
                self._tell(connection, late, now)
            return len(late) == AT_ONCE

    def _tell(self, connection: Connection, late: Sequence[Row[Any]], now: datetime) -> None:
        cities = sorted({one.city_code for one in late})
        for found in latecomers.hold_in_force(connection, self.status, cities, now):
            row = revisions.get(connection, found.city_code, found.id)
            if numbers := [one.id for one in late if _is_past(row, one.id)]:
                self._expand(connection, row, numbers, now)
        latecomers.set_told(connection, [one.id for one in late])

    def _expand(
        self, connection: Connection, row: Row[Any], numbers: Sequence[int], now: datetime
    ) -> None:
        level = None if row.level is None else AlertLevel(row.level)
        latecomers.expand_late(
            connection,
            audience_of(row, row.rendered),
            row.id,
            numbers,
            lane=lane_of(self.status, AlertKind(row.kind), level),
            at=now,
            step=self.clock.step(level),
            down=carriers.channels_down(connection, now, self.status),
        )


def _is_past(row: Row[Any], recipient: int) -> bool:
    """Whether the expansion has come by them; else they will have their rows by it."""
    return row.expanded_at is not None or recipient <= (row.expanded_to or 0)
