"""The desk of a place: its figure, head counts, needs, rooms, whether it is open or full."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.deskbodies import CountsBody, NeedsBody, OpeningBody, RoomBody, SiteId
from api.state import engine_of
from operations.errors import Refused
from operations.places import needs as asking
from operations.places import openings, siteinfo
from operations.places.counts import take_counts
from operations.places.desk import desk_site
from operations.serving import utc_now
from shelters.place import Opening

router = APIRouter(prefix="/api/v1/desk", tags=["desk"], responses=STAFF_PROBLEMS)


@router.get("/site", summary="A place as its desk sees it")
def site(request: Request, site: Annotated[SiteId | None, Query()] = None) -> Response:
    """Who is inside, rooms, needs and their answers; `server_now` is our clock."""
    now = utc_now()
    return _answer(_seen(request, _place(request, site), now), now)


@router.post("/counts", summary="Send head counts")
async def counts(request: Request, body: CountsBody) -> Response:
    """Each is taken once, in any order, also hours later; odd ones are kept and held.

    `results` are in the order of `counts`: `applied`, `superseded` by a newer count of all,
    `held` until a person confirms it with another id, `known` already, or `refused` with the flag
    `elsewhere` where another place has that id: nobody was counted here.
    """
    now, place = utc_now(), _place(request, body.site)
    given = [one.given() for one in body.counts]
    taken = await take_counts(
        engine_of(request), caller_of(request), place, given, sent_at=body.sent_at, now=now
    )
    results = [
        {"id": one.id, "status": one.status, "flags": list(one.flags)} for one in taken.results
    ]
    return _answer({"results": results, "site": taken.site}, now)


@router.post("/needs", summary="Ask headquarters for something")
def needs(request: Request, body: NeedsBody) -> Response:
    """`danger` says that the place itself is in danger, at once."""
    now, place = utc_now(), _place(request, body.site)
    engine, by = engine_of(request), caller_of(request)
    results = [
        {"id": str(one.id), "status": asking.report_need(engine, by, place, one.given(), now)}
        for one in body.needs
    ]
    return _answer({"results": results, "site": _seen(request, place, now)}, now)


@router.post("/rooms", summary="Open or shut a room")
def rooms(request: Request, body: RoomBody) -> Response:
    """An overflow room that is opened counts as room at once."""
    now, place = utc_now(), _place(request, body.site)
    engine, by = engine_of(request), caller_of(request)
    siteinfo.use_room(engine, by, place, body.room, in_use=body.in_use, now=now)
    return _answer({"site": _seen(request, place, now)}, now)


@router.post("/opening", summary="Say that the place is open, or full")
def opening(request: Request, body: OpeningBody) -> Response:
    """A full place refuses nobody; it gets no new ones."""
    now, place = utc_now(), _place(request, body.site)
    engine, by = engine_of(request), caller_of(request)
    openings.change_opening(engine, by, place, Opening(body.opening), now=now)
    return _answer({"site": _seen(request, place, now)}, now)


def _place(request: Request, named: str | None) -> str:
    """The place that is named, else that of the tablet."""
    place = named or caller_of(request).site_id
    if place is None:
        raise Refused("どの避難場所か書いてください（name the place: site=ID）")
    return place


def _seen(request: Request, place: str, now: datetime) -> dict[str, Any]:
    return desk_site(engine_of(request), caller_of(request), place, now)


def _answer(table: dict[str, Any], now: datetime) -> Response:
    """An answer that nothing between keeps."""
    found = json_answer(table | {"server_now": now.isoformat(timespec="milliseconds")})
    found.headers["cache-control"] = "no-store"
    return found
