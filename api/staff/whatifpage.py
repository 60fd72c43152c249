"""The page on which headquarters tries a change before it makes it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caller import caller_of, csrf_of
from api.headers import STAFF_POLICY
from api.state import service_of
from data.errors import NoCity
from operations.serving import utc_now
from web.staff.hqwhatif import whatif_page

router = APIRouter(include_in_schema=False)


@router.get("/hq/whatif")
def whatif(request: Request) -> HTMLResponse:
    """Now beside then: what a change would do, and the streets that matter most."""
    try:
        version = service_of(request.app).current.version
    except NoCity:
        version = None
    page = whatif_page(version, caller=caller_of(request), csrf=csrf_of(request), now=utc_now())
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})
