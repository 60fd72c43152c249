"""The plan in headquarters: its figures, who goes where, whom a version changed, what waits."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.planbodies import HeldBody
from api.state import engine_of, service_of
from data.database import transaction
from data.errors import NoCity
from operations.published import board
from operations.published.blocktables import area_blocks
from operations.serving import utc_now
from web.staff.hqplan import in_words

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


def plan_now(request: Request) -> dict[str, Any]:
    """What `GET /api/v1/headquarters/plan` answers."""
    now = utc_now()
    with transaction(engine_of(request)) as connection:
        found = board.board(connection)
    return {"now": now.isoformat(), **checked(request, now), **in_words(found)}


@router.get("/plan", summary="The newest plan's figures, and what waits for a person")
def plan(request: Request) -> Response:
    """`later` counts changes that it does not hold yet; `stale`: nobody checks that any more."""
    return _private(plan_now(request))


@router.get("/plan/blocks", summary="Which 町丁目 goes where, and how many")
def blocks(request: Request) -> Response:
    """Households, and persons expected of them; those without a place by the reason."""
    with transaction(engine_of(request)) as connection:
        return _private(area_blocks(connection))


@router.get("/plan/{number}/audience", summary="Whom a version changed")
def audience(request: Request, number: Number) -> Response:
    """Households told another verdict, place or way than by the version before, by 町丁目."""
    with transaction(engine_of(request)) as connection:
        return _private(board.audience_table(board.audience(connection, number)))


@router.post("/held/{number}", summary="Say that an item that waits is meant")
def decide_held(request: Request, number: Number, body: HeldBody) -> Response:
    """It counts from the next version on, within seconds."""
    board.apply_one(engine_of(request), number, now=utc_now(), by=caller_of(request))
    return _private({"number": number, "decision": body.decision})


def checked(request: Request, now: datetime) -> dict[str, Any]:
    """When the planner last noted that its version holds everything."""
    try:
        fresh = service_of(request.app).current.freshness(now)
    except NoCity:
        return {"checked_at": None, "stale": True}
    return {"checked_at": fresh.checked_at.isoformat(timespec="seconds"), "stale": fresh.stale}


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
