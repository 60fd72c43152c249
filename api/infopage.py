"""The page of what others say: anybody may keep it for 2 s, but a question from a position nobody.

A position is neither kept nor logged; an area, by its name, is of all who live there.
"""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.caching import shared
from api.placespage import asked_places
from api.state import service_of
from operations.information.shown import FRESH, Informed
from operations.serving import utc_now
from web.info import INFO, SOURCE, info_view
from web.language import known, spoken, translator
from web.links import KEPT, POINT
from web.pages import info_page

router = APIRouter(include_in_schema=False)
_KEYS: Final = tuple({*KEPT, SOURCE} - {*POINT})
_DIGITS: Final = 18
STALE_AFTER: Final = 6 * FRESH
"""After so long without a reading what was read last is said to be old."""


@router.get(INFO)
def information(request: Request) -> HTMLResponse:
    """What concerns a door, an area or the whole city, by theme, each with its age."""
    asked = asked_places(request.query_params.multi_items())
    service, now = service_of(request.app), utc_now()
    informed: Informed = request.app.state.informed
    reading = informed.reading(now)
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(now)
    version = service.current.version
    lang = known(request.query_params.get("lang", ""))
    view = info_view(
        version,
        reading.sources if reading else None,
        asked,
        translator(spoken(version.ground.card, lang)),
        now=now,
        read_at=reading.at if reading else None,
        read_old=bool(reading and now - reading.at > STALE_AFTER),
        checked_at=freshness.checked_at,
        stale=freshness.stale,
        whole=_number(request.query_params.get(SOURCE, "")),
    )
    page = info_page(view, asked=dict(asked.kept), lang=lang)
    return HTMLResponse(page, headers=shared(request, *_KEYS))


def _number(text: str) -> int | None:
    """Of a source; None for what is none, by which nothing more is shown."""
    known = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if known else None
