"""Households at the phone desk and in headquarters: their words, room kept for them, 班 tallies."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.homebodies import HoldBody, ReleaseBody, SaidBody, TallyBody
from api.state import engine_of
from operations.household import holding, saying, tallying
from operations.household.links import spelled
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1", tags=["households"], responses=STAFF_PROBLEMS)


@router.post("/phone/homes/said", summary="What a household says that it will do")
def said(request: Request, body: SaidBody) -> Response:
    """It changes how many are expected at the places, never what that door is told."""
    found = saying.say_of_slip(engine_of(request), body.label, body.intent, caller_of(request))
    since = found and found.at.isoformat(timespec="seconds")
    return _private({"label": spelled(body.label), "intent": body.intent, "since": since})


@router.post("/phone/holds", summary="Keep room at a place")
def keep(request: Request, body: HoldBody) -> Response:
    """It counts in the plan until it is released or over; the same hold once more changes nothing.

    A household has one: a new one of the same label takes its place.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    made = holding.keep_room(
        engine, by, body.id, body.site, body.persons, label=body.label, now=now
    )
    until = made.expires_at.isoformat(timespec="seconds")
    table = {"id": str(made.id), "site": made.site_id, "persons": made.persons}
    return _private(table | {"expires_at": until})


@router.post("/phone/holds/{hold}", summary="Keep that room no longer")
def release(request: Request, hold: UUID, body: ReleaseBody) -> Response:
    """Once more changes nothing."""
    holding.release(engine_of(request), caller_of(request), hold, now=utc_now())
    return _private({"id": str(hold), "released": body.do == "release"})


@router.post("/phone/tallies", summary="What the head of a 班 tells")
def tally(request: Request, body: TallyBody) -> Response:
    """The newest of each 班 counts, older ones are kept."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    return _private({"tally": tallying.add_tally(engine, by, body.given(), now=now)})


@router.get("/headquarters/tallies", summary="The newest tally of each 班")
def tallies(request: Request) -> Response:
    """Households called, gone, staying, and to be fetched."""
    now = utc_now().isoformat(timespec="seconds")
    return _private({"tallies": tallying.newest_tallies(engine_of(request)), "now": now})


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
