"""Sources of information at headquarters: listed, added, asked, handed a file, decided, stopped."""

from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.barmode import bar_mode
from api.staff.informationbodies import LookedAtBody, ReasonBody, SourceBody
from api.staff.staffpages import card_of, staff_html
from api.state import engine_of
from data.errors import BrokenSource
from operations.errors import Refused
from operations.information import deciding, registering
from operations.information.fetching import Fetcher
from operations.information.handing import hand_over
from operations.information.listing import listed
from operations.information.turns import Turns
from operations.serving import utc_now
from web.staff.information import information_page

page = APIRouter(include_in_schema=False)
router = APIRouter(
    prefix="/api/v1/headquarters/sources", tags=["headquarters"], responses=STAFF_PROBLEMS
)
ASKED_S: Final = 12.0
"""A person waits for the answer, and their page no longer than a quarter of a minute."""
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


@page.get("/hq/information")
def information(request: Request) -> HTMLResponse:
    """What others say: each source with its age, its failure, and what waits for a person."""
    now = utc_now()
    made = information_page(
        card=card_of(request),
        caller=caller_of(request),
        csrf=csrf_of(request),
        now=now,
        mode=bar_mode(request, now),
    )
    return staff_html(made)


@router.get("", summary="All sources, those first that wait for a person")
def sources(request: Request) -> Response:
    """Each with its age, its failure, and what a copy that is held would change."""
    now = utc_now()
    found = listed(engine_of(request), now)
    return _private({"now": now, "mode": bar_mode(request, now), "sources": found})


@router.post("", summary="Add a source")
def add(request: Request, body: SourceBody) -> Response:
    """It is asked from now on, over https and at public addresses alone."""
    engine, by = engine_of(request), caller_of(request)
    return _private({"number": registering.add(engine, by, body.given(), utc_now())})


@router.post("/{number}/accept", summary="Show a copy that is held")
def accept(request: Request, number: Number, body: LookedAtBody) -> Response:
    """It is the good one from now on: the copy of that `digest`, and no other."""
    engine, by, digest = engine_of(request), caller_of(request), body.digest
    deciding.accept(engine, by, number, body.reason, utc_now(), digest=digest)
    return _private({"number": number})


@router.post("/{number}/refuse", summary="Keep a copy back that is held")
def refuse(request: Request, number: Number, body: LookedAtBody) -> Response:
    """The last good one stays, with its age."""
    engine, by, digest = engine_of(request), caller_of(request), body.digest
    deciding.refuse(engine, by, number, body.reason, utc_now(), digest=digest)
    return _private({"number": number})


@router.post("/{number}/seen", summary="Ask nobody about a failing source for six hours")
def seen(request: Request, number: Number, body: ReasonBody) -> Response:
    """It goes on being asked; what is shown goes on growing old."""
    registering.put_off(engine_of(request), caller_of(request), number, body.reason, utc_now())
    return _private({"number": number})


@router.post("/{number}/stop", summary="Ask a source no more, and forget what it said")
def stop(request: Request, number: Number, body: ReasonBody) -> Response:
    """Citizens see it no more."""
    registering.stop(engine_of(request), caller_of(request), number, body.reason, utc_now())
    return _private({"number": number})


@router.post("/{number}/fetch", summary="Ask a source now")
def fetch(request: Request, number: Number) -> Response:
    """At most `ASKED_S` a document; `words` says what became of it."""
    turns = Turns(engine_of(request), Fetcher(most_s=ASKED_S))
    return _private(
        {"number": number, "words": turns.take_turn(number, utc_now(), caller_of(request))}
    )


@router.post("/{number}/file", summary="Hand a file over")
def file(request: Request, number: Number, file: UploadFile) -> Response:
    """Up to 1 MB here, more at the console (`nigemichi source drop`)."""
    turns, body = Turns(engine_of(request)), file.file.read()
    name, by = file.filename or "", caller_of(request)
    try:
        taken = hand_over(turns, number, name, body, utc_now(), by)
    except BrokenSource as error:
        raise Refused(f"{error.what}。{error.remedy}") from None
    return _private({"became": taken.became, "items": taken.items, "doubts": taken.doubts})


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
