"""Calls from the phone desk: its page, and which alerts may be read to people."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.examples import STAFF_PROBLEMS
from api.headers import STAFF_POLICY
from api.public import json_answer
from api.state import engine_of
from data.database import transaction
from data.rows import card_of, current_load
from operations.alerts import voiced
from operations.serving import utc_now
from web.staff.phonecalls import calls_page

router = APIRouter(tags=["phone desk"])


@router.get("/phone/calls", include_in_schema=False)
def calls(request: Request) -> HTMLResponse:
    """声かけ: what is read to people on the telephone, and who answered."""
    with transaction(engine_of(request)) as connection:
        card = card_of(current_load(connection))
    page = calls_page(caller=caller_of(request), csrf=csrf_of(request), card=card, now=utc_now())
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


@router.get(
    "/api/v1/phone/alerts", responses=STAFF_PROBLEMS, summary="Alerts to be read on the telephone"
)
def alerts(request: Request) -> Response:
    """What is told now, and what ended in the last hour: `state` says which."""
    now = utc_now()
    with transaction(engine_of(request)) as connection:
        found = json_answer(
            {"now": now.isoformat(timespec="seconds"), "alerts": voiced.listed(connection, now)}
        )
    found.headers["cache-control"] = "no-store"
    return found
