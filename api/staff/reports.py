"""Reports from the field: sent by teams, looked at and decided on by headquarters."""

from typing import Annotated, Any, Final, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.reportbodies import DecideBody, MergeBody, ReportBody
from api.state import engine_of
from city.staff import Caller, Role
from hazards.evidence import Effect
from hazards.observation import SourceKind
from operations.errors import Refused
from operations.observing import board, deciding, merging
from operations.observing.noticing import draft_notice
from operations.observing.report import TakenReport, take_report
from operations.serving import utc_now
from web.staff.reportwords import effect_words

router = APIRouter(prefix="/api/v1", tags=["field"], responses=STAFF_PROBLEMS)
OTHERS: Final = (
    "この番号は、別の人の報告で使われています。新しい報告として送り直してください"
    "（that id is of somebody else's report: send it under a new one）"
)
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


@router.post("/field/reports", summary="Report what is seen")
async def report(request: Request, body: ReportBody) -> Response:
    """Taken once by its id, also hours later. With a picture and an error up to 30 m it suspends
    its street for everybody before this answers.
    """
    by = caller_of(request)
    kind = SourceKind.PHONE if body.by_phone else source_kind(by)
    source = "" if kind is SourceKind.PHONE else by.actor
    taken = await take_report(engine_of(request), by, body.given(kind, source))
    if taken.is_others:
        raise Refused(OTHERS)
    return taken_answer(taken)


@router.get("/field/reports", summary="What became of one's own reports")
def mine(request: Request) -> Response:
    """Those of the last two days, the newest first."""
    now = utc_now()
    told = board.mine(engine_of(request), caller_of(request), now)
    return _private({"reports": told, "server_now": now.isoformat(timespec="milliseconds")})


@router.get("/headquarters/reports", summary="Reports, and what they shut")
def reports(request: Request) -> Response:
    """Those that wait for a person first; `closures` by reports, the oldest first, with those that
    have come of age; `twins` that may tell of the same.
    """
    return _private(board.board(engine_of(request), utc_now()))


@router.post("/headquarters/reports/{number}", summary="Confirm, refute, resolve a report")
def decide(request: Request, number: UUID, body: DecideBody) -> Response:
    """Confirmed, its street is closed; refuted or resolved, it opens if nothing else shuts it."""
    found = deciding.decide(
        engine_of(request),
        caller_of(request),
        number,
        body.to,
        now=utc_now(),
        outcome=body.outcome,
        at=body.position,
    )
    done = found.weighed
    return _private(
        {
            "state": found.state,
            "closed": done.confirmed,
            "suspended": done.suspended,
            "reopened": done.reopened,
        }
    )


@router.post("/headquarters/reports/{number}/twin", summary="Two reports tell of the same")
def merge(request: Request, number: UUID, body: MergeBody) -> Response:
    """Both go on counting as evidence; they are shown and decided on as one."""
    merging.merge(engine_of(request), caller_of(request), number, body.into, now=utc_now())
    return _private({"merged": str(body.into)})


@router.post("/headquarters/closures/{number}/stands", summary="A suspension still stands")
def stands(request: Request, number: Number) -> Response:
    """Asked again an hour later; nothing opens by itself."""
    deciding.still_stands(engine_of(request), caller_of(request), number, now=utc_now())
    return _private({"closure": number})


@router.post("/headquarters/plan/{number}/notice", summary="Draft the message to whom it moves")
def notice(request: Request, number: Number) -> Response:
    """For those alone whom that version sends elsewhere; two people release it as any alert."""
    found = draft_notice(engine_of(request), caller_of(request), number, now=utc_now())
    return _private({"alert": found})


def source_kind(by: Caller) -> SourceKind:
    """As what somebody speaks: a team, headquarters, or a scribe for somebody on the telephone."""
    if Role.FIELD in by.roles:
        return SourceKind.FIELD
    if by.roles & {Role.OPERATOR, Role.APPROVER}:
        return SourceKind.HEADQUARTERS
    return SourceKind.PHONE


def taken_answer(taken: TakenReport) -> Response:
    """What became of a report, in words that its sender reads."""
    now = utc_now()
    return _private(
        {
            "id": str(taken.id),
            "status": "taken" if taken.is_new else "known",
            "effect": taken.effect.name.lower(),
            "words": effect_words(taken),
            "streets": [name for name, what in taken.streets if what > Effect.NONE],
            "set_aside": taken.set_aside,
            "no_photo": taken.no_photo,
            "no_mission": taken.no_mission,
            "seen_at": taken.seen_at.isoformat(timespec="seconds"),
            "server_now": now.isoformat(timespec="milliseconds"),
        }
    )


def _private(table: dict[str, Any]) -> Response:
    """An answer that nothing between keeps."""
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
