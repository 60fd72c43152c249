"""Alerts at headquarters: drafted, checked, decided by two, followed."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.alertbodies import AlertBody, Decision, DecisionBody
from api.state import engine_of
from data.database import transaction
from operations.alerts import board, deciding, drafting, reached
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters/alerts", tags=["alerts"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found


@router.get("", summary="What waits, stands and is new; the channels, who was named beforehand")
def list_alerts(request: Request) -> Response:
    """Revisions, the newest first; `waiting`: those for an approval or a countersignature."""
    with transaction(engine_of(request)) as connection:
        return _private(board.board(connection, utc_now()))


@router.post("", summary="Draft an alert")
def draft(request: Request, body: AlertBody) -> Response:
    """Nothing is sent; answers with the draft as it was checked."""
    number = drafting.draft(engine_of(request), caller_of(request), body.draft(), now=utc_now())
    return _whole(request, number)


@router.get("/{number}", summary="One revision, whole")
def get(request: Request, number: Number) -> Response:
    """Its words on every medium, what the linter says, whom it reaches, how far it is."""
    return _whole(request, number)


@router.get("/{number}/ledger", summary="Who was reached, household by household")
def ledger(request: Request, number: Number) -> Response:
    """Counts alone, and cells of ten households and more."""
    with transaction(engine_of(request)) as connection:
        return _private(reached.reached(connection, number, utc_now()))


@router.put("/{number}", summary="Change a draft")
def rewrite(request: Request, number: Number, body: AlertBody) -> Response:
    """Whoever changes it has written it, and cannot approve it; a drill stays a drill."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    drafting.rewrite(engine, by, number, body.draft(), now=now)
    return _whole(request, number)


@router.post("/{alert}/revisions", summary="Draft an update, a cancellation or an all-clear")
def revise(request: Request, alert: Number, body: AlertBody) -> Response:
    """`alert` is the number of the case, not of a revision."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    return _whole(request, drafting.draft(engine, by, body.draft(), alert=alert, now=now))


@router.post("/{number}/decision", summary="Submit, approve, reject, withdraw, stop")
def decide(request: Request, number: Number, body: DecisionBody) -> Response:
    """Two people: nobody approves what they wrote or submitted."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    match body.decision:
        case Decision.SUBMIT:
            drafting.submit(engine, by, number, now=now)
        case Decision.WITHDRAW:
            drafting.withdraw(engine, by, number, why=body.why, now=now)
        case Decision.APPROVE:
            deciding.approve(engine, by, number, body.seen, why=body.why, now=now)
        case Decision.SEND_ALONE:
            deciding.break_glass(engine, by, number, body.seen, why=body.why, now=now)
        case Decision.REJECT:
            deciding.reject(engine, by, number, why=body.why, now=now)
        case Decision.COUNTERSIGN:
            deciding.countersign(engine, by, number, now=now)
        case Decision.STOP:
            deciding.stop(engine, by, number, why=body.why, now=now)
    return _whole(request, number)


def _whole(request: Request, number: int) -> Response:
    with transaction(engine_of(request)) as connection:
        return _private(board.whole(connection, number, utc_now()))
