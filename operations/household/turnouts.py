"""避難率: headquarters says how many come of those who are told to go."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row

from city.staff import Caller
from data.database import transaction
from data.homes import turnouts
from data.rows import current_load
from hazards.errors import NothingInForce
from operations.changes.change import changing
from operations.errors import Refused
from operations.wording import line
from routing.plan.settings import plan_settings_from
from routing.plan.turnout import Turnout, turnout_from


def set_turnout(
    engine: Engine, by: Caller, given: Mapping[str, float], *, reason: str, now: datetime
) -> Turnout:
    """Put shares from 0 to 1 in force by their names in `Turnout`, with the reason.

    What is not given stays as it stands, else as the city's file has it.
    Raises `RoutingError` for a share that is none, `Refused` without a reason or a share.
    """
    reason = line(reason, "理由", needed=True)
    if not given:
        raise Refused("say at least one share: nigemichi turnout set --level-4 0.15 --reason …")
    turnout_from(dict(given))
    with changing(engine, by) as change:
        connection, code = change.connection, change.load.code
        before = turnouts.standing_turnout(connection, code) or turnout_of(change.load)
        made = turnout_from(asdict(before) | dict(given))
        turnouts.end(connection, code, now)
        turnouts.begin(connection, code, made, reason=reason, by=by.actor, now=now)
        change.record("turnout set", "turnout.set", "", **asdict(made))
        return made


def clear_turnout(engine: Engine, by: Caller, *, now: datetime) -> None:
    """Let the city's file count again; raises `NothingInForce` where it does."""
    with changing(engine, by) as change:
        if not turnouts.end(change.connection, change.load.code, now):
            raise NothingInForce("no turnout was set: that of the city's file counts")
        change.record("turnout cleared", "turnout.cleared")


def turnout_now(engine: Engine) -> tuple[Turnout, Row[Any] | None]:
    """What counts, and the row that says so; None where it is the city's file, or policy."""
    with transaction(engine) as connection:
        load = current_load(connection)
        stands = turnouts.standing_turnout(connection, load.code)
        return stands or turnout_of(load), turnouts.find_row(connection, load.code)


def turnout_of(load: Row[Any]) -> Turnout:
    """What the city's file says, or policy."""
    return plan_settings_from(load.settings)[1]
