"""Where an alert can be for, and where one is for, as the form of headquarters needs it."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.state import engine_of
from data.database import transaction
from operations.alerts.areachoices import choices
from operations.alerts.areas import area_of
from web.staff.alertareawords import area_in_words, in_words

router = APIRouter(prefix="/api/v1/headquarters", tags=["alerts"], responses=STAFF_PROBLEMS)

Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/alertareas", summary="Zones, places and versions an alert can be for")
def list_choices(request: Request) -> Response:
    """What is no 避難情報 can go to a zone, to whom the plan sends to a place, or to whom it moved;
    households are counts.
    """
    with transaction(engine_of(request)) as connection:
        return _private(in_words(choices(connection)))


@router.get("/alerts/{number}/area", summary="The area of a revision as it was chosen")
def area(request: Request, number: Number) -> Response:
    """With every corner of a drawn polygon (GeoJSON), to draw on from there."""
    with transaction(engine_of(request)) as connection:
        return _private(area_in_words(area_of(connection, number)))


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
