"""The desk of a place: its page, its tally sheet, its service worker; a code for checking in."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from api.caller import caller_of, csrf_of
from api.staff.staffpages import ground_of, staff_html, worker_answer
from operations.serving import utc_now
from routing.ground import Ground
from shelters.place import EvacuationSite
from web.checkin import checkin_page
from web.language import known
from web.staff.desk import KEPT, chooser_page, desk_page
from web.staff.tally import tally_page

router = APIRouter(include_in_schema=False)

_ELSEWHERE: Final = "この端末は別の場所のものです。本部に連絡してください。"


@router.get("/desk")
async def desk(request: Request, site: str = "") -> Response:
    """The desk of a place; who is bound to none chooses one."""
    ground = ground_of(request)
    found = _asked_site(request, ground, site)
    caller, csrf = caller_of(request), csrf_of(request)
    if found is None:
        return staff_html(chooser_page(ground, caller=caller, csrf=csrf))
    return staff_html(desk_page(ground.card, found, caller=caller, csrf=csrf))


@router.get("/desk/tally")
async def tally(request: Request, site: str = "") -> Response:
    """A sheet to count on by hand, to be printed."""
    ground = ground_of(request)
    found = _asked_site(request, ground, site)
    caller, csrf = caller_of(request), csrf_of(request)
    if found is None:
        return staff_html(chooser_page(ground, caller=caller, csrf=csrf, path="/desk/tally"))
    return staff_html(tally_page(ground.card, found, caller=caller, csrf=csrf, now=utc_now()))


@router.get(KEPT.worker)
async def worker() -> Response:
    """What keeps the desk on the tablet."""
    return worker_answer(KEPT)


@router.get("/checkin")
async def checkin(request: Request, persons: str = "1") -> Response:
    """A code that a place's desk can read: how many come in, and nothing of who they are."""
    lang = known(request.query_params.get("lang", ""))
    return HTMLResponse(checkin_page(ground_of(request).card, persons, lang=lang))


def _asked_site(request: Request, ground: Ground, site_id: str) -> EvacuationSite | None:
    """The place that was named, or that the tablet stands in; None where there is neither."""
    caller = caller_of(request)
    wanted = site_id or caller.site_id
    if not wanted:
        return None
    if not caller.may_speak_for(wanted):
        request.app.state.refusals.note(caller, request.url.path, status=403, why="elsewhere")
        raise HTTPException(403, _ELSEWHERE)
    found = next((site for site in ground.sites if site.id == wanted), None)
    if found is None:
        raise HTTPException(404, "no such place")
    return found
