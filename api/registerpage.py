"""The registration of a browser: its cookie, and the pages that are about it."""

from collections.abc import Mapping
from typing import Final

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from api.headers import POLICY
from api.registering import NoKeys, registering_of
from api.state import service_of
from data.errors import NoCity
from operations.registering.mine import Mine, look
from operations.serving import utc_now
from routing.ground import CityCard
from web.language import SOURCE, known
from web.register import REGISTER, WayLine, said_page

COOKIE: Final = "nigemichi_register"
LIFE_S: Final = 180 * 24 * 3600
"""A flood season. Whoever comes later registers again by their number."""
LONGEST: Final = 100
"""Letters of a token; ours have 43."""
REGISTER_POLICY: Final = POLICY.replace("style-src ", "style-src 'self' ")
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": REGISTER_POLICY,
    "cache-control": "no-store",
    # Forms name their origin to ourselves; nobody else is told an address that holds a token.
    "referrer-policy": "same-origin",
}


def html(page: str, status: int = 200) -> HTMLResponse:
    """A page that nobody keeps."""
    return HTMLResponse(page, status, headers=HEADERS)


def said(request: Request, what: str, status: int, lang: str = "") -> HTMLResponse:
    """A page of a few words; no two links that open nothing get different ones."""
    page = said_page(find_card(request), what, lang=lang or lang_of(request))
    return html(page, status)


def to_page(path: str, lang: str) -> Response:
    """Lead to a page, in the language that was chosen."""
    query = "" if known(lang) == SOURCE else f"?lang={known(lang)}"
    return Response(status_code=303, headers={**HEADERS, "location": f"{path}{query}"})


def lang_of(request: Request) -> str:
    """The language that the address names."""
    return known(request.query_params.get("lang", ""))


def card_of(request: Request) -> CityCard:
    """The card of the city that answers; raises `NoCity`."""
    return service_of(request.app).current.version.ground.card


def find_card(request: Request) -> CityCard | None:
    """The same, None before the first plan."""
    try:
        return card_of(request)
    except NoCity:
        return None


async def seen_by(request: Request, token: str) -> Mine | None:
    """What a token opens; None for nothing. Raises `NoKeys`, `NoDatabase`."""
    if not 0 < len(token) <= LONGEST or not token.isascii():
        return None
    now = utc_now()
    return await registering_of(request).run(
        lambda engine, sealer: look(engine, sealer, token, now)
    )


async def find_mine(request: Request) -> Mine | None:
    """What this browser has registered; None for nothing, and where nobody registers."""
    try:
        return await seen_by(request, token_of(request))
    except NoKeys:
        return None


def ways_of(mine: Mine) -> list[WayLine]:
    """The ways of a registration as pages show them."""
    return [WayLine(line.channel, line.shown, line.waits, line.blocked) for line in mine.ways]


def token_of(request: Request) -> str:
    """The registration that a browser shows, "" for none."""
    value = request.cookies.get(_name(request), "")
    return value if len(value) <= LONGEST and value.isascii() else ""


def let_in(request: Request, response: Response, token: str) -> Response:
    """Give a browser its registration. Lax: a link in a mail leads here from another site."""
    return _set(request, response, token, LIFE_S)


def let_out(request: Request, response: Response) -> Response:
    """Take a registration that is over."""
    return _set(request, response, "", 0)


def _set(request: Request, response: Response, value: str, life_s: int) -> Response:
    response.set_cookie(
        _name(request),
        value,
        max_age=life_s,
        path=REGISTER,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


def _name(request: Request) -> str:
    """Over https a name that no page without it can set (RFC 6265bis, 4.1.3.1)."""
    return f"__Secure-{COOKIE}" if request.url.scheme == "https" else COOKIE
