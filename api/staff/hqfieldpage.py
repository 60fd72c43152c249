"""Headquarters' page of the field."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.staff.staffpages import ground_of
from data.errors import NoCity
from operations.serving import utc_now
from routing.ground import Ground
from web.staff.hqfield import field_desk_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/field")
def field(request: Request) -> HTMLResponse:
    """What waits for a decision, what was reported, what it shut."""
    page = field_desk_page(
        _ground(request), caller=caller_of(request), csrf=csrf_of(request), now=utc_now()
    )
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


def _ground(request: Request) -> Ground | None:
    """The city as the plan has it; the page works before there is one, without maps."""
    try:
        return ground_of(request)
    except NoCity:
        return None
