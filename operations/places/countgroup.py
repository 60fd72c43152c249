"""Requests that arrive together are written together: one transaction, one wait for the disk.

Alone a request is written at once. While one transaction is under way others gather, and the next
one takes them all: the more arrive, the less each costs.
"""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from city.staff import Caller
from data import inforce
from data.database import transaction
from data.errors import DataError
from data.people import audit
from data.people.audit import Deed
from data.places import figures, headcounts
from data.places.figures import Reckoned
from data.places.placerows import city_of, read_places
from operations.places.placestate import publish
from operations.places.taking import GivenCount, Taken, Taking
from shelters.counting import HeadCount

TOGETHER: Final = 400
"""Requests in one transaction."""
MOST_COUNTS: Final = 2000
"""Counts in it: tablets that come back from a night offline send hundreds each."""


@dataclass(frozen=True, slots=True)
class CountRequest:
    """The counts of one place as one device sent them."""

    by: Caller
    site_id: str
    counts: tuple[GivenCount, ...]
    sent_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class CountsTaken:
    """What became of each count, in the order given, and what staff see of the place now."""

    results: tuple[Taken, ...]
    site: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request that somebody waits for; told None: there is no such place."""

    request: CountRequest
    told: "Future[CountsTaken | None]" = field(default_factory=Future)


class CountGroup:
    """The requests of one server process on one database, and the thread that writes them."""

    def __init__(self) -> None:
        self._queue: deque[_Waiting] = deque()
        self._writer = ThreadPoolExecutor(1, "counts")

    def write(self, engine: Engine, request: CountRequest) -> "Future[CountsTaken | None]":
        """Write a request: it is told when it is committed, or None where there is no such place.

        It raises `NoDatabase`, `NoCity`.
        """
        waiting = _Waiting(request)
        self._queue.append(waiting)
        self._writer.submit(self._write_together, engine)
        return waiting.told

    def _write_together(self, engine: Engine) -> None:
        """Whoever waits; a failure that is not the database's is that of one request."""
        batch = [one for one in self._taken() if one.told.set_running_or_notify_cancel()]
        if not batch:
            return
        try:
            _write(engine, batch)
        except DataError as error:
            _fail(batch, error)
        except Exception as error:
            if len(batch) == 1:
                _fail(batch, error)
            for one in batch if len(batch) > 1 else []:
                _write_alone(engine, one)

    def _taken(self) -> Iterator[_Waiting]:
        """Those who waited longest, with no more counts than one transaction may have."""
        counts = 0
        for _ in range(min(len(self._queue), TOGETHER)):
            counts += len(self._queue[0].request.counts)
            if counts > MOST_COUNTS and counts > len(self._queue[0].request.counts):
                # Each request was announced once: what is left is written by its own turn.
                return
            yield self._queue.popleft()


def _write_alone(engine: Engine, one: _Waiting) -> None:
    try:
        _write(engine, [one])
    except Exception as error:
        _fail([one], error)


def _write(engine: Engine, batch: Sequence[_Waiting]) -> None:
    with transaction(engine, latest=True) as connection:
        # Before the city is read: what is counted while a load moves the id would be left behind.
        inforce.wait_for_load(connection)
        load = city_of(connection)
        found = write_counts(connection, load, [one.request for one in batch])
    for waiting, one in zip(batch, found, strict=True):
        waiting.told.set_result(one)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        waiting.told.set_exception(error)


_GROUPS: Final[WeakKeyDictionary[Engine, CountGroup]] = WeakKeyDictionary()
_FINDING: Final = threading.Lock()


def group_of(engine: Engine) -> CountGroup:
    """The one group of an engine."""
    with _FINDING:
        found = _GROUPS.get(engine)
        if found is None:
            found = _GROUPS[engine] = CountGroup()
        return found


def write_counts(
    connection: Connection, load: Any, requests: Sequence[CountRequest]
) -> list[CountsTaken | None]:
    """Write requests in a transaction (`latest`) in which nothing is numbered yet.

    Returns what became of each, None where there is no such place.
    """
    ids, now = sorted({one.site_id for one in requests}), max(one.now for one in requests)
    kept = figures.hold(connection, load.code, ids)
    places = read_places(connection, load, list(kept), now)
    named = (name for one in requests for count in one.counts for name in (count.id, count.undoes))
    known = headcounts.known(connection, load.code, [name for name in named if name])
    seen = set(known.ids)
    takings = {
        key: Taking(place, kept[key], known.at.get(key, ()), seen) for key, place in places.items()
    }
    taken = [_take(takings.get(one.site_id), one) for one in requests]
    new = [(key, received) for key, taking in takings.items() for received in taking.new]
    added = headcounts.add_all(connection, load.code, new)
    reckoned = {key: _reckoned(connection, load, taking, added) for key, taking in takings.items()}
    sites = publish(connection, load, places, kept, reckoned, now)
    deeds = [
        deed
        for request, counts in zip(requests, taken, strict=True)
        for deed in _deeds(request, [one for one in counts or () if _is_new(one, added)])
    ]
    if deeds:
        audit.record_all(connection, deeds)
    told: list[CountsTaken | None] = []
    for request, counts in zip(requests, taken, strict=True):
        key = request.site_id
        results = [takings[key].result(one, reckoned[key].figure, added) for one in counts or ()]
        told.append(None if counts is None else CountsTaken(tuple(results), sites[key]))
    return told


def _take(taking: Taking | None, request: CountRequest) -> list[HeadCount | Taken] | None:
    if taking is None:
        return None
    return [taking.take(one, request.by, request.sent_at, request.now) for one in request.counts]


def _reckoned(connection: Connection, load: Any, taking: Taking, added: set[str]) -> Reckoned:
    """The figure with what is new; replayed where that is needed, or another was quicker."""
    place, figure = taking.place, taking.figure
    if figure is None or any(one.count.id not in added for one in taking.new):
        figure = headcounts.replay(connection, load.code, place.id, place.begins)
    return Reckoned(figure, place.begins)


def _is_new(one: HeadCount | Taken, added: set[str]) -> bool:
    return isinstance(one, HeadCount) and one.id in added


def _deeds(request: CountRequest, new: Sequence[Any]) -> list[Deed]:
    """What the audit log says of a request, nothing of one that brought nothing new."""
    if not new:
        return []
    held = sum(one.held for one in new)
    via = sorted({one.via for one in new})
    details = {"applied": len(new) - held, "held": held, "via": via}
    return [Deed(request.by, "counts.taken", request.site_id, details)]
