"""What routes of staff pages share: a page with its policy, and where a browser goes next."""

from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.headers import STAFF_POLICY
from api.state import service_of
from data.errors import NoCity
from routing.ground import CityCard, Ground
from web.staff.kept import KeptPage

_HEADERS: Final = {
    "content-security-policy": STAFF_POLICY,
    # Forms name their origin to ourselves; nobody else is told.
    "referrer-policy": "same-origin",
}


def staff_html(page: str, status: int = 200, **headers: str) -> HTMLResponse:
    """A page for staff."""
    return HTMLResponse(page, status, headers=_HEADERS | headers)


def worker_answer(page: KeptPage) -> Response:
    """The service worker of a page that stays on a device."""
    headers = {"service-worker-allowed": page.path, "cache-control": "no-cache"}
    return Response(page.script(), media_type="text/javascript", headers=headers)


def ground_of(request: Request) -> Ground:
    """The loaded city; it is read without the database."""
    return service_of(request.app).current.version.ground


def card_of(request: Request) -> CityCard | None:
    """The city whose name stands on the pages; None before one is loaded."""
    try:
        return ground_of(request).card
    except NoCity:
        return None


def local(address: str) -> str:
    """An address of ours to go to next, or nothing: never another site's."""
    ours = address.startswith("/") and not address.startswith("//")
    return address if ours and address.isprintable() and "\\" not in address else ""


def see_other(address: str) -> RedirectResponse:
    """Go there with GET."""
    return RedirectResponse(address, 303)
