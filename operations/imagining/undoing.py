"""Taking back what was adopted, where no other page does: streets, water, how many more come."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine

from city.staff import Caller
from data import inforce, tables
from data.database import transaction
from data.homes import turnouts
from data.rows import current_load
from hazards.closure import ClosureBasis
from hazards.errors import NothingInForce
from operations.changes.change import changing
from operations.changes.roads import reopen_road
from operations.changes.water import remove_water
from operations.errors import Refused
from operations.household.turnouts import turnout_of
from operations.wording import LONGEST, line
from routing.plan.turnout import Turnout

ANOTHER_TURNOUT: Final = (
    "来る人の割合は、別のものに変わっています。何もしていません。画面の新しい内容を見てから、もう一度"
    "（another turnout stands by now, nothing was done）"
)


def why_of(reason: str) -> str:
    """Why it is taken back, as it is kept; raises `Refused` for none."""
    return line(reason, "理由", needed=True)


def water_gone(engine: Engine, by: Caller, number: int, reason: str) -> None:
    """An approver says that this water is gone; raises `Refused` where none of it stands."""
    reason = why_of(reason)
    try:
        remove_water(engine, [number], by=by, reason=reason)
    except NothingInForce as error:
        raise Refused("その番号の水の記録はありません（no such water stands）") from error


def turnout_table(engine: Engine) -> dict[str, Any]:
    """The turnout that was set, the one `before` it, and that of the city's file; None each where
    none is.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        row = turnouts.find_row(connection, load.code)
        before = turnouts.find_before(connection, row) if row is not None else None
    return {
        "set": None if row is None else _turnout_row(row),
        "before": None if before is None else _turnout_row(before),
        "city": asdict(turnout_of(load)),
    }


def _turnout_row(row: Any) -> dict[str, Any]:
    shares = asdict(turnouts.shares_of(row))
    return {"id": row.id, "reason": row.reason, "at": row.begun_at.isoformat(), "shares": shares}


def turnout_as_before(
    engine: Engine, by: Caller, number: int, why: str, *, to_city: bool, now: datetime
) -> Turnout:
    """What was set before this turnout counts again, or with `to_city` that of the city's file.

    Raises `Refused` where another one stands than the `number` that was looked at, or none.
    """
    why = why_of(why)
    with changing(engine, by) as change:
        connection, load = change.connection, change.load
        row = turnouts.find_row(connection, load.code)
        if row is None or not turnouts.end(connection, load.code, now, number):
            raise Refused(ANOTHER_TURNOUT)
        before = None if to_city else turnouts.find_before(connection, row)
        if before is None:
            change.record("turnout cleared", "turnout.cleared", reason=why)
            return turnout_of(load)
        made, reason = turnouts.shares_of(before), f"前に戻す：{before.reason}"[:LONGEST]
        turnouts.begin(connection, load.code, made, reason=reason, by=by.actor, now=now)
        change.record("turnout set", "turnout.set", "", **asdict(made), reason=why)
        return made


def street_open(engine: Engine, by: Caller, number: int, reason: str) -> None:
    """An approver opens a street that was ordered closed; raises `Refused` where it was not: what
    reports closed is opened by deciding on them, or somebody else has just opened it.
    """
    reason = why_of(reason)
    with transaction(engine) as connection:
        code = current_load(connection).code
        rows = inforce.standing(connection, tables.closure, code)
    if number not in {row.id for row in rows if row.basis == ClosureBasis.ORDER}:
        raise Refused("その番号の本部の通行止めはありません（no such ordered closure stands）")
    try:
        reopen_road(engine, [number], by=by, reason=reason)
    except NothingInForce as error:
        raise Refused("もう開いています（open already）") from error
