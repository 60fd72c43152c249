"""Papers of an alert at headquarters: looked at, put into the print queue, brought back."""

from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.headquartersbodies import Body
from api.staff.homebodies import PLAIN
from api.state import engine_of
from data.alerts.paperreturns import AreaTally
from data.database import transaction
from operations.alerts import papers, returned
from operations.alerts.returned import MOST_CALLED
from operations.serving import utc_now
from web.alertsheets.kinds import PaperKind

router = APIRouter(prefix="/api/v1/headquarters/alerts", tags=["alerts"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
_PDF: Final = "application/pdf"


class PaperBody(Body):
    """Which paper goes into the queue."""

    paper: PaperKind


class AreaBody(Body):
    """One line of a return sheet; `heard` is null where nobody knows."""

    area: Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN)]
    heard: bool | None = None
    called: Annotated[int, Field(ge=0, le=MOST_CALLED)] = 0


class ReturnBody(Body):
    """A return sheet: counts of areas, no names of people."""

    areas: Annotated[tuple[AreaBody, ...], Field(min_length=1, max_length=500)]

    def tallies(self) -> list[AreaTally]:
        """As the use case takes them."""
        return [AreaTally(one.area, one.heard, one.called) for one in self.areas]


@router.get("/{number}/papers", summary="The papers of a revision, and the print queue")
def list_papers(request: Request, number: Number) -> Response:
    """`papers` of this one, `queue` of all that is not printed, `returned` what came back."""
    now = utc_now()
    with transaction(engine_of(request)) as connection:
        table = {
            "papers": papers.papers_of(connection, number, now),
            "queue": papers.queue(connection, now),
            "returned": returned.returned(connection, number),
        }
    return _private(table)


@router.get(
    "/{number}/papers/{paper}.pdf",
    summary="A paper as a PDF",
    responses={200: {"description": "The paper.", "content": {_PDF: {}}}},
    response_class=Response,
)
def show(request: Request, number: Number, paper: PaperKind) -> Response:
    """As it is in the queue, or made now; of a draft too, which then says so on every page."""
    with transaction(engine_of(request)) as connection:
        pdf = papers.find_pdf(connection, number, paper, utc_now())
    name = f'inline; filename="alert-{number}-{paper}.pdf"'
    headers = {"cache-control": "no-store", "content-disposition": name}
    return Response(pdf, media_type=_PDF, headers=headers)


@router.post("/{number}/papers", summary="Put a paper into the print queue")
def ask(request: Request, number: Number, body: PaperBody) -> Response:
    """Once for each paper of a revision; one that failed is tried again."""
    papers.request(engine_of(request), caller_of(request), number, body.paper, now=utc_now())
    return list_papers(request, number)


@router.post("/{number}/papers/{job}/printed", summary="It came out of the printer")
def printed(request: Request, number: Number, job: Number) -> Response:
    """Once more changes nothing."""
    papers.mark_printed(engine_of(request), caller_of(request), number, job, now=utc_now())
    return list_papers(request, number)


@router.post("/{number}/papers/{job}/return", summary="What the return sheet says")
def bring_back(request: Request, number: Number, job: Number, body: ReturnBody) -> Response:
    """The newest line of each area counts, older ones are kept."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    return _private(returned.tally(engine, by, number, job, body.tallies(), now=now))


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
