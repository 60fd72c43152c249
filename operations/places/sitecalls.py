"""Calls to places: who called when, and which place is called next."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, func, select

from city.staff import Caller
from data import inforce, tables
from data.database import transaction
from data.people import audit
from operations.places import placestate
from operations.places.onesite import one_site
from operations.places.siteinfo import contacts
from operations.refusals import refusals
from operations.wording import LONGEST_NOTE, line
from shelters.calling import Uncounted, in_order_of_calls, unknown_since
from shelters.place import Opening
from shelters.settings import CrowdRules

KEPT_IN_SIGHT: Final = 10


class Outcome(StrEnum):
    """What came of a call."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"


def note_call(
    engine: Engine, by: Caller, site_id: str, outcome: Outcome, *, note: str = "", now: datetime
) -> None:
    """Note that a place was called, whether or not anybody answered.

    Raises `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "call", site_id),
        transaction(engine, latest=True) as connection,
    ):
        load, site = one_site(connection, by, site_id)
        values = {
            "city_code": load.code,
            "site_id": site.id,
            "called_at": now,
            "called_by": by.actor,
            "outcome": outcome,
            "note": line(note, "メモ", longest=LONGEST_NOTE),
        }
        connection.execute(tables.site_call.insert().values(**values))
        placestate.renew(connection, load, site.id, now)
        audit.record(connection, by, "place.called", site.id, outcome=outcome)


def calls(connection: Connection, load: Row[Any]) -> dict[str, list[dict[str, Any]]]:
    """The last calls to each place, newest first, with the names of those who called."""
    table, staff, device = tables.site_call, tables.staff, tables.device
    place = func.row_number().over(partition_by=table.c.site_id, order_by=table.c.id.desc())
    called = select(table, place.label("place")).where(table.c.city_code == load.code).subquery()
    actor = called.c.called_by
    query = (
        select(called, func.coalesce(staff.c.name, device.c.name, actor).label("name"))
        .outerjoin(staff, func.concat("staff:", staff.c.id) == actor)
        .outerjoin(device, func.concat("device:", device.c.id) == actor)
        .where(called.c.place <= KEPT_IN_SIGHT)
        .order_by(called.c.id.desc())
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(query):
        said = {"at": row.called_at.isoformat(), "outcome": row.outcome, "note": row.note}
        found.setdefault(row.site_id, []).append(said | {"called_by": row.name})
    return found


def call_next(
    connection: Connection,
    load: Row[Any],
    now: datetime,
    states: Sequence[Mapping[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """The places to call, whose telephone numbers are for headquarters alone.

    Those that people go to and whose figure is 不明: open, full or in danger and not counted for as
    long as a figure holds, or open by plan alone while an order stands, and those of which more
    left than ever came. Near to full by the last figure come first, then the longest unknown; a
    place called within ten minutes waits behind the others. `states`: what staff see of all places,
    where somebody has it.
    """
    if states is None:
        states = placestate.staff_states(connection, load, now)
    orders = inforce.standing(connection, tables.evacuation_order, load.code)
    ordered_since = min((row.begun_at for row in orders), default=None)
    phones, called = contacts(connection, load), calls(connection, load)
    rules = placestate.rules_of(load)
    by_id = {state["id"]: state for state in states}
    places = (
        _uncounted(state, called.get(state["id"], []), ordered_since, rules, now)
        for state in states
    )
    return [
        {
            "id": place.id,
            "name": by_id[place.id]["name"],
            "phone": phones[place.id].phone if place.id in phones else "",
            "last_persons": by_id[place.id]["raw_persons"],
            "below_zero": by_id[place.id]["below_zero"],
            "last_counted_at": by_id[place.id]["raw_counted_at"],
            "unknown_since": place.unknown_since.isoformat(),
            "last_call": next(iter(called.get(place.id, [])), None),
        }
        for place in in_order_of_calls(filter(None, places), now)
    ]


def _uncounted(
    state: Mapping[str, Any],
    called: Sequence[Mapping[str, Any]],
    ordered_since: datetime | None,
    rules: CrowdRules,
    now: datetime,
) -> Uncounted | None:
    """A place as it waits to be called, None where its figure is not missed."""
    since = unknown_since(
        Opening(state["opening"]),
        opening_since=_moment(state["opening_since"]),
        ordered_since=ordered_since,
        counted_at=_moment(state["raw_counted_at"]),
        below_zero=state["below_zero"],
        rules=rules,
        now=now,
    )
    if since is None:
        return None
    near_full = state["opening"] == Opening.FULL or _ratio(state) >= rules.crowded
    last = _moment(called[0]["at"]) if called else None
    return Uncounted(state["id"], since, near_full, last)


def _ratio(state: Mapping[str, Any]) -> float:
    """The last figure for each person that the place holds, however old it is."""
    return (state["raw_persons"] or 0) / (state["raw_capacity"] or math.inf)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
