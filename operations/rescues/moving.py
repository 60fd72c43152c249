"""What becomes of a rescue: a team is sent, arrives, and somebody says how it ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from city.staff import SYSTEM, Caller
from data import missions, rescues
from data.database import transaction
from data.people import audit
from data.rows import current_load
from hazards.rescue import ENDED, WITH_TEAM, RescueState, check_step
from operations.errors import Refused
from operations.observing.deciding import check_headquarters
from operations.phone.phonedesk import FORGOTTEN_AFTER, KEPT_FOR
from operations.refusals import refusals
from operations.rescues.board import tell
from operations.wording import line, words_of_need

LONGEST_TEAM = 40


@dataclass(frozen=True, slots=True)
class Move:
    """What headquarters says: `team` by name, or by the `mission` that it is out on."""

    to: RescueState
    team: str = ""
    mission: int | None = None
    outcome: str = ""


def move(engine: Engine, by: Caller, number: int, said: Move, *, now: datetime) -> None:
    """Headquarters says how far a rescue is.

    Raises `NotAState`, `NotThere`, `MayNotDecide`, and `Refused` for a team that was recalled or is
    back, for none, and for an end of which nobody says how it ended.
    """
    with (
        refusals(engine, by, "rescue", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_headquarters(by)
        load = current_load(connection)
        row = rescues.find(connection, load.code, number)
        if _is_as_said(row, said):
            return
        check_step(RescueState(row.state), said.to)
        values = _values(connection, load, row, said)
        ended = now if said.to in ENDED else None
        rescues.change(connection, number, state=said.to, changed_at=now, ended_at=ended, **values)
        tell(connection, load)
        audit.record(connection, by, f"rescue.{said.to}", str(number), mission=values["mission_id"])


def contact(
    engine: Engine,
    by: Caller,
    number: int,
    *,
    persons: int | None = None,
    condition: str = "",
    now: datetime,
) -> None:
    """Somebody spoke with those who wait: now, and what they said, where it is something new."""
    with (
        refusals(engine, by, "rescue", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        load = current_load(connection)
        row = rescues.find(connection, load.code, number)
        if row.ended_at is not None:
            check_step(RescueState(row.state), RescueState(row.state))
        values: dict[str, Any] = {"last_contact": max(now, row.last_contact)}
        if persons is not None:
            values["persons"] = persons
        if words := words_of_need(condition):
            values["condition"] = words
        rescues.change(connection, number, **values)
        tell(connection, load)
        audit.record(connection, by, "rescue.contacted", str(number))


def erase_old(engine: Engine, now: datetime) -> int:
    """Erase what is personal in old cases, as in slips of the phone desk; returns how many."""
    with transaction(engine, latest=True) as connection:
        count = rescues.erase(connection, now - KEPT_FOR, now - FORGOTTEN_AFTER)
        if count:
            audit.record(connection, SYSTEM, "rescue.erased", count=count)
        return count


def _is_as_said(row: Row[Any], said: Move) -> bool:
    """Whether the same was said before: a button that was pressed twice."""
    if row.state != said.to:
        return False
    if said.to is not RescueState.ASSIGNED:
        return True
    return (row.mission_id, row.team) == (said.mission, said.team) or (
        said.mission is not None and row.mission_id == said.mission
    )


def _values(connection: Connection, load: Row[Any], row: Row[Any], said: Move) -> dict[str, Any]:
    if said.to is RescueState.WAITING:
        return {"team": "", "mission_id": None, "outcome": ""}
    kept = {"team": row.team, "mission_id": row.mission_id}
    if said.to is RescueState.ASSIGNED:
        return _team(connection, load, said)
    if said.to in WITH_TEAM:
        return kept
    outcome = line(said.outcome, "結果", needed=True)
    return {**kept, "outcome": outcome}


def _team(connection: Connection, load: Row[Any], said: Move) -> dict[str, Any]:
    """A team that may go: nobody is sent by whom level 5 calls home (`safety.md` 13)."""
    if said.mission is None:
        team = line(said.team, "班・機関の名前", longest=LONGEST_TEAM, needed=True)
        return {"team": team, "mission_id": None}
    row = missions.get(connection, load.code, said.mission)
    if row.recalled_at is not None or row.returned_at is not None:
        how = "帰着しています" if row.returned_at else "呼び戻し中です"
        raise Refused(f"{row.team}は{how}。ほかの手だてを選んでください（that team cannot go）")
    return {"team": row.team, "mission_id": row.id}
