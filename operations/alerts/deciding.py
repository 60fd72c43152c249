"""Deciding: two people, or a named officer alone who is countersigned afterwards.

Approval, the mayor's order and the first row to be sent are one transaction; what of earlier
revisions is unsent stops in it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from alerts.errors import NotFit
from alerts.kinds import Step
from alerts.life import (
    OUT,
    Duty,
    RevisionState,
    check_approver,
    check_author,
    check_countersigner,
    check_glass,
)
from city.staff import Caller
from data.alerts import delegates, revisions
from data.database import transaction
from data.people import audit
from operations.alerts.checking import Found, check_now
from operations.alerts.doorreturns import recall_in
from operations.alerts.drafting import city
from operations.alerts.orders import carry_out, check_order
from operations.alerts.telling import tell
from operations.refusals import refusals
from operations.wording import line


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever releases it has seen: the digest of the words, and the second look at its reach
    where it is above a share of the city.
    """

    digest: str
    second_look: bool = False


def approve(
    engine: Engine, by: Caller, number: int, seen: Seen, *, why: str = "", now: datetime
) -> list[int]:
    """Release what somebody else wrote; returns the numbers of the orders that stand for it.

    Raises `AlertError` and its kinds, `HazardError` and its kinds, `NotThere`, `Refused`.
    """
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        person = check_approver(revisions.hands_of(row), by)
        found = _as_seen(connection, load, row, seen, now)
        return _release(connection, load, row, found, by, person, now, why=why)


def break_glass(
    engine: Engine, by: Caller, number: int, seen: Seen, *, why: str, now: datetime
) -> list[int]:
    """A named officer sends alone: with a reason, and another one countersigns afterwards."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        named = delegates.named(connection, load.code, Duty.BREAK_GLASS)
        delegated = {one.staff_id for one in named}
        person = check_glass(revisions.hands_of(row), by, delegated, Step(row.step))
        why = line(why, "単独で送信する理由", needed=True)
        found = _as_seen(connection, load, row, seen, now)
        return _release(connection, load, row, found, by, person, now, glass=why)


def countersign(engine: Engine, by: Caller, number: int, *, now: datetime) -> None:
    """Another approver signs what was sent alone."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        person = check_countersigner(revisions.hands_of(row), by)
        revisions.change(connection, number, countersigned_by=person, countersigned_at=now)
        tell(connection, load, number)
        audit.record(connection, by, "alert.countersigned", str(number))


def reject(engine: Engine, by: Caller, number: int, *, why: str, now: datetime) -> None:
    """Another person does not release it, and says why."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        row = revisions.get(connection, load.code, number, hold=True)
        person = check_approver(revisions.hands_of(row), by)
        why = line(why, "却下の理由", needed=True)
        values = {"decided_by": person, "decided_at": now, "decided_why": why}
        revisions.take_back(connection, row, state=RevisionState.REJECTED, **values)
        tell(connection, load, number)
        audit.record(connection, by, "alert.rejected", str(number))


def stop(engine: Engine, by: Caller, number: int, *, why: str, now: datetime) -> None:
    """Send nothing more of it. Orders stay as they are: only an all-clear lifts them."""
    with (
        refusals(engine, by, "alert", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = city(connection)
        check_author(by)
        row = revisions.get(connection, load.code, number, hold=True)
        if RevisionState(row.state) not in OUT or row.stopped_at is not None:
            raise NotFit("送信中の配信ではありません（nothing of it is being sent）")
        why = line(why, "止める理由", needed=True)
        revisions.stop(connection, [number], by.actor, why, now)
        tell(connection, load, number)
        audit.record(connection, by, "alert.stopped", str(number))


def _as_seen(
    connection: Connection, load: Row[Any], row: Row[Any], seen: Seen, now: datetime
) -> Found:
    found = check_now(connection, load, row, now)
    found.raise_if_stopped()
    if found.digest != seen.digest:
        raise NotFit(
            "見ていた文面や区域と違っています。画面を開き直して確かめてください"
            "（it is not what you have seen: look again）"
        )
    if found.blast["second_look"] and not seen.second_look:
        share = round(100 * found.blast["share"])
        raise NotFit(
            f"市の世帯の {share}% に届きます。人数を確かめて、もう一度承認してください"
            "（it reaches a large share of the city: confirm that too）"
        )
    return found


def _release(
    connection: Connection,
    load: Row[Any],
    row: Row[Any],
    found: Found,
    by: Caller,
    person: int,
    now: datetime,
    *,
    why: str = "",
    glass: str | None = None,
) -> list[int]:
    earlier = [one.id for one in revisions.of_alert(connection, row.alert_id) if one.id != row.id]
    check_order(connection, load, row)
    revisions.stop(connection, earlier, by.actor, f"第{row.revision}版に替わった", now)
    values = {"decided_by": person, "decided_at": now, "decided_why": why or None}
    revisions.change(
        connection,
        row.id,
        state=RevisionState.APPROVED,
        glass_why=glass,
        **values,
        **found.stored(),
    )
    orders = carry_out(connection, load, row, by)
    # After it: who numbers anything waits there already, door lists come behind.
    recall_in(connection, load, row, by, now)
    tell(connection, load, row.id)
    action = "alert.approved" if glass is None else "alert.sent_alone"
    audit.record(connection, by, action, str(row.id), alert=row.alert_id, orders=orders)
    return orders
