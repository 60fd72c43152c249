"""The feeds as they are kept: read at most once in two seconds, however many ask for them.

With the database away the last list that was read goes on, and says how old it is.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from alerts.feed import Feed, FeedEntry
from alerts.kinds import Status
from data.database import transaction
from data.errors import NoDatabase
from data.rows import card_of, current_load
from operations.alerts.published import list_entries
from routing.ground import CityCard

FRESH: Final = timedelta(seconds=2)
FIRST_WAIT_S: Final = 5.0
"""So long those wait who ask while the very first list is read."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read, and when."""

    card: CityCard
    entries: tuple[FeedEntry, ...]
    at: datetime


@dataclass(slots=True)
class _Kept:
    """The last list of a status; whoever holds the lock reads the next one."""

    last: _Read | None = None
    lock: Lock = field(default_factory=Lock)


class Feeds:
    """The lists of alerts and of drills of the loaded city."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        self._kept = {status: _Kept() for status in Status}

    def feed(self, status: Status, site: str, now: datetime) -> Feed:
        """The feed as it is; raises `NoDatabase`, `NoCity` where none was read before.

        `site` is the address of the city's pages without a slash at its end.
        """
        read = self._newest(self._kept[status], status, now)
        card = read.card
        zone = ZoneInfo(card.timezone)
        return Feed(site, card.code, card.name, zone, status, read.entries, read.at)

    def _newest(self, kept: _Kept, status: Status, now: datetime) -> _Read:
        last = kept.last
        if last is not None and abs(now - last.at) < FRESH:
            return last
        # Nobody waits for a slow database who can have the last list.
        if not kept.lock.acquire(timeout=FIRST_WAIT_S if last is None else 0):
            if kept.last is None:
                raise NoDatabase("the list of alerts is being read")
            return kept.last
        try:
            kept.last = self._read(status, now)
        except NoDatabase:
            if kept.last is None:
                raise
        finally:
            kept.lock.release()
        return kept.last

    def _read(self, status: Status, now: datetime) -> _Read:
        if self._engine is None:
            raise NoDatabase("this server was started without a database (DATABASE_URL)")
        with transaction(self._engine) as connection:
            load = current_load(connection)
            return _Read(card_of(load), list_entries(connection, load, status, now), now)
