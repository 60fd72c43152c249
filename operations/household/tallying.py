"""班の集計: phoned or typed in, the newest of each 班 counts."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Engine, select

from city.staff import Caller
from data import tables
from data.database import transaction
from data.homes import tallies
from data.homes.tallies import Tally
from data.people import audit
from data.rows import current_load
from operations.changes.change import changing
from operations.errors import Refused
from operations.household.named import area_named

LARGEST: Final = 10_000


@dataclass(frozen=True, slots=True)
class GivenTally:
    """A tally as it is told: the 町丁目 by its name, the 班 by its number, households."""

    area: str
    han: int
    called: int
    left: int
    staying: int
    lift: int


def add_tally(engine: Engine, by: Caller, given: GivenTally, *, now: datetime) -> dict[str, Any]:
    """Keep a tally, and answer with it; raises `NotThere` for an area that is none, `Refused`."""
    numbers = (given.han, given.called, given.left, given.staying, given.lift)
    if not all(0 <= one <= LARGEST for one in numbers):
        raise Refused(f"数は 0〜{LARGEST:,} で書いてください（numbers from 0 to {LARGEST}）")
    with changing(engine, by) as change:
        area = area_named(change.connection, change.load, given.area)
        tally = Tally(area.code, *numbers)
        number = tallies.add(change.connection, change.load.code, tally, by.actor, now)
        # No count of the plan: it says whom nobody has reached, not who comes.
        audit.record(change.connection, by, "han.tallied", f"tally:{number}", area=area.code)
        return _table(tally, area.name, by.actor, now)


def newest_tallies(engine: Engine) -> list[dict[str, Any]]:
    """The newest tally of each 班, with the name of its 町丁目 ("" where that is no more)."""
    with transaction(engine) as connection:
        load, area = current_load(connection), tables.area.c
        query = select(area.code, area.name).where(area.load_id == load.id)
        names = {row.code: row.name for row in connection.execute(query)}
        return [
            _table(one.tally, names.get(one.tally.area_code, ""), one.by, one.at)
            for one in tallies.newest(connection, load.code)
        ]


def _table(tally: Tally, name: str, by: str, at: datetime) -> dict[str, Any]:
    return asdict(tally) | {"area": name, "by": by, "at": at.isoformat(timespec="seconds")}
