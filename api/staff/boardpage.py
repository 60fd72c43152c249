"""The page of headquarters' board."""

from typing import Final

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.staff import board as boards
from api.staff import chronology
from api.state import service_of
from data.errors import NoCity
from operations.serving import utc_now
from routing.ground import CityCard
from web.staff.hqboard import board_page

router = APIRouter(include_in_schema=False)

LINES: Final = 60
"""Of the chronology, as the page comes."""


@router.get("/hq")
def board(request: Request) -> HTMLResponse:
    """What must be decided, where, and what happened, on one screen."""
    found = orjson.loads(boards.board(request).body)
    entries = orjson.loads(chronology.listed(request, limit=LINES).body)["entries"]
    page = board_page(
        found,
        entries,
        caller=caller_of(request),
        csrf=csrf_of(request),
        card=_card(request),
        now=utc_now(),
    )
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


def _card(request: Request) -> CityCard | None:
    """The city, as the plan has it; headquarters works before there is one."""
    try:
        return service_of(request.app).current.version.ground.card
    except NoCity:
        return None
