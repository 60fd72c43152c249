"""Sources as people are shown them: read at most once in ten seconds, however many ask.

With the database away the last reading goes on, and says how old it is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy import Engine

from data import infosources
from data.database import transaction
from data.errors import NoCity, NoDatabase
from data.infosources import Found, State
from data.rows import current_load
from hazards.information import Item, Reported, Shape, Theme, Way, known_for
from hazards.informationsettings import OpenLicence, open_licence

FRESH: Final = timedelta(seconds=10)
FIRST_WAIT_S: Final = 2.0
"""So long those wait who ask while the very first reading is made."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of the sources that people see, when, and how the city licenses its own."""

    sources: tuple[Reported, ...]
    at: datetime
    licence: OpenLicence


@dataclass(slots=True)
class Informed:
    """The last reading; whoever holds the lock makes the next one."""

    engine: Engine | None
    _last: Reading | None = None
    _lock: Lock = field(default_factory=Lock)
    _items: dict[tuple[int, datetime], tuple[Item, ...]] = field(default_factory=dict)

    def reading(self, now: datetime) -> Reading | None:
        """The newest reading that there is; None where none was ever made."""
        last = self._last
        if last is not None and abs(now - last.at) < FRESH:
            return last
        # Nobody waits for a slow database who can have the last reading.
        if not self._lock.acquire(timeout=FIRST_WAIT_S if last is None else 0):
            return self._last
        try:
            self._last = self._read(now)
        except (NoCity, NoDatabase):
            return self._last
        finally:
            self._lock.release()
        return self._last

    def _read(self, now: datetime) -> Reading:
        if self.engine is None:
            raise NoDatabase("this server was started without a database (DATABASE_URL)")
        with transaction(self.engine) as connection:
            load = current_load(connection)
            rows = infosources.listed(connection, load.code)
            seen = [row for row in rows if row.public]
            numbers = [row.id for row in seen]
            good = infosources.copies(connection, numbers, State.GOOD, items=False)
            new = [one.source_id for one in good.values() if _key(one) not in self._items]
            came = infosources.copies(connection, new, State.GOOD)
        known = {_key(one): self._items.get(_key(one), ()) for one in good.values()}
        self._items = known | {_key(one): infosources.items_of(one) for one in came.values()}
        told = tuple(self._reported(row, good.get(row.id)) for row in seen)
        return Reading(told, now, open_licence(load.settings))

    def _reported(self, row: Found, copy: Found | None) -> Reported:
        return Reported(
            number=row.id,
            name=row.name,
            theme=theme_of(row),
            licence=row.licence,
            attribution=row.attribution,
            known_for=known_for(Way(row.way), timedelta(seconds=row.every_s)),
            items=() if copy is None else self._items[_key(copy)],
            said_at=None if copy is None else copy.said_at,
            heard_at=row.heard_at,
            failing_since=row.failing_since,
        )


def theme_of(row: Found) -> Theme:
    """What it tells of; lists of sites are a neighbour's, whatever was said when one was added."""
    return Theme.NEIGHBOUR if row.format == Shape.GSI_SITES else Theme(row.theme)


def _key(copy: Found) -> tuple[int, datetime]:
    """A copy's number stays where another one takes its place; the moment at which it came not."""
    return copy.id, copy.came_at
