"""Beside alerts: the city's templates and readings, and who was named beforehand."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.alertbodies import AdoptBody, NameBody, ReadingBody, TemplateBody
from api.state import engine_of
from data.database import transaction
from operations.alerts import adopting, board, delegating
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters/wording", tags=["alerts"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


@router.get("", summary="The city's templates and readings")
def wording(request: Request) -> Response:
    """The newest words of each template, and of each name how it is read."""
    return _wording(request)


@router.post("/templates", summary="Other words for a template")
def edit(request: Request, body: TemplateBody) -> Response:
    """A version that nobody has reviewed: it goes out live when an approver adopts it."""
    adopting.edit(engine_of(request), caller_of(request), body.key, body.parts, now=utc_now())
    return _wording(request)


@router.post("/adopted", summary="An approver answers for templates")
def adopt(request: Request, body: AdoptBody) -> Response:
    """Only what somebody answers for goes out live: another one than whoever wrote it."""
    engine, by = engine_of(request), caller_of(request)
    adopting.adopt_all(engine, by, body.keys, versions=body.versions, now=utc_now())
    return _wording(request)


@router.post("/readings", summary="Say how a name is read")
def reading(request: Request, body: ReadingBody) -> Response:
    """In hiragana; it counts at once. What somebody else confirmed an approver overwrites."""
    engine, by = engine_of(request), caller_of(request)
    adopting.confirm_reading(engine, by, body.name, body.kana, now=utc_now())
    return _wording(request)


@router.post("/delegates", summary="Name a deputy, or an officer who may send alone")
def name(request: Request, body: NameBody) -> Response:
    """Beforehand, and by an approver."""
    engine, by = engine_of(request), caller_of(request)
    delegating.name(engine, by, body.staff, body.duty, rank=body.rank)
    return _delegates(request)


@router.post("/delegates/{number}/ended", summary="Somebody is named no longer")
def end(request: Request, number: Number) -> Response:
    """By an approver."""
    delegating.end(engine_of(request), caller_of(request), number, now=utc_now())
    return _delegates(request)


def _wording(request: Request) -> Response:
    with transaction(engine_of(request), latest=True) as connection:
        found = {
            "templates": adopting.list_templates(connection),
            "readings": adopting.list_readings(connection),
        }
    return _private(found)


def _delegates(request: Request) -> Response:
    with transaction(engine_of(request)) as connection:
        return _private({"delegates": board.board(connection, utc_now())["delegates"]})


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
