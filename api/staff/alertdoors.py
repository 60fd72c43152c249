"""Door lists and calls by voice: made, handed, told of, brought home."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, Field

from alerts.doors import DoorOutcome
from alerts.kinds import Language
from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.headquartersbodies import Body
from api.staff.homebodies import LONGEST_NAME, PLAIN, Label
from api.state import engine_of
from data.database import transaction
from operations.alerts import doorboard, doorcalls, doorreturns, doors, voice
from operations.alerts.doors import LONGEST_TEAM
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1", tags=["alerts"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
Line: TypeAlias = Annotated[str, Field(max_length=200, pattern=PLAIN)]
AreaName: TypeAlias = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=PLAIN)]


class ListsBody(Body):
    """Which 町丁目 are called on, null for all, and when every team is on its way home.

    `taken`: also households whose message a carrier took and nobody confirmed in its time.
    """

    areas: Annotated[tuple[AreaName, ...], Field(min_length=1, max_length=500)] | None = None
    withdraw_at: AwareDatetime
    taken: bool = False


class HandedBody(Body):
    """Which team took a list: its name, nobody's own; a new withdrawal time where one is given."""

    team: Annotated[str, Field(min_length=1, max_length=LONGEST_TEAM, pattern=PLAIN)]
    withdraw_at: AwareDatetime | None = None


class EscalatedBody(Body):
    """To whom a team that is not back was handed on."""

    why: Line


class DoorBody(Body):
    """What a team tells of a door, by the label of its paper."""

    label: Label
    outcome: DoorOutcome


class AnsweredBody(Body):
    """A call to a household, by its slip's label; `number` is the revision that was read to it."""

    label: Label
    answered: bool
    number: Annotated[int, Field(ge=1, le=2**53)] | None = None


@router.get("/headquarters/alerts/{number}/doors", summary="The door lists of an alert")
def list_doors(request: Request, number: Number) -> Response:
    """Areas, teams, times and counts: no door and no household."""
    with transaction(engine_of(request)) as connection:
        return _private(doorboard.board(connection, utc_now(), number))


@router.post("/headquarters/alerts/{number}/doors", summary="Make door lists")
def make(request: Request, number: Number, body: ListsBody) -> Response:
    """A list for each 班 with a household that no other way reaches; never under level 5.

    With `taken`, of those too that nobody answers for though a carrier took their message.

    `level_5_areas` were left out for that; `without_area` households stand in no 町丁目.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    made = doors.make_lists(
        engine,
        by,
        number,
        areas=body.areas,
        withdraw_at=body.withdraw_at,
        taken=body.taken,
        now=now,
    )
    with transaction(engine) as connection:
        told = doorboard.board(connection, now, number)
    left_out = {"level_5_areas": made.level_5_areas, "without_area": made.without_area}
    return _private(told | {"made": list(made.lists), "doors": made.doors, **left_out})


@router.get("/headquarters/doors/{number}", summary="Open a door list")
def open_list(request: Request, number: Number) -> Response:
    """The doors of a list, for the welfare role alone; each opening is in the audit log."""
    return _private(doorcalls.open_list(engine_of(request), caller_of(request), number))


@router.post("/headquarters/doors/{number}/handed", summary="A team took the list")
def handed(request: Request, number: Number, body: HandedBody) -> Response:
    """Once: who hands it later is told by whom it was taken."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    doors.hand(engine, by, number, body.team, withdraw_at=body.withdraw_at, now=now)
    return _one(request, number, now)


@router.post("/headquarters/doors/{number}/calls", summary="What a team tells of a door")
def tell(request: Request, number: Number, body: DoorBody) -> Response:
    """The newest word of each door counts; somebody who was spoken with is reached."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    doorcalls.call(engine, by, number, body.label, body.outcome, now=now)
    return _one(request, number, now)


@router.post("/headquarters/doors/{number}/back", summary="The team is back")
def back(request: Request, number: Number) -> Response:
    """Once more changes nothing."""
    now = utc_now()
    doorreturns.back(engine_of(request), caller_of(request), number, now=now)
    return _one(request, number, now)


@router.post("/headquarters/doors/{number}/escalated", summary="The team is handed on to rescuers")
def escalated(request: Request, number: Number, body: EscalatedBody) -> Response:
    """Once more changes nothing."""
    now = utc_now()
    doorreturns.escalate(engine_of(request), caller_of(request), number, body.why, now=now)
    return _one(request, number, now)


@router.get("/phone/alerts/{alert}/voice", summary="What is read on the telephone")
def script(
    request: Request, alert: Number, language: Annotated[Language, Query()] = Language.JAPANESE
) -> Response:
    """The approved words of an alert, as many as fit in a call. `alert` is the case's number."""
    with transaction(engine_of(request)) as connection:
        return _private(voice.script(connection, alert, language, utc_now()))


@router.post("/phone/alerts/{alert}/answered", summary="A household was called")
def answered(request: Request, alert: Number, body: AnsweredBody) -> Response:
    """One that answered is reached by the revision that was read, and by no later one.

    `alert` is the case's number. Without `number` it is the newest that counts, while it is told;
    `told_now`: whether the one it counts for still is.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    noted = voice.note_call_of_slip(
        engine, by, alert, body.label, body.answered, now=now, number=body.number
    )
    return _private({"alert": alert, "answered": body.answered} | asdict(noted))


def _one(request: Request, number: int, now: datetime) -> Response:
    with transaction(engine_of(request)) as connection:
        return _private(doorboard.one(connection, now, number))


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
