"""Taking back what was adopted, where no other page does: streets, water, how many more come."""

from datetime import datetime

from sqlalchemy import Engine

from city.staff import Caller
from data import inforce, tables
from data.database import transaction
from data.rows import current_load
from hazards.closure import ClosureBasis
from hazards.errors import NothingInForce
from operations.changes.roads import reopen_road
from operations.changes.water import remove_water
from operations.errors import Refused
from operations.household.turnouts import clear_turnout


def water_gone(engine: Engine, by: Caller, number: int) -> None:
    """An approver says that this water is gone; raises `Refused` where none of it stands."""
    try:
        remove_water(engine, [number], by=by)
    except NothingInForce as error:
        raise Refused("その番号の水の記録はありません（no such water stands）") from error


def turnout_as_before(engine: Engine, by: Caller, *, now: datetime) -> None:
    """The city's own shares count again; raises `Refused` where they do."""
    try:
        clear_turnout(engine, by, now=now)
    except NothingInForce as error:
        raise Refused(
            "来る人の割合は、市の設定のままです（the turnout is that of the city's file）"
        ) from error


def street_open(engine: Engine, by: Caller, number: int) -> None:
    """An approver opens a street that was ordered closed; raises `Refused` where it was not: what
    reports closed is opened by deciding on them.
    """
    with transaction(engine) as connection:
        code = current_load(connection).code
        rows = inforce.standing(connection, tables.closure, code)
    if number not in {row.id for row in rows if row.basis == ClosureBasis.ORDER}:
        raise Refused("その番号の本部の通行止めはありません（no such ordered closure stands）")
    try:
        reopen_road(engine, [number], by=by)
    except NothingInForce as error:
        raise Refused("もう開いています（open already）") from error
