"""What is said of a mission: by its team from the field, or by headquarters, who heard it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, Row

from city.staff import Caller
from data import missions
from data.database import in_order, transaction
from data.people import audit
from data.rows import current_load
from hazards.mission import OF_TEAM, MissionStep
from hazards.observation import seen_at
from operations.errors import NotAllowed
from operations.missions.board import tell
from operations.missions.recalling import recall_in
from operations.observing.deciding import check_headquarters
from operations.refusals import refusals
from operations.wording import line

ACTIONS: Final = {
    MissionStep.CHECK_IN: "mission.checked_in",
    MissionStep.CONFIRM_RECALL: "mission.recall_confirmed",
    MissionStep.RETURN: "mission.returned",
    MissionStep.RECALL: "mission.recalled",
    MissionStep.ESCALATE: "mission.escalated",
    MissionStep.REACHED: "mission.reached",
}
ENDED: Final = "帰着"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A word from the field, made once by its device: `at` by the device's clock, and `sent_at`,
    by which a clock that is wrong is set right; both may be hours ago.
    """

    id: UUID
    mission: int
    step: MissionStep
    at: datetime
    sent_at: datetime | None = None

    def said_at(self, now: datetime) -> datetime:
        """When it was said, by our clock; never in time to come."""
        if self.sent_at is not None and self.sent_at >= self.at:
            return now - (self.sent_at - self.at)
        return seen_at(self.at, now)


def from_field(engine: Engine, by: Caller, word: FieldWord, *, now: datetime) -> bool:
    """Take a team's word; False where its id was there: nothing is changed by it again.

    Raises `NotAllowed` for whoever is not of that team, `NotAState`, `NotThere`.
    """
    subject = str(word.mission)
    with refusals(engine, by, "mission", subject), transaction(engine, latest=True) as connection:
        load = current_load(connection)
        in_order(connection)
        row = missions.get(connection, load.code, word.mission)
        if by.actor not in row.members or word.step not in OF_TEAM:
            raise NotAllowed("この任務の班ではありません（you are not of this team）")
        at = word.said_at(now)
        values = {"mission_id": row.id, "step": word.step, "at": at, "received_at": now}
        if not missions.add_word(connection, word.id, by=by.actor, **values):
            return False
        _step(connection, load, row, by, word.step, at=at, now=now)
        return True


def from_headquarters(
    engine: Engine,
    by: Caller,
    number: int,
    step: MissionStep,
    *,
    now: datetime,
    why: str = "",
    to: str = "",
) -> None:
    """Headquarters heard it, recalls, or hands a team on: `to` whom was called, a post and nobody's
    name; `why` in a line. Raises `NotAState`, `NotThere`, `Refused`, `MayNotDecide`.
    """
    with (
        refusals(engine, by, "mission", str(number)),
        transaction(engine, latest=True) as connection,
    ):
        check_headquarters(by)
        more = _more(by, step, why, to)
        load = current_load(connection)
        in_order(connection)
        row = missions.get(connection, load.code, number)
        _step(connection, load, row, by, step, at=now, now=now, more=more)


def recall_all(engine: Engine, by: Caller, why: str, *, now: datetime) -> list[int]:
    """Headquarters recalls every team that is out and was not recalled; returns their missions."""
    with refusals(engine, by, "mission"), transaction(engine, latest=True) as connection:
        check_headquarters(by)
        why = line(why, "呼び戻す理由", needed=True)
        return recall_in(connection, current_load(connection), by, why, now)


def _more(by: Caller, step: MissionStep, why: str, to: str) -> dict[str, Any]:
    if step is MissionStep.RECALL:
        return {"recalled_why": line(why, "呼び戻す理由", needed=True)}
    if step is MissionStep.ESCALATE:
        called = line(to, "引き継いだ先", needed=True)
        why = line(why, "理由")
        return {"escalated_to": called, "escalated_why": why, "escalated_by": by.actor}
    if step is MissionStep.RETURN:
        return {"ended": line(why, "終わった理由") or ENDED}
    return {}


def _step(
    connection: Connection,
    load: Row[Any],
    row: Row[Any],
    by: Caller,
    step: MissionStep,
    *,
    at: datetime,
    now: datetime,
    more: Mapping[str, Any] = _NOTHING,
) -> None:
    """Under the lock of numbers; what changes nothing is not told again."""
    before = missions.mission_of(row)
    after = before.after(step, at)
    values: dict[str, Any] = {
        name: getattr(after, name)
        for name in (*missions.KEPT, "returned_at")
        if getattr(after, name) != getattr(before, name)
    }
    values |= _words(row, step, more)
    if not values:
        return
    missions.change(connection, row.id, **values)
    tell(connection, load, now)
    audit.record(connection, by, ACTIONS[step], str(row.id), at=at.isoformat(timespec="seconds"))


def _words(row: Row[Any], step: MissionStep, more: Mapping[str, Any]) -> dict[str, Any]:
    """Of a second recall or return the first words stay; whom else headquarters called is added."""
    if step is MissionStep.RECALL and row.recalled_at is not None:
        return {}
    if step is MissionStep.RETURN:
        return {} if row.returned_at is not None else {"ended": ENDED, **more}
    if step is MissionStep.REACHED:
        return {"escalated_to": "", "escalated_why": None, "escalated_by": None}
    if step is MissionStep.ESCALATE:
        called = [one for one in row.escalated_to.split("、") if one]
        if more["escalated_to"] in called:
            return {}
        why = more["escalated_why"] or row.escalated_why
        to = "、".join([*called, more["escalated_to"]])
        return {**more, "escalated_why": why, "escalated_to": to}
    return dict(more)
