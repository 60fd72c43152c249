"""What headquarters saw: nights that are kept, any moment of them, a version made anew."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS, Responses
from api.public import json_answer
from api.staff.replaybodies import RunBody
from api.state import engine_of, service_of
from data.database import transaction
from data.rows import card_of, current_load
from operations.replay import exporting, happened, nights, past, running, verifying
from operations.serving import utc_now

router = APIRouter(
    prefix="/api/v1/headquarters/replay", tags=["headquarters"], responses=STAFF_PROBLEMS
)

_PDF: Final = "application/pdf"
_CSV: Final = "text/csv"
_GEOJSON: Final = "application/geo+json"
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]
Day: TypeAlias = Annotated[date | None, Query(description="the date of the night's first noon")]


def _of_type(media_type: str) -> Responses:
    return {200: {"content": {media_type: {}}}}


@router.get("", summary="Nights that are kept, and what happened in one")
def night(request: Request, day: Day = None) -> Response:
    """The night of `day`, or the newest: from when to when, and its events for a slider."""
    with transaction(engine_of(request)) as connection:
        zone = card_of(current_load(connection)).timezone
        kept = nights.list_nights(connection)
        chosen = next((one for one in kept if day in (None, one.day)), None)
        table: dict[str, Any] = {
            "now": utc_now().isoformat(timespec="seconds"),
            "zone": zone,
            "nights": [asdict(one) for one in kept],
            "night": None,
            "events": [],
            "more_events": 0,
        }
        if chosen is not None:
            table["night"] = asdict(chosen)
            told = happened.events(connection, chosen.first, chosen.last)
            table["events"], table["more_events"] = told
    return private(table)


@router.get("/at", summary="What headquarters saw at a moment")
def at(request: Request, moment: Annotated[AwareDatetime, Query()]) -> Response:
    """The whole state, its recorded hash and the one made anew of what is kept; nothing in it can
    be acted on.
    """
    with transaction(engine_of(request)) as connection:
        return private(past.seen_until(connection, moment, utc_now()))


@router.get("/versions/{number}", summary="A version of the plan, computed anew")
def version(request: Request, number: Number) -> Response:
    """Whether weights and fields of what is kept are those that were published; one at a time."""
    arrays = service_of(request.app).current.state
    found = verifying.verify_alone(engine_of(request), arrays, number)
    return private(asdict(found) | {"agrees": found.agrees})


@router.get(
    "/report.pdf",
    summary="The report of a night: one A4 page",
    response_class=Response,
    responses=_of_type(_PDF),
)
def report(request: Request, day: Day = None) -> Response:
    """Charts, events, places; each number with the frame or version that it is from."""
    found = exporting.report(engine_of(request), day, utc_now())
    return _file(found, _PDF, "pdf", "inline")


@router.get(
    "/night.csv", summary="A night as a table", response_class=Response, responses=_of_type(_CSV)
)
def table(request: Request, day: Day = None) -> Response:
    """Moments ten minutes apart, events, places."""
    return _file(exporting.table(engine_of(request), day), f"{_CSV}; charset=utf-8", "csv")


@router.get(
    "/night.geojson",
    summary="A night's places and closures on a map",
    response_class=Response,
    responses=_of_type(_GEOJSON),
)
def geojson(request: Request, day: Day = None) -> Response:
    """Places with the most persons that were inside, and streets with when they were shut."""
    return _file(exporting.geojson(engine_of(request), day), _GEOJSON, "geojson")


@router.get("/runs", summary="A night once more: the run that was asked for last")
def run(request: Request, day: Day = None) -> Response:
    """How far it is, and both runs side by side once it is done; `run` is null where none was
    asked for.
    """
    return private({"run": running.find(engine_of(request), day)})


@router.post("/runs", summary="Compute a night once more, with a change", status_code=202)
def ask(request: Request, body: RunBody) -> Response:
    """Orders of level 3 and 4, openings of places, or both, so much earlier; one run at a time.
    Nothing that is in force changes.
    """
    arrays = service_of(request.app).current.state
    change = body.model_dump(exclude={"day"})
    engine, by = engine_of(request), caller_of(request).actor
    running.ask(engine, arrays, body.day, change, by)
    return private({"run": running.find(engine, body.day)})


@router.post("/runs/{number}/cancel", summary="End a run that is under way")
def cancel(request: Request, number: Number) -> Response:
    """It ends within some seconds; what it had computed is lost."""
    running.cancel(engine_of(request), number)
    return private({"cancelled": number})


def private(table: dict[str, Any]) -> Response:
    """An answer that nothing between keeps."""
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found


def _file(body: bytes, media_type: str, ending: str, how: str = "attachment") -> Response:
    headers = {
        "cache-control": "no-store",
        "content-disposition": f'{how}; filename="night.{ending}"',
    }
    return Response(body, media_type=media_type, headers=headers)
