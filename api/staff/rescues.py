"""要救助: the queue, for headquarters and the phone desk."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.deskbodies import Body
from api.staff.homebodies import PLAIN
from api.staff.reportbodies import PlaceBody
from api.state import engine_of
from city.position import Position
from hazards.rescue import RescueState
from operations.rescues import board, moving, opening
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
Line: TypeAlias = Annotated[str, Field(max_length=200)]
Persons: TypeAlias = Annotated[int | None, Field(ge=1, le=9_999, strict=True)]


class RescueBody(Body):
    """What a caller says; its id is made by the page, and the same id once more changes nothing."""

    id: UUID
    place: Annotated[Line, Field(description="Where, in the caller's words.")] = ""
    at: PlaceBody | None = None
    persons: Persons = None
    condition: Annotated[Line, Field(description="Water, injuries, how long they can wait.")] = ""

    def given(self) -> opening.GivenRescue:
        """The case as a use case takes it; raises `BadPosition`."""
        at = Position(self.at.lat, self.at.lon) if self.at else None
        return opening.GivenRescue(self.id, self.place, at, self.persons, self.condition)


class MoveBody(Body):
    """How far it is: `assigned` names the team, by its mission or its name, an end the outcome."""

    state: RescueState
    team: Annotated[str, Field(max_length=moving.LONGEST_TEAM, pattern=PLAIN)] = ""
    mission: Annotated[int | None, Field(ge=1, le=2**53)] = None
    outcome: Line = ""

    def move(self) -> moving.Move:
        """The step as a use case takes it."""
        return moving.Move(self.state, self.team, self.mission, self.outcome)


class ContactBody(Body):
    """What those who wait said now, where it is something new."""

    persons: Persons = None
    condition: Line = ""


@router.get("/rescues", summary="Who waits for rescue")
def listed(request: Request) -> Response:
    """First those whom no team goes to, or none that can; `warning` says why."""
    return _board(request)


@router.post("/rescues", summary="Somebody on the telephone needs rescue")
def open_by_phone(request: Request, body: RescueBody) -> Response:
    """A report of the kind `rescue` opens a case by itself."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    number = opening.open_by_phone(engine, by, body.given(), now=now)
    return _board(request, number=number)


@router.post("/rescues/{number}", summary="A team goes, is there; how it ended")
def move(request: Request, number: Number, body: MoveBody) -> Response:
    """No team that was recalled can be sent. What was ended by mistake waits again."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    moving.move(engine, by, number, body.move(), now=now)
    return _board(request)


@router.post("/rescues/{number}/contact", summary="Somebody spoke with those who wait")
def contact(request: Request, number: Number, body: ContactBody) -> Response:
    """Now; what is left out stays as it was."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    moving.contact(engine, by, number, persons=body.persons, condition=body.condition, now=now)
    return _board(request)


def _board(request: Request, **more: Any) -> Response:
    found = json_answer(more | board.board(engine_of(request), utc_now()))
    found.headers["cache-control"] = "no-store"
    return found
