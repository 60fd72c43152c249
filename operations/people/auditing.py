"""The audit log, checked and read; and refusals, written into it by a thread of their own.

Refusals come from whoever likes to knock: they are bounded, so that nobody can fill the disk with
them or hold up those who must write.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import SYSTEM, Caller, CallerKind
from data.database import transaction
from data.errors import NoDatabase
from data.people import audit
from data.people.audit import FIRST, Entry

log = logging.getLogger("nigemichi.audit")

REFUSED: Final = "refused"
EACH_MINUTE: Final = 20
"""Refusals written for one caller; more are counted in one entry. The whole public is one."""
MOST_WAITING: Final = 500
"""Refusals that wait while the database is away; more are counted."""
PAUSE_S: Final = 0.5
"""Between two writings: each holds the lock of whoever numbers changes for a moment."""
AGAIN_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking the log found: how many entries, the last hash, the first broken number."""

    entries: int
    head: str
    broken: int | None
    why: str = ""


def verify(engine: Engine, head: str | None = None) -> Checked:
    """Check every entry against the one before it; with `head`, that this hash was ever the last.

    A log whose last entries were cut off is whole in itself: only a head noted elsewhere tells.
    """
    previous, number, seen = FIRST, 0, head is None or head == FIRST
    with transaction(engine) as connection, closing(audit.entries(connection)) as entries:
        for entry in entries:
            number += 1
            why = _broken(entry, number, previous)
            if why:
                return Checked(number - 1, previous, number, why)
            previous = entry.hash
            seen = seen or previous == head
    if not seen:
        return Checked(
            number,
            previous,
            number + 1,
            "the head that was noted is not in the log: entries are gone",
        )
    return Checked(number, previous, None)


def _broken(entry: Entry, number: int, previous: str) -> str:
    if entry.number != number:
        return f"entry {number} is missing"
    if entry.previous != previous:
        return "it does not follow from the entry before it"
    return "" if entry.is_as_written else "it is not as it was written"


def last_entries(engine: Engine, count: int) -> list[Entry]:
    """The newest entries, newest first."""
    with transaction(engine, latest=True) as connection:
        return audit.last(connection, count)


@dataclass(frozen=True, slots=True)
class _Refusal:
    by: Caller
    subject: str
    details: Mapping[str, Any]


class Refusals:
    """Writes who was refused what, off the way of requests. `close` writes what is left."""

    def __init__(self, engine: Engine | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine, self._clock = engine, clock
        self._lock = threading.Lock()
        self._waiting: deque[_Refusal] = deque()
        self._minute, self._written = 0, Counter[str]()
        self._counted: Counter[tuple[str, int]] = Counter()
        self._work, self._closed = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def note(self, by: Caller, subject: str, *, status: int, why: str, **details: Any) -> None:
        """Note a refusal; returns at once. `subject` is a route's template, never a path."""
        if self._engine is None or self._closed.is_set():
            return
        who = by.actor if by.kind != CallerKind.PUBLIC else "public"
        with self._lock:
            minute = int(self._clock() // 60)
            if minute != self._minute:
                self._minute, self._written = minute, Counter()
            self._written[who] += 1
            if self._written[who] > EACH_MINUTE or len(self._waiting) >= MOST_WAITING:
                self._counted[(who, minute)] += 1
            else:
                said = {"status": status, "why": why, **details}
                self._waiting.append(_Refusal(by, subject, said))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="refusals", daemon=True)
                self._thread.start()
        self._work.set()

    def close(self) -> None:
        """Write what is left and end; what cannot be written within seconds is lost."""
        self._closed.set()
        self._work.set()
        if self._thread is not None:
            self._thread.join(AGAIN_S)

    def _run(self) -> None:
        while not self._closed.is_set():
            # A minute that is over is written even when nobody knocks any more.
            self._work.wait(timeout=60 if self._counted else None)
            self._work.clear()
            self._closed.wait(PAUSE_S if self._write() else AGAIN_S)
        self._write()

    def _write(self) -> bool:
        """Write what waits; False where the database is away, and it waits on."""
        waiting, counted = self._taken()
        engine = self._engine
        if engine is None or not (waiting or counted):
            return True
        try:
            with transaction(engine, latest=True) as connection:
                for one in waiting:
                    audit.record(connection, one.by, REFUSED, one.subject, **one.details)
                for who, count in counted.items():
                    said = {"more": count, "from": who}
                    audit.record(connection, SYSTEM, REFUSED, "", **said)
        except NoDatabase as error:
            log.warning("refusals wait to be written: %s", error)
        except Exception as error:
            # Its words may repeat what was asked.
            log.error("refusals wait to be written: %s", type(error).__name__)
        else:
            return True
        with self._lock:
            self._waiting.extendleft(reversed(waiting))
            self._counted.update({(who, self._minute): count for who, count in counted.items()})
        self._work.set()
        return False

    def _taken(self) -> tuple[list[_Refusal], Counter[str]]:
        """What waits, and what was counted in minutes that are over."""
        with self._lock:
            waiting, self._waiting = list(self._waiting), deque()
            now = int(self._clock() // 60)
            over = [key for key in self._counted if key[1] < now or self._closed.is_set()]
            counted: Counter[str] = Counter()
            for who, minute in over:
                counted[who] += self._counted.pop((who, minute))
            return waiting, counted
