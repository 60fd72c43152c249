"""Headquarters: the whole picture, and what is said and decided there."""

from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.barmode import bar_mode
from api.staff.headquartersbodies import (
    AnswerBody,
    CallBody,
    ContactBody,
    CountBody,
    DecisionBody,
    FacilityBody,
    LiftBody,
    OpeningBody,
    ProposalBody,
    RoomBody,
)
from api.state import engine_of
from hazards.kinds import AlertLevel
from hazards.proposal import ProposalState
from operations.places import headquarters, needs, openings, sitecalls, siteinfo
from operations.places.counts import GivenCount, record_counts
from operations.places.siteinfo import Contact, GivenRoom
from operations.proposals import proposals
from operations.serving import utc_now
from shelters.counting import CountKind, Via

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

Site: TypeAlias = Annotated[str, Path(max_length=100)]
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


def _private(table: dict[str, Any]) -> Response:
    """An answer that nothing between keeps: it holds telephone numbers and people's words."""
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found


@router.get("", summary="All that headquarters sees")
def picture(request: Request) -> Response:
    """Places, calls to make, needs, proposals, orders; the only answer with phone numbers.
    `mode`: live, drill or calm, as the bar says it.
    """
    now = utc_now()
    found = headquarters.picture(engine_of(request), now)
    return _private(found | {"mode": "live" if found["orders"] else bar_mode(request, now)})


@router.post("/sites/{site}/opening", summary="Open, fill, close a place; its own danger")
def set_opening(request: Request, site: Site, body: OpeningBody) -> Response:
    """One step, or how far an opening has come."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    openings.change_opening(
        engine,
        by,
        site,
        body.opening,
        stage=body.stage,
        expected_at=body.expected_at,
        note=body.note,
        now=now,
    )
    return _site(request, site)


@router.post("/sites/{site}/count", summary="A number that a place told by phone")
def count(request: Request, site: Site, body: CountBody) -> Response:
    """An odd number is kept and held until it is sent again as confirmed, with another id."""
    now = utc_now()
    given = GivenCount(
        id=str(body.id),
        kind=CountKind(body.kind),
        persons=body.persons,
        at=now,
        via=Via.PHONE,
        confirmed=body.confirmed,
    )
    engine, by = engine_of(request), caller_of(request)
    taken = record_counts(engine, by, site, [given], sent_at=now, now=now)
    results = [
        {"id": one.id, "status": one.status, "flags": list(one.flags)} for one in taken.results
    ]
    return _private({"results": results, "site": taken.site})


@router.post("/sites/{site}/call", summary="Note a call to a place")
def call(request: Request, site: Site, body: CallBody) -> Response:
    """Whether or not anybody answered."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    sitecalls.note_call(engine, by, site, body.outcome, note=body.note, now=now)
    return _site(request, site)


@router.post("/sites/{site}/rooms", summary="Add or change a room")
def room(request: Request, site: Site, body: RoomBody) -> Response:
    """Its name, what it holds, for whom it is, whether it is in use."""
    given = GivenRoom(body.name, body.capacity, body.meant_for, body.overflow, body.in_use)
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    siteinfo.set_room(engine, by, site, body.room, given, now=now)
    return _site(request, site)


@router.post("/sites/{site}/facilities", summary="What a place offers")
def facility(request: Request, site: Site, body: FacilityBody) -> Response:
    """The note is public."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    siteinfo.set_facility(
        engine, by, site, body.facility, offered=body.offered, note=body.note, now=now
    )
    return _site(request, site)


@router.post("/sites/{site}/contact", summary="Whom to call about a place")
def contact(request: Request, site: Site, body: ContactBody) -> Response:
    """Told by `GET /api/v1/headquarters` alone."""
    said = Contact(body.phone, body.key_holder, body.key_holder_phone)
    siteinfo.set_contact(engine_of(request), caller_of(request), site, said)
    return _site(request, site)


@router.post("/needs/{need}", summary="Answer what a place asked for")
def answer(request: Request, need: UUID, body: AnswerBody) -> Response:
    """Accepted, done, or refused with the reason."""
    needs.answer_need(
        engine_of(request),
        caller_of(request),
        need,
        body.state,
        answer=body.answer,
        expected_at=body.expected_at,
        now=utc_now(),
    )
    return _private({"id": str(need), "state": body.state})


@router.post("/proposals", summary="Propose a level, or a lifting")
def propose(request: Request, body: ProposalBody) -> Response:
    """Nothing is in force before another person approves it. Warns of places not open yet."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    number = proposals.propose_any(
        engine,
        by,
        hazard=body.hazard,
        level=AlertLevel(body.level) if body.level else None,
        areas=body.areas,
        whole_city=body.whole_city,
        lifts=body.lifts,
        reason=body.reason,
        now=now,
    )
    return _private({"number": number, "unopened": headquarters.warned_of(engine, number)})


@router.post("/proposals/{number}", summary="Approve, reject or withdraw a proposal")
def decide(request: Request, number: Number, body: DecisionBody) -> Response:
    """Nobody approves their own proposal."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    decision = ProposalState(body.decision)
    order = proposals.decide(engine, by, number, decision, why=body.why, now=now)
    return _private({"number": number, "decision": decision, "order": order or None})


@router.post("/orders/{number}/lift", summary="Propose that an order be lifted (解除)")
def lift(request: Request, number: Number, body: LiftBody) -> Response:
    """Lifting takes a second person too: this only proposes it."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    made = proposals.propose_lift(engine, by, number, reason=body.why, now=now)
    return _private({"number": made})


def _site(request: Request, site: str) -> Response:
    return _private({"site": headquarters.site_now(engine_of(request), site, utc_now())})
