"""The phone desk's slips: taken, joined, handed on, closed, and erased when their time is over."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row

from city.staff import SYSTEM, Caller
from data.database import transaction
from data.errors import NotThere
from data.people import audit
from data.places import callslips
from data.rows import current_load
from operations.errors import Refused
from operations.phone.slips import GivenSlip, HandedTo, Outcome, similar_slips, slip_table
from operations.refusals import refusals
from operations.wording import line, phone_number

KEPT_FOR: Final = timedelta(days=30)
"""After closing: a caller rings again about the same night, and the night is reported on, within
weeks; personal data is held no longer than its purpose needs it (個人情報保護法61条2項)."""
FORGOTTEN_AFTER: Final = 3 * KEPT_FOR
"""A slip that nobody has closed by then is of a night long over."""
MOST: Final = 200
LONGEST_NEED: Final = 400


def take_slip(engine: Engine, by: Caller, given: GivenSlip, now: datetime) -> dict[str, Any]:
    """Keep a slip; the same id once more gives the same slip. `similar` may be of one matter.

    Raises `Refused` for what cannot be kept as it is.
    """
    with refusals(engine, by, "slip"), transaction(engine, latest=True) as connection:
        values = _values(given)
        code = current_load(connection).code
        similar = similar_slips(connection, code, given, values, now)
        row, fresh = callslips.add(
            connection,
            given.client_id,
            **values,
            city_code=code,
            taken_by=by.actor,
            taken_at=now,
            closed_at=now if given.outcome else None,
        )
        if row.city_code != code:
            raise Refused("その受付票は別の市のものです（the slip is of another city）")
        others = [slip_table(one) for one in similar if one.id != row.id]
        if fresh:
            words = {"state": row.state, "handed_to": row.handed_to, "outcome": row.outcome}
            audit.record(connection, by, "slip.taken", str(row.id), **words)
        return {"slip": slip_table(row), "fresh": fresh, "similar": others}


def standing_slips(engine: Engine) -> list[dict[str, Any]]:
    """Slips that somebody still works on, newest first, with how many were joined into each."""
    with transaction(engine) as connection:
        code = current_load(connection).code
        joined = callslips.joined_counts(connection, code)
        rows = callslips.standing(connection, code, MOST)
        return [slip_table(row, joined.get(row.id, 0)) for row in rows]


def join_slip(engine: Engine, by: Caller, number: int, into: int, now: datetime) -> None:
    """Join a slip into another of the same matter; raises `NotThere`, `Refused`."""
    with refusals(engine, by, "slip", str(number)), transaction(engine, latest=True) as connection:
        if number == into:
            raise Refused("同じ受付票です（a slip is not joined into itself）")
        # In the order of their numbers: two who join each other's slips do not wait for ever.
        rows = {one: _slip(connection, one) for one in sorted((number, into))}
        if rows[number].state == "joined" and rows[number].joined_into == into:
            return
        for row in rows.values():
            _check_standing(row)
        callslips.change(connection, number, state="joined", joined_into=into, closed_at=now)
        callslips.follow(connection, number, into)
        audit.record(connection, by, "slip.joined", str(number), into=into)


def hand_slip(engine: Engine, by: Caller, number: int, to: HandedTo) -> None:
    """Hand a matter on; it stays on the list until somebody closes it."""
    with refusals(engine, by, "slip", str(number)), transaction(engine, latest=True) as connection:
        row = _slip(connection, number)
        _check_standing(row)
        if row.handed_to == to:
            return
        callslips.change(connection, number, state="handed", handed_to=to)
        audit.record(connection, by, "slip.handed", str(number), to=to)


def close_slip(engine: Engine, by: Caller, number: int, outcome: Outcome, now: datetime) -> None:
    """Close a matter."""
    with refusals(engine, by, "slip", str(number)), transaction(engine, latest=True) as connection:
        row = _slip(connection, number)
        if row.state == "closed" and row.outcome == outcome:
            return
        _check_standing(row)
        callslips.change(connection, number, state="closed", outcome=outcome, closed_at=now)
        audit.record(connection, by, "slip.closed", str(number), outcome=outcome)


def reopen_slip(engine: Engine, by: Caller, number: int) -> None:
    """Put a slip that was closed or joined by mistake back on the list."""
    with refusals(engine, by, "slip", str(number)), transaction(engine, latest=True) as connection:
        row = _slip(connection, number)
        if row.state in callslips.STANDING:
            return
        state = "handed" if row.handed_to else "open"
        values = {"state": state, "outcome": None, "joined_into": None, "closed_at": None}
        callslips.change(connection, number, **values)
        audit.record(connection, by, "slip.reopened", str(number))


def erase_old(engine: Engine, now: datetime) -> int:
    """Erase what is personal in slips closed longer ago than `KEPT_FOR`, or forgotten; returns
    how many.
    """
    with transaction(engine, latest=True) as connection:
        count = callslips.erase(connection, now - KEPT_FOR, now - FORGOTTEN_AFTER)
        if count:
            audit.record(connection, SYSTEM, "slip.erased", count=count)
        return count


def _values(given: GivenSlip) -> dict[str, Any]:
    need = " ".join(given.need.split())
    values = {
        "landmark": line(given.landmark, "場所"),
        "caller": line(given.caller, "名前"),
        "caller_phone": phone_number(given.phone, "電話番号"),
        "need": line(need, "用件", longest=LONGEST_NEED),
    }
    if not any(values.values()) and given.position is None:
        raise Refused("場所・用件・電話番号のどれかを書いてください（say where, what or who）")
    closed, handed = given.outcome is not None, given.handed_to is not None
    return values | {
        "geom": callslips.stored(given.position),
        "told": {**given.told, "exact": given.exact},
        "state": "closed" if closed else "handed" if handed else "open",
        "handed_to": given.handed_to,
        "outcome": given.outcome,
    }


def _slip(connection: Connection, number: int) -> Row[Any]:
    row = callslips.find(connection, current_load(connection).code, number)
    if row is None:
        raise NotThere(f"受付票 {number} はありません（no such slip）")
    return row


def _check_standing(row: Row[Any]) -> None:
    if row.state not in callslips.STANDING:
        done = "まとめられて" if row.state == "joined" else "終わって"
        raise Refused(f"受付票 {row.id} はもう{done}います（the slip is {row.state} already）")
