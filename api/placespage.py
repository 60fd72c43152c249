"""The page of places: how full they are, where the nearest ones are. Anybody may keep it for 2 s.

A question from a position is neither kept nor logged; one from an area, by its name, is of all who
live there.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.asked import Asked, WrongForm, asked_of_form, refuse_repeated
from api.caching import drawn, shared
from api.headers import POLICY
from api.state import Service, service_of
from city.traveller import Household, Profile
from data.live.outbox import Topic
from hazards.kinds import AlertLevel, HazardKind
from operations.serving import Freshness, utc_now
from web.language import known, spoken, translator
from web.links import KEPT, POINT, joined
from web.pages import places_page
from web.placeasked import PlacesAsked
from web.places import places_view
from web.placesmap import IMAGE, places_image

router = APIRouter(include_in_schema=False)

_KEYS: Final = tuple({*KEPT, "from", "since"} - {*POINT})
"""What a page may be asked with that anybody keeps. Our script adds `since`, what it has heard: so
all who heard the same share a page, and none is given one from before.
"""
PLACES_POLICY: Final = POLICY.replace("script-src ", "script-src 'self' ")
LONGEST: Final = 40
"""Letters of an area's name."""


class AskedPlaces(BaseModel):
    """The query of the page where no position is given; what else it says is passed over."""

    model_config = ConfigDict(extra="ignore")

    area: Annotated[str, Field(max_length=LONGEST)] = ""
    hazard: list[HazardKind] = []
    level: Annotated[int, Field(ge=1, le=5)] | None = None
    profile: Profile = Profile.WALK


@router.get("/places")
def places(request: Request) -> HTMLResponse:
    """How full the places are: the nearest first, or those of the whole city."""
    asked = asked_places(request.query_params.multi_items())
    service, now = service_of(request.app), utc_now()
    # Before version and states are taken: newer ones may be shown as older, never the other way.
    freshness, since, states = _live(service, now)
    version = service.current.version
    lang = known(request.query_params.get("lang", ""))
    view = places_view(
        version,
        states,
        asked,
        translator(spoken(version.ground.card, lang)),
        now=now,
        checked_at=freshness.checked_at,
        stale=freshness.stale,
    )
    page = places_page(view, asked=dict(asked.kept), lang=lang, since=since)
    headers = {"content-security-policy": PLACES_POLICY} | shared(request, *_KEYS)
    return HTMLResponse(page, headers=headers)


@router.get(IMAGE)
def places_map_image(request: Request) -> Response:
    """The streets and waters below the symbols: a box of the city, never somebody's place."""
    version = service_of(request.app).current.version
    image = places_image(version, request.query_params)
    headers = drawn(request, version.number, "box")
    return Response(image, media_type="image/svg+xml", headers=headers)


def asked_places(values: list[tuple[str, str]]) -> PlacesAsked:
    """The question of a query: a position as `/way` reads it, or an area, or neither.

    Raises `WrongForm` for what is not understood.
    """
    query = joined(values)
    start = _start(query.get("from", ""))
    if query.get("lat", "").strip() or query.get("lon", "").strip():
        asked, kept = asked_of_form(values)
        return _from_position(asked, kept, start)
    refuse_repeated(values)
    said: dict[str, Any] = {key: text.strip() for key, text in query.items() if text.strip()}
    if "hazard" in said:
        said["hazard"] = list(dict.fromkeys(said["hazard"].split(",")))
    try:
        found = AskedPlaces.model_validate(said)
    except ValidationError as error:
        rows = error.errors(include_input=False, include_url=False, include_context=False)
        raise WrongForm([dict(row) for row in rows]) from None
    return PlacesAsked(
        area=found.area,
        household=Household(profile=found.profile),
        hazards=frozenset(found.hazard),
        level=AlertLevel(found.level or 0),
        start=start,
        kept=_kept(found),
    )


def _from_position(asked: Asked, kept: dict[str, str], start: int) -> PlacesAsked:
    question = asked.question(utc_now())
    return PlacesAsked(
        position=question.position,
        household=question.household,
        hazards=question.hazards,
        level=question.level,
        start=start,
        kept=kept,
    )


def _kept(found: AskedPlaces) -> dict[str, str]:
    said = found.model_dump(exclude_defaults=True) | {"hazard": ",".join(found.hazard)}
    return {key: str(value) for key, value in said.items() if value}


def _start(text: str) -> int:
    """The number of the first place; a list has no page of which nobody knows the number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _live(
    service: Service, now: datetime
) -> tuple[Freshness, str, Mapping[str, Mapping[str, Any]]]:
    """How old the knowledge is, where the stream stands, and the newest state of each place."""
    plan, hub = service.current.freshness(now), service.live
    stream = hub.freshness(now)
    if stream is None:
        return plan, "", {}
    checked_at = min(plan.checked_at, stream.checked_at)
    fresh = Freshness(checked_at, plan.stale or stream.stale)
    return fresh, hub.since, hub.states(Topic.SITES)
