"""The welfare role's page of door lists: the lists, and one of them on paper."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.alertdoors import AreaName, Number
from api.staff.staffpages import card_of, staff_html
from api.state import engine_of
from data.database import transaction
from operations.alerts import doorboard, doorpaper
from operations.serving import utc_now
from web.staff.welfaredoors import doors_page

router = APIRouter(tags=["alerts"])
_PDF: Final = "application/pdf"


@router.get("/welfare/doors", include_in_schema=False)
async def doors(request: Request) -> HTMLResponse:
    """戸別の一覧: what is waiting, outside and late; a list is opened by its script."""
    card = card_of(request)
    page = doors_page(caller=caller_of(request), csrf=csrf_of(request), card=card, now=utc_now())
    return staff_html(page)


@router.get(
    "/api/v1/headquarters/doors",
    responses=STAFF_PROBLEMS,
    summary="The door lists that somebody works with",
)
def list_lists(request: Request, area: AreaName | None = None) -> Response:
    """Of all alerts, those that are outside, came back lately, or wait: no door, no household.

    Of those that wait only some where there are many (`left_out`); with `area` those of a 町丁目.
    """
    with transaction(engine_of(request)) as connection:
        found = json_answer(doorboard.at_work(connection, utc_now(), area))
    found.headers["cache-control"] = "no-store"
    return found


@router.get(
    "/api/v1/headquarters/doors/{number}/paper.pdf",
    summary="A door list on paper",
    responses={**STAFF_PROBLEMS, 200: {"description": "The paper.", "content": {_PDF: {}}}},
    response_class=Response,
)
def show_paper(request: Request, number: Number) -> Response:
    """For the welfare role alone; each print is in the audit log, and none is kept.

    Refused where the list is recalled, back or of an earlier load, and where nobody may go out.
    """
    pdf = doorpaper.print_list(engine_of(request), caller_of(request), number, now=utc_now())
    name = f'inline; filename="doors-{number}.pdf"'
    headers = {"cache-control": "no-store", "content-disposition": name}
    return Response(pdf, media_type=_PDF, headers=headers)
