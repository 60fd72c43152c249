"""The page of the duties of the night."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.permissions import HEADQUARTERS
from api.staff.barmode import bar_mode
from api.state import service_of
from data.errors import NoCity
from operations.serving import utc_now
from routing.ground import CityCard
from web.staff.duties import duties_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/duties")
def duties(request: Request) -> HTMLResponse:
    """All duties for headquarters; the phone desk has the call list alone."""
    caller, now = caller_of(request), utc_now()
    page = duties_page(
        caller=caller,
        csrf=csrf_of(request),
        card=_card(request),
        whole=bool(HEADQUARTERS & caller.roles),
        now=now,
        mode=bar_mode(request, now),
    )
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


def _card(request: Request) -> CityCard | None:
    """The city, as the plan has it; headquarters works before there is one."""
    try:
        return service_of(request.app).current.version.ground.card
    except NoCity:
        return None
