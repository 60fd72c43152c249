"""Head counts of many tablets in one transaction (`operations/together.py`)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine

from city.staff import Caller
from data import inforce
from data.database import transaction
from data.people import audit
from data.people.audit import Deed
from data.places import figures, headcounts
from data.places.figures import Reckoned
from data.places.placerows import city_of, read_places
from operations.places.placestate import publish
from operations.places.taking import GivenCount, Taken, Taking
from operations.together import Groups, Together
from shelters.counting import HeadCount

MOST_COUNTS: Final = 2000
"""Counts in one transaction: tablets that come back from a night offline send hundreds each."""


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


def _write(engine: Engine, requests: Sequence[CountRequest]) -> list[CountsTaken | None]:
    with transaction(engine, latest=True) as connection:
        # Before the city is read: what is counted while a load moves the id would be left behind.
        inforce.wait_for_load(connection)
        return write_counts(connection, city_of(connection), requests)


GROUPS: Final = Groups(
    lambda: Together("counts", _write, weighs=lambda one: len(one.counts), most=MOST_COUNTS)
)
"""A request is told None where there is no such place. Writing raises `NoDatabase`, `NoCity`."""


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
