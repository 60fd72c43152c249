"""Drones' photos: sent from the field, and what headquarters says of each."""

from functools import partial
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.deskbodies import Body
from api.staff.homebodies import PLAIN
from api.staff.missionbodies import Short
from api.staff.photos import Sha256, photos_of, refused
from api.staff.reportbodies import PlaceBody
from api.staff.reports import taken_answer
from api.state import engine_of
from city.position import Position
from data.photos.errors import StoreAway
from hazards.observation import ObservationKind
from operations.errors import Refused
from operations.observing import dronelist, dronesaying
from operations.observing.droneflight import GivenFlight, Said, begin
from operations.observing.dronelist import reckoned
from operations.observing.dronephotos import TakenPhoto
from operations.observing.droneupload import take_in_uploaded
from operations.serving import utc_now
from web.staff.reportwords import effect_words

router = APIRouter(prefix="/api/v1", tags=["photos"], responses=STAFF_PROBLEMS)
_AWAY: dict[int | str, dict[str, Any]] = {503: {"description": "The photo store is away."}}
_NO_WORDS: Final = (
    "「異常なし」には、メモも場所も付けられません。残すことがあれば、種類を選んで報告にしてください"
    "（nothing takes no note and no place）"
)
Note = Annotated[str, Field(max_length=200, pattern=PLAIN)]


class FlownBody(Body):
    """A flight, as far as its mission does not say it: 登録記号, operator, permit, exemption."""

    drone: Short = ""
    operator: Short = ""
    permit: Short = ""
    asked_by: Annotated[
        Short, Field(description="捜索・救助の特例（航空法132条の92）: by whose wish it is flown.")
    ] = ""


class DronePhotoBody(Body):
    """Which original is a drone's photo; without a `kind` a person says what it shows."""

    photo: Annotated[UUID, Field(description="As `photo` of its upload.")]
    kind: ObservationKind | None = None
    note: Note = ""
    mission: Annotated[int | None, Field(ge=1, le=2**53)] = None
    flight: FlownBody = FlownBody()

    def said(self) -> Said:
        """What was said of it."""
        flight = GivenFlight(mission=self.mission, **self.flight.model_dump())
        return Said(flight, self.kind, self.note)


class ShowsBody(Body):
    """What a photo shows, and where if not at its target."""

    kind: ObservationKind | Literal["nothing"]
    note: Note = ""
    at: PlaceBody | None = None


@router.post(
    "/field/dronephotos", summary="An uploaded original is a drone's photo", responses=_AWAY
)
async def take_in(request: Request, body: DronePhotoBody) -> Response:
    """Send the original first, in pieces (`/api/v1/field/uploads`). Where on the ground it looks is
    reckoned from its EXIF and XMP; the same photo once more changes nothing.
    """
    photos, engine, by = photos_of(request), engine_of(request), caller_of(request)

    def work() -> TakenPhoto:
        reading = begin(engine, photos.store, by, body.said())
        return take_in_uploaded(reading, body.photo, utc_now())

    try:
        taken = await to_thread.run_sync(work, limiter=photos.limiter)
    except StoreAway as error:
        return refused(request, error)
    return _private(_told(taken))


@router.get("/headquarters/dronephotos", summary="Drones' photos, those that wait first")
def listed(request: Request) -> Response:
    """Each with its target, footprint and error, by which right it was flown, and the reason where
    it waits to be placed; the picture by its SHA-256.
    """
    return _private(dronelist.photos(engine_of(request), utc_now()))


@router.post("/headquarters/dronephotos/{sha256}", summary="Say what a drone's photo shows")
async def say(request: Request, sha256: Sha256, body: ShowsBody) -> Response:
    """It becomes a report of the caller's, once, at its target or `at`; `nothing`, without note and
    place, takes it off the list of those that wait.
    """
    engine, by = engine_of(request), caller_of(request)
    if body.kind == "nothing":
        if body.note or body.at:
            raise Refused(_NO_WORDS)
        nothing = partial(dronesaying.say_nothing, engine, by, sha256, now=utc_now())
        await to_thread.run_sync(nothing)
        return _private({"sha256": sha256, "kind": "nothing"})
    at = Position(body.at.lat, body.at.lon) if body.at else None
    shows = partial(
        dronesaying.say, engine, by, sha256, body.kind, now=utc_now(), note=body.note, at=at
    )
    return taken_answer(await to_thread.run_sync(shows))


def _told(taken: TakenPhoto) -> dict[str, Any]:
    row = taken.row
    return {
        "sha256": taken.sha256,
        "became": taken.became,
        "why": taken.why,
        "target": None if row is None else dronelist.target(row),
        "error_m": None if row is None else row.error_m,
        "reckoned": "" if row is None else reckoned(row),
        "effect": taken.report.effect.name.lower() if taken.report else "none",
        "words": effect_words(taken.report) if taken.report else "",
    }


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
