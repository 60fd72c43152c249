"""The pages: plain HTML that works without script."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.asked import asked_of_form, refuse_repeated
from api.caching import shared
from api.headers import MAP_POLICY
from api.public import answer_question
from api.state import service_of
from data.live.outbox import Topic
from operations.serving import utc_now
from web.home import home_view
from web.language import SOURCE, known
from web.links import WAY, joined, link
from web.moving import is_on
from web.overview import map_image
from web.pages import home_page, way_page
from web.tapmap import whole

router = APIRouter(include_in_schema=False)

NONE: Final[Mapping[str, str]] = MappingProxyType({})
"""No headers beside those of every answer."""


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """Where are you, and what kind of home is it? One that nobody has answered, all may share."""
    values = request.query_params.multi_items()
    refuse_repeated(values)
    current, now = service_of(request.app).current, utc_now()
    freshness = current.freshness(now)
    view = home_view(
        current.version,
        joined(values),
        lang=_lang(request),
        now=now,
        checked_at=freshness.checked_at,
        stale=freshness.stale,
    )
    return _html(home_page(view), shared(request, "lang"))


@router.get("/way")
async def way(request: Request) -> HTMLResponse:
    """Stay or go, where to, which way."""
    asked, kept = asked_of_form(request.query_params.multi_items())
    service, now = service_of(request.app), utc_now()
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(now)
    found = answer_question(service, asked)
    page = way_page(
        found,
        asked=kept,
        lang=_lang(request),
        now=now,
        checked_at=freshness.checked_at,
        stale=freshness.stale,
        page_url=_address(request, kept),
        states=service.live.states(Topic.SITES),
    )
    return _html(page)


@router.get("/map.svg")
async def tap_map(request: Request) -> Response:
    """The city, or a box of it, as an image to tap."""
    version = service_of(request.app).current.version
    image = map_image(version, request.query_params)
    asked = request.query_params.get("box", "")
    # A smaller box stands around what somebody tapped.
    kept = shared(request, "box") if asked in ("", whole(version.ground).text) else None
    return Response(image, media_type="image/svg+xml", headers=kept)


@router.get("/favicon.ico")
async def icon() -> Response:
    """No icon: browsers ask for one, and log it where it is missing."""
    return Response(status_code=204)


def _html(page: str, headers: Mapping[str, str] = NONE) -> HTMLResponse:
    """A page, with the policy that it needs."""
    policy = {"content-security-policy": MAP_POLICY} if is_on(page) else {}
    return HTMLResponse(page, headers={**headers, **policy})


def _lang(request: Request) -> str:
    return known(request.query_params.get("lang", ""))


def _address(request: Request, kept: dict[str, str]) -> str:
    """The page's own address, holding the question and nothing else."""
    lang = _lang(request)
    return str(request.base_url).rstrip("/") + link(WAY, kept, lang="" if lang == SOURCE else lang)
