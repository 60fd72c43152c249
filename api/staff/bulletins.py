"""The JMA's bulletins at headquarters, and what a person decides on each suggestion."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.headquartersbodies import Body, Line
from api.state import engine_of
from data.database import transaction
from data.rows import current_load
from operations.bulletins import decide
from operations.bulletins.board import board
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


class PassedOverBody(Body):
    """Why a suggestion is not followed now."""

    why: Line


@router.get("/bulletins", summary="Bulletins that stand, and suggestions that wait")
def show(request: Request) -> Response:
    """As on the live stream of headquarters. None of it sets an order, and none lifts one."""
    return _board(request)


@router.post("/suggestions/{number}/taken", summary="Take a suggestion up")
def take(request: Request, number: Number) -> Response:
    """Sets nothing: the answer is what a draft begins with. Without names it is the whole city;
    where `areas_chosen` is false a person chooses the areas first.
    """
    made = decide.take(engine_of(request), caller_of(request), number, now=utc_now())
    return _private(
        {
            "suggestion": made.suggestion,
            "hazard": made.hazard,
            "level": int(made.level),
            "area_names": list(made.area_names),
            "areas_chosen": made.areas_chosen,
            "reason": made.reason,
        }
    )


@router.post("/suggestions/{number}/passed_over", summary="Pass a suggestion over (見送り)")
def pass_over(request: Request, number: Number, body: PassedOverBody) -> Response:
    """With the reason; what goes on is suggested again some hours later."""
    decide.pass_over(engine_of(request), caller_of(request), number, why=body.why, now=utc_now())
    return _board(request)


def _board(request: Request) -> Response:
    with transaction(engine_of(request)) as connection:
        return _private(board(connection, current_load(connection), utc_now()))


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
