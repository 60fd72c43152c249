"""Head counts of the fictional town's places, for tests that take them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy import text as sql

from city.staff import Caller, CallerKind, Role
from data import inforce
from data.database import transaction
from data.places.placerows import city_of
from data.rows import current_load, read_sites
from operations.places.counts import CountsTaken, GivenCount, record_counts
from operations.places.placestate import renew
from operations.places.placestate import staff_state as read_state
from shelters.counting import CountKind
from shelters.place import Opening

EIGHT: Final = datetime(2035, 9, 1, 11, 0, tzinfo=UTC)
"""20:00 in Japan, later than any clock that runs these tests."""
M: Final = timedelta(minutes=1)
PLACE: Final = "E9990100001201"
OTHER: Final = "E9990100002201"
TABLET: Final = Caller(CallerKind.DEVICE, 5, "受付1", frozenset({Role.DESK}), PLACE)
CHANGE, TOTAL, STILL = CountKind.CHANGE, CountKind.TOTAL, CountKind.STILL


def name(number: int) -> str:
    """The id that a device made, always the same one of a number."""
    return str(UUID(int=number))


def a_count(number: int, kind: CountKind, persons: int, minute: float, **more: Any) -> GivenCount:
    """A count of a number, so many minutes after 20:00."""
    return GivenCount(name(number), kind, persons, EIGHT + minute * M, **more)


@dataclass(frozen=True, slots=True)
class Desk:
    """A tablet at a place, whose clock is right unless told otherwise."""

    engine: Engine
    site_id: str = PLACE
    by: Caller = TABLET

    def at(self, site_id: str) -> "Desk":
        """The tablet of another place."""
        return replace(self, site_id=site_id, by=replace(self.by, site_id=site_id))

    def send(
        self, *counts: GivenCount, minute: float = 60, sent_minute: float | None = None
    ) -> CountsTaken:
        """Send counts at a minute after 20:00, by the tablet's clock at another."""
        sent_at = EIGHT + (minute if sent_minute is None else sent_minute) * M
        now = EIGHT + minute * M
        return record_counts(self.engine, self.by, self.site_id, counts, sent_at=sent_at, now=now)

    def say(self, opening: Opening, minute: float = 0) -> None:
        """Somebody says that the place is open, or not."""
        now = EIGHT + minute * M
        with transaction(self.engine, latest=True) as connection:
            load = current_load(connection)
            sites = {site.id: site for site in read_sites(connection, load.id)}
            inforce.set_opening(
                connection, load.code, sites[self.site_id], opening, since=now, said_by="staff:1"
            )
            ends = sql("UPDATE site_opening SET ended_at = :at WHERE ended_at = now()")
            connection.execute(ends, {"at": now})
            renew(connection, load, self.site_id, now)

    def state(self, minute: float = 60) -> dict[str, Any]:
        """What staff see of the place at a minute after 20:00."""
        with transaction(self.engine) as connection:
            return read_state(connection, city_of(connection), self.site_id, EIGHT + minute * M)
