"""Headquarters' page of alerts."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection

from alerts.life import Duty
from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.permissions import HEADQUARTERS
from api.state import engine_of, service_of
from city.staff import Caller, Role
from data.alerts import delegates, listing, revisions
from data.database import transaction
from data.errors import NoCity
from data.people import staff
from data.rows import card_of, current_load
from operations.proposals.proposable import areas_with_sites
from operations.serving import utc_now
from web.staff.alertspage import AlertDesk, Officer, alerts_page
from web.staff.cityoutline import CityOutline, outline_of

router = APIRouter(include_in_schema=False)


@router.get("/hq/alerts")
def alerts(request: Request) -> HTMLResponse:
    """Drafts, checks, approvals, what went out, who was reached."""
    by, outline = caller_of(request), _outline(request)
    with transaction(engine_of(request)) as connection:
        card = card_of(current_load(connection))
        desk = _desk(connection, card.code, by, outline)
    page = alerts_page(desk, caller=by, csrf=csrf_of(request), card=card, now=utc_now())
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


def _desk(connection: Connection, code: str, by: Caller, outline: CityOutline | None) -> AlertDesk:
    rows = listing.listed(connection, code, utc_now())
    named = delegates.named(connection, code, Duty.BREAK_GLASS)
    return AlertDesk(
        areas=[one["name"] for one in areas_with_sites(connection, current_load(connection))],
        own=[row.id for row in rows if by.id in revisions.hands_of(row).wrote],
        may_send_alone=any(one.staff_id == by.id for one in named),
        outline=outline,
        officers=_officers(connection, by),
    )


def _officers(connection: Connection, by: Caller) -> list[Officer]:
    """Whom this approver can name: everybody else who works at headquarters."""
    if Role.APPROVER not in by.roles:
        return []
    return [
        Officer(one.id, one.name, Role.APPROVER in one.roles)
        for one in staff.everybody(connection)
        if one.id != by.id and one.disabled_at is None and one.roles & HEADQUARTERS
    ]


def _outline(request: Request) -> CityOutline | None:
    """The city as the plan has it; headquarters works before there is one."""
    try:
        return outline_of(service_of(request.app).current.version.ground)
    except NoCity:
        return None
