"""Headquarters' page of places, needs and levels."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.staff.barmode import bar_mode
from api.staff.plan import plan_now
from api.state import engine_of, service_of
from data.errors import NoCity
from operations.observing.fieldboard import field_waits
from operations.places.headquarters import picture
from operations.serving import utc_now
from routing.ground import CityCard
from web.staff.hq import hq_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/places")
def headquarters(request: Request) -> HTMLResponse:
    """All places, what is asked for, whom to call, and what waits for a decision."""
    now = utc_now()
    found = picture(engine_of(request), now)
    page = hq_page(
        found,
        plan_now(request),
        caller=caller_of(request),
        csrf=csrf_of(request),
        card=_card(request),
        now=now,
        mode="live" if found["orders"] else bar_mode(request, now),
        field=field_waits(engine_of(request), now),
    )
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


def _card(request: Request) -> CityCard | None:
    """The city, as the plan has it; headquarters works before there is one."""
    try:
        return service_of(request.app).current.version.ground.card
    except NoCity:
        return None
