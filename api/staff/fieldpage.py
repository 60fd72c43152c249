"""The field page: the page itself, its service worker, the streets that it draws offline."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from api.caller import caller_of, csrf_of
from api.public import json_answer
from api.staff.reportbodies import LINK
from api.staff.staffpages import ground_of, staff_html, worker_answer
from api.state import service_of
from data.observing.snapping import MOST_STREETS
from web.staff.field import KEPT, field_page
from web.staff.fieldstreets import CELLS_PER_DEGREE, streets_of

router = APIRouter(include_in_schema=False)

_EAST, _NORTH = 180 * CELLS_PER_DEGREE, 90 * CELLS_PER_DEGREE
_DAY: Final = {"cache-control": "private, max-age=86400"}


@router.get(KEPT.path)
async def field(request: Request) -> Response:
    """What a team sees and presses."""
    load = service_of(request.app).current.load
    page = field_page(
        ground_of(request),
        load,
        caller=caller_of(request),
        csrf=csrf_of(request),
        link=LINK,
        most_streets=MOST_STREETS,
    )
    return staff_html(page)


@router.get(KEPT.worker)
async def worker() -> Response:
    """What keeps the page on the device."""
    return worker_answer(KEPT)


@router.get("/api/v1/field/streets")
def streets(
    request: Request,
    column: Annotated[int, Query(ge=-_EAST, lt=_EAST)],
    row: Annotated[int, Query(ge=-_NORTH, lt=_NORTH)],
) -> Response:
    """The streets of a cell: of a square kilometre, so that no address holds a position."""
    return json_answer(streets_of(ground_of(request), column, row), _DAY)
