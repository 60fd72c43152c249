"""What changes by itself: a figure grows old, what the public may see next comes due.

It also looks at every place anew after any recorded change and any load, whoever made them, and
once an hour it erases what is kept of callers no longer than it is needed, and leaves out of the
live stream what was gone for a day. Deputies of an approver who does not decide are called, and
teams that are not back in time are passed on. Photos go at their date.
"""

import logging
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import SYSTEM
from data import inforce, waterlevels
from data.database import transaction
from data.errors import NoCity, NoDatabase
from data.live import outbox as live
from data.photos.errors import StoreAway
from data.places import figures
from data.places.placerows import city_of, site_ids
from operations.alerts import doorreturns
from operations.alerts.clocks import call_deputies
from operations.missions import recalling
from operations.people.audithead import note_head
from operations.phone.phonedesk import erase_old
from operations.photos.purging import purge
from operations.photos.settings import photo_store
from operations.places.placestate import renew_all
from operations.registering.erasing import erase_old as erase_registrations
from operations.rescues.moving import erase_old as erase_rescues
from operations.residents.erasing import erase_old as erase_line_reports
from operations.safe.erasing import erase_old as erase_safe_words

TIMEKEEPER_LOCK: Final = 7_310_005
AT_ONCE: Final = 50
"""Places in one transaction: whoever counts people waits for no more."""
EVERY_S: Final = 1.0
ERASES_EACH: Final = timedelta(hours=1)
NOTES_EACH: Final = timedelta(minutes=1)

log = logging.getLogger("nigemichi.timekeeper")


class Timekeeper:
    """Keeps the published states of places true to the time; single by an advisory lock."""

    def __init__(self, engine: Engine, state: Path | None = None) -> None:
        self.engine, self.state = engine, state
        self._seen: tuple[int, int] | None = None
        self._erased: datetime | None = None
        self._noted: datetime | None = None

    def tick(self, now: datetime) -> int:
        """Look at the places whose time has come; returns how many those were.

        Raises `NoDatabase`; without a city there is nothing to do.
        """
        with transaction(self.engine, latest=True) as connection:
            try:
                load = city_of(connection)
            except NoCity:
                return 0
            seen = load.id, inforce.last_change(connection)[0]
            everything = seen != self._seen
            ids = (
                site_ids(connection, load)
                if everything
                else figures.due(connection, load.code, now)
            )
        for first in range(0, len(ids), AT_ONCE):
            with transaction(self.engine, latest=True) as connection:
                renew_all(connection, load, now, ids[first : first + AT_ONCE])
        self._seen = seen
        return len(ids)

    def erase(self, now: datetime) -> None:
        """Erase old slips of callers, and what is gone from the live stream, once an hour."""
        if self._erased is None or now - self._erased >= ERASES_EACH:
            erase_old(self.engine, now)
            erase_registrations(self.engine, now)
            erase_rescues(self.engine, now)
            erase_safe_words(self.engine, now)
            erase_line_reports(self.engine, now)
            with transaction(self.engine, latest=True) as connection:
                live.forget(connection)
                waterlevels.erase_old(connection, now)
            self._purge_photos(now)
            self._erased = now

    def _purge_photos(self, now: datetime) -> None:
        """Photos whose date is past; a store that is away is tried an hour later."""
        if self.state is None:
            return
        try:
            purge(self.engine, photo_store(self.state), SYSTEM, now=now)
        except StoreAway as error:
            log.warning("photos are not purged: %s", error)

    def note(self, now: datetime) -> None:
        """Note the audit log's head in the state folder, once a minute."""
        if self.state and (self._noted is None or now - self._noted >= NOTES_EACH):
            self._noted = now
            try:
                if not note_head(self.engine, self.state):
                    log.error("entries of the audit log are gone: nigemichi audit verify")
            except OSError as error:  # a full disk keeps no figure from growing old
                log.warning("the audit log's head was not noted: %s", error.strerror)

    def run(self, stop: threading.Event) -> None:
        """Tick each second until told to stop; a database that went away is waited for."""
        while not stop.is_set():
            try:
                self._follow(stop)
            except Exception as error:  # nothing but being told to may end it
                if not isinstance(error, NoDatabase):
                    log.warning("the timekeeper tries again: %s", type(error).__name__)
                stop.wait(EVERY_S)

    def _follow(self, stop: threading.Event) -> None:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            # Closed afterwards, not pooled: its lock would keep the next attempt out.
            connection.detach()
            driver.set_autocommit(True)
            while not stop.is_set():
                query = "SELECT pg_try_advisory_lock(%s)"
                if driver.execute(query, (TIMEKEEPER_LOCK,)).fetchone()[0]:
                    break
                stop.wait(EVERY_S)
            while not stop.is_set():
                # Raises once the lock is lost.
                driver.execute("SELECT 1")
                now = datetime.now(UTC)
                self.tick(now)
                call_deputies(self.engine, now)
                doorreturns.overdue(self.engine, now)
                recalling.overdue(self.engine, now)
                self.erase(now)
                self.note(now)
                stop.wait(EVERY_S)
