"""A delivery worker: slots that hand over, one thread that expands and finishes.

Any number of them may run on any number of machines; killed at any moment, nothing is lost.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine

from alerts.channels.port import Carrier
from alerts.delivery import FallbackClock
from alerts.kinds import Status
from data.database import transaction
from data.delivery import carriers
from data.delivery.chunks import is_any_due, keep_leases
from data.errors import NoDatabase
from operations.delivery.canary import sing_if_due
from operations.delivery.expanding import expand_next, finish_sent
from operations.delivery.handing import hand_over_next
from operations.delivery.latecomers import Latecomers
from operations.delivery.slot import Opens, Slot

LOOKS_S: Final = 0.2
"""How often one thread looks whether anything is due; the slots wait for its word."""
RESTS_S: Final = 5.0
RENEWS_S: Final = 4.0
"""How often leases are renewed, well within `LEASE`."""
ASIDE_S: Final = 1.0
LOST_S: Final = 1.0

log = logging.getLogger("nigemichi.delivery")


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Outlet:
    """One carrier and how many calls it may have open at once: a call that hangs costs one.

    `canary` is an address of the city's own on that channel, "" where it is never tested.
    """

    carrier: Carrier
    slots: int
    canary: str = ""


@dataclass(slots=True)
class Worker:
    """Works until told to stop; `name` is its own among all workers.

    Each of `aside` has a thread of its own, where it may wait; it is called about each second, and
    again at once where it says that there is more to do.
    """

    engine: Engine
    outlets: Sequence[Outlet]
    opens: Opens
    status: Status
    name: str
    clock: FallbackClock = field(default_factory=FallbackClock)
    aside: Sequence[Callable[[datetime], object]] = ()
    _due: threading.Event = field(default_factory=threading.Event)
    _held: set[int] = field(default_factory=set)

    def run(self, stop: threading.Event) -> None:
        """Start all threads and wait for their end."""
        self._know_carriers(stop)
        threads = [
            threading.Thread(target=self._expand, args=(stop,), name="expanding"),
            threading.Thread(target=self._keep, args=(stop,), name="keeping"),
        ]
        aside = Latecomers(self.engine, self.status, self.clock), *self.aside
        threads += [threading.Thread(target=self._aside, args=(stop, one)) for one in aside]
        for outlet in self.outlets:
            if outlet.canary:
                threads.append(threading.Thread(target=self._sing, args=(stop, outlet)))
            threads += [
                threading.Thread(target=self._hand_over, args=(stop, outlet.carrier, number))
                for number in range(outlet.slots)
            ]
        for thread in threads:
            thread.start()
        stop.wait()
        self._due.set()
        for thread in threads:
            thread.join()
        for outlet in self.outlets:
            outlet.carrier.close()

    def _know_carriers(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with transaction(self.engine, latest=True) as connection:
                    self._have_carriers(connection)
                return
            except NoDatabase as error:
                log.warning("waiting: %s", error)
                stop.wait(LOST_S)

    def _have_carriers(self, connection: Connection) -> None:
        for outlet in self.outlets:
            one = outlet.carrier
            carriers.know(connection, one.credential, one.kind, self.status, _now())

    def _expand(self, stop: threading.Event) -> None:
        def work() -> bool:
            now = _now()
            if expand_next(self.engine, self.clock, now, status=self.status):
                self._due.set()
                return True
            finish_sent(self.engine, now)
            with transaction(self.engine, latest=True) as connection:
                if is_any_due(connection, self.status, now):
                    self._due.set()
            return False

        self._repeat(stop, work, lambda: stop.wait(LOOKS_S))

    def _keep(self, stop: threading.Event) -> None:
        def work() -> bool:
            with transaction(self.engine, latest=True) as connection:
                keep_leases(connection, list(self._held), _now())
                self._have_carriers(connection)
            return False

        self._repeat(stop, work, lambda: stop.wait(RENEWS_S))

    def _aside(self, stop: threading.Event, work: Callable[[datetime], object]) -> None:
        self._repeat(stop, lambda: bool(work(_now())), lambda: stop.wait(ASIDE_S))

    def _sing(self, stop: threading.Event, outlet: Outlet) -> None:
        def work() -> bool:
            sing_if_due(self.engine, outlet.carrier, outlet.canary, _now)
            return False

        self._repeat(stop, work, lambda: stop.wait(RENEWS_S))

    def _hand_over(self, stop: threading.Event, carrier: Carrier, number: int) -> None:
        name = f"{self.name}/{carrier.credential}/{number}"
        slot = Slot(self.engine, carrier, self.opens, self.status, name, _now, held=self._held)

        def rest() -> None:
            self._due.clear()
            self._due.wait(RESTS_S)

        self._repeat(stop, lambda: hand_over_next(slot), rest)

    def _repeat(
        self, stop: threading.Event, work: Callable[[], bool], rest: Callable[[], object]
    ) -> None:
        while not stop.is_set():
            try:
                if not work():
                    rest()
            except NoDatabase:
                stop.wait(LOST_S)
            except Exception as error:  # one chunk must not end a slot
                log.warning("a slot goes on after %s", type(error).__name__)
                stop.wait(LOST_S)
