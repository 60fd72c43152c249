"""The page that shows what headquarters saw."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.state import service_of
from data.errors import NoCity
from operations.serving import utc_now
from web.staff.hqreplay import replay_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/replay")
def replay(request: Request) -> HTMLResponse:
    """Read only: a slider over a night, and what was seen in each of its minutes."""
    try:
        ground = service_of(request.app).current.version.ground
    except NoCity:
        ground = None
    page = replay_page(ground, caller=caller_of(request), csrf=csrf_of(request), now=utc_now())
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})
