"""What headquarters says of reports: confirmed, an error, over; and that a closure still stands.

Nobody else says any of it. Only here does evidence stop counting, and so only here is a street
that reports shut opened again (`safety.md` 6).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import shapely
from sqlalchemy import Engine, Row

from city.position import Position
from city.staff import Caller, CallerKind
from data.errors import NotThere
from data.live import outbox as live
from data.live.outbox import Topic
from data.observing import closures, observations
from data.observing.snapping import nearest
from hazards.evidence import STREET_M
from hazards.observation import ObservationKind, ObservationState, check_step
from hazards.proposal import check_proposer
from operations import given
from operations.changes.change import Change, changing
from operations.observing.report import REPORTS, street_row
from operations.observing.weighing import Weighed, weigh

NO_REPORT: Final = "その報告はありません（there is no such report）"


@dataclass(frozen=True, slots=True)
class DecidedReport:
    """The state from now on, and what it did to streets."""

    id: UUID
    state: ObservationState
    weighed: Weighed


def decide(
    engine: Engine,
    by: Caller,
    number: UUID,
    to: ObservationState,
    *,
    now: datetime,
    outcome: str = "",
    at: Position | None = None,
) -> DecidedReport:
    """Headquarters decides on a report, and on what was merged into it; `at` names the street of
    one that named none, also later.

    Raises `NotThere`, `NotAState`, `MayNotDecide`.
    """
    check_headquarters(by)
    said = given.line_of(outcome, "outcome") if outcome else ""
    with changing(engine, by) as change:
        connection, load = change.connection, change.load
        row = observations.find(connection, load.code, number, hold=True)
        if row is None:
            raise NotThere(NO_REPORT)
        if not (at and row.state == to == ObservationState.CONFIRMED):
            check_step(ObservationState(row.state), to)
        told = [row, *observations.merged_into(connection, number, without=to)]
        for one in told:
            values = {"state": to, "outcome": said, "decided_by": by.actor, "decided_at": now}
            decided = observations.decide(connection, one.id, **values)
            observations.add_step(connection, decided, said, by.actor, now)
        if to is ObservationState.CONFIRMED:
            observations.count_again(connection, [one.id for one in told])
        if at is not None:
            _place(change, row, at)
        named = observations.streets_of(connection, [one.id for one in told])
        streets = [street.street for street in named]
        done = weigh(connection, load, streets, may_reopen=True)
        state = {"id": str(number), "suspended": done.suspended, "confirmed": done.confirmed}
        live.put(connection, Topic.HEADQUARTERS, REPORTS, state)
        words = f"report {to}" + (f": {done.said}" if done else "")
        change.record(words, f"observation.{to}", number, reopened=done.reopened)
        return DecidedReport(number, to, done)


def still_stands(engine: Engine, by: Caller, closure: int, *, now: datetime) -> None:
    """A person has looked at a suspension that came of age: it stands, and asks again later.

    Raises `NotThere`, `MayNotDecide`.
    """
    check_headquarters(by)
    with changing(engine, by) as change:
        if not closures.review(change.connection, closure, now):
            raise NotThere("その通行止めはもうありません（there is no such closure any more）")
        live.put(change.connection, Topic.HEADQUARTERS, REPORTS, {"closure": closure})
        change.note("closure.reviewed", closure)


def check_headquarters(by: Caller) -> None:
    """Raise `MayNotDecide` for whoever is not headquarters; the machine's console is."""
    if by.kind is not CallerKind.CONSOLE:
        check_proposer(by)


def _place(change: Change, row: Row[Any], at: Position) -> None:
    """Name the street at a position; raises `NotThere` where there is none."""
    asked = [(shapely.Point(at.lon, at.lat), ObservationKind(row.kind), STREET_M)]
    (street,), _ = nearest(change.connection, change.load, asked)
    if street is None:
        raise NotThere("その場所の100m以内に道がありません。道の上を選んでください。")
    observations.add_streets(change.connection, [street_row(change.load, row.id, street)])
