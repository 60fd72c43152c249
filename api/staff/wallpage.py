"""Headquarters' wall, and the plain ground of headquarters' maps."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.public import json_answer
from api.staff.staffpages import card_of, ground_of
from operations.serving import utc_now
from web.staff.boardground import plain_ground
from web.staff.wall import wall_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/wall")
def wall(request: Request) -> HTMLResponse:
    """What everybody in the room may read from three metres away."""
    page = wall_page(
        caller=caller_of(request), csrf=csrf_of(request), card=card_of(request), now=utc_now()
    )
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


@router.get("/api/v1/headquarters/board/ground")
def ground(request: Request) -> Response:
    """Streets, rivers, borders and assumed zones as SVG path data: no tiles are needed for it."""
    return json_answer(plain_ground(ground_of(request)))
