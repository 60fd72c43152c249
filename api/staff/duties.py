"""The duties of the night at headquarters: the list, its forms, calls to facilities, prints."""

from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.dutybodies import CallBody, CorrectionBody, EntryBody
from api.state import engine_of
from operations.duties import board
from operations.duties.entries import Form, enter
from operations.duties.handingover import HOURS
from operations.duties.printing import PrintKind, printed
from operations.facilities import calling
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
Facility: TypeAlias = Annotated[str, Path(min_length=1, max_length=40)]
Hours: TypeAlias = Annotated[
    int, Query(ge=1, le=24, description="How far back the handover looks.")
]
Field: TypeAlias = Annotated[str, Path(min_length=1, max_length=40)]
_PDF: Final = "application/pdf"


@router.get("/duties", summary="What is due tonight, and how far it is")
def duties(request: Request) -> Response:
    """`duties` with their deadlines, `decisions` (発令判断表) and `report` (第4号様式) of now;
    `traced` names the state that all of it is of.
    """
    return _private(board.board(engine_of(request), utc_now()))


@router.post("/duties/{form}/{field}", summary="Enter a field of a form")
def entry(request: Request, form: Form, field: Field, body: EntryBody) -> Response:
    """Kept beside what was entered before; what nobody confirmed prints as 未確認. Refused (409)
    where somebody else entered something that was not looked at.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    sure, key = body.confirmed, body.key
    number = enter(
        engine, by, form, field, body.value, confirmed=sure, key=key, seen=body.seen, now=now
    )
    return _private({"status": "taken", "entry": number, "now": now.isoformat()})


@router.get("/facilities", summary="要配慮者利用施設, whom to call next first")
def facilities(request: Request) -> Response:
    """With their telephone numbers, which are on no other page and in no other answer."""
    return _private(board.calls_now(engine_of(request), utc_now()))


@router.post("/facilities/{facility}/calls", summary="A facility was called")
def call(request: Request, facility: Facility, body: CallBody) -> Response:
    """Refused (409) for a level that does not stand there."""
    engine, now = engine_of(request), utc_now()
    calling.note_call(engine, caller_of(request), facility, body.given(), now)
    return _private(board.calls_now(engine, now))


@router.post("/facilities/calls/{number}/corrected", summary="A call was noted wrongly")
def corrected(request: Request, number: Number, body: CorrectionBody) -> Response:
    """The call stays, with its correction beside it, and counts no longer."""
    engine, now = engine_of(request), utc_now()
    calling.take_back(engine, caller_of(request), number, body.key, why=body.why, now=now)
    return _private(board.calls_now(engine, now))


@router.get(
    "/prints/{name}.pdf",
    summary="A print of the moment as a PDF",
    responses={200: {"description": "The print.", "content": {_PDF: {}}}},
    response_class=Response,
)
def show(request: Request, name: PrintKind, hours: Hours = HOURS) -> Response:
    """Made of the state as it is now, with its minute, version and record at the foot of each page.

    Which print of which record was made goes into the audit log.
    """
    pdf = printed(engine_of(request), caller_of(request), name, utc_now(), hours=hours)
    said = f'inline; filename="{name}.pdf"'
    headers = {"cache-control": "no-store", "content-disposition": said}
    return Response(pdf, media_type=_PDF, headers=headers)


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
