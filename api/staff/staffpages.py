"""What routes of staff pages share: a page with its policy, and where a browser goes next."""

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.headers import STAFF_POLICY
from api.state import service_of
from data.errors import NoCity
from routing.ground import CityCard

_HEADERS: Final = {
    "content-security-policy": STAFF_POLICY,
    # Forms name their origin to ourselves; nobody else is told.
    "referrer-policy": "same-origin",
}


def staff_html(page: str, status: int = 200, **headers: str) -> HTMLResponse:
    """A page for staff."""
    return HTMLResponse(page, status, headers=_HEADERS | headers)


def card_of(request: Request) -> CityCard | None:
    """The city whose name stands on the pages; None before one is loaded."""
    try:
        return service_of(request.app).current.version.ground.card
    except NoCity:
        return None


def local(address: str) -> str:
    """An address of ours to go to next, or nothing: never another site's."""
    ours = address.startswith("/") and not address.startswith("//")
    return address if ours and address.isprintable() and "\\" not in address else ""


def see_other(address: str) -> RedirectResponse:
    """Go there with GET."""
    return RedirectResponse(address, 303)
