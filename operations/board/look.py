"""One look at everything, on one view of the data: what several sections of the board share."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from threading import Lock
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from data import inforce, tables
from data.alerts import listing
from data.rows import card_of, current_load
from operations.places import placestate
from routing.ground import CityCard

Line: TypeAlias = dict[str, Any]
"""One row of the state: plain values of JSON."""
Section: TypeAlias = dict[str, Line]

T = TypeVar("T")
MOST_REMEMBERED: Final = 500
"""Of each kind."""
_BY_AREA: Final = """
SELECT coalesce(a.name, '') AS name, sum(h.n)::bigint AS households
FROM (SELECT area, count(*) AS n FROM household WHERE load_id = :load GROUP BY area) h
LEFT JOIN area a ON a.load_id = :load AND a.kind = 'chome' AND a.number = h.area
GROUP BY 1 ORDER BY 1
"""
_known: dict[str, dict[Hashable, Any]] = {}
_lock: Final = Lock()


class Look:
    """The data at one moment; `connection` is in a transaction of one unchanging view."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self.connection, self.now = connection, now

    @cached_property
    def load(self) -> Row[Any]:
        """The city's row; raises `NoCity`."""
        return current_load(self.connection)

    @cached_property
    def code(self) -> str:
        """The city's code."""
        return str(self.load.code)

    @cached_property
    def card(self) -> CityCard:
        """Its card."""
        return card_of(self.load)

    @cached_property
    def orders(self) -> Sequence[Row[Any]]:
        """The orders that stand, the oldest first."""
        return inforce.standing(self.connection, tables.evacuation_order, self.code)

    @cached_property
    def homes(self) -> Mapping[str, int]:
        """Households by the name of their 町丁目, "" for those in none."""

        def count() -> dict[str, int]:
            rows = self.connection.execute(sql(_BY_AREA), {"load": self.load.id})
            return {row.name: row.households for row in rows}

        return remembered(("homes", self.token), count)

    @cached_property
    def places(self) -> Sequence[Mapping[str, Any]]:
        """What staff see of all places; what people wrote is in it."""
        return placestate.staff_states(self.connection, self.load, self.now)

    @cached_property
    def revisions(self) -> Sequence[Row[Any]]:
        """The revisions of alerts that headquarters lists, the newest first."""
        return listing.listed(self.connection, self.code, self.now)

    @cached_property
    def standing(self) -> set[int]:
        """Those that orders in force stand for."""
        return listing.standing(self.connection, self.code)

    @property
    def token(self) -> str:
        """What tells this load from every other."""
        return f"{self.load.token} {self.load.id}"


def remembered(key: tuple[str, *tuple[Hashable, ...]], make: Callable[[], T]) -> T:
    """What `make` said of a key when it was first asked: only of what never changes. A key begins
    with its kind; of each kind those stay that were asked for last.
    """
    with _lock:
        mine = _known.setdefault(key[0], {})
        if key in mine:
            found: T = mine.pop(key)
            mine[key] = found
            return found
    made = make()
    with _lock:
        while len(mine) >= MOST_REMEMBERED:
            mine.pop(next(iter(mine)))
        mine[key] = made
    return made


def iso(at: datetime | None) -> str | None:
    """A moment as the state has it: in UTC, by the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else None


def moment(text: str | None) -> datetime | None:
    """A moment out of the state."""
    return datetime.fromisoformat(text) if text else None
