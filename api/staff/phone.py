"""The phone desk: its page, finding a caller, the answer to read aloud, the slips."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.asked import Asked, refuse_repeated
from api.caller import caller_of, csrf_of
from api.examples import STAFF_PROBLEMS
from api.headers import STAFF_POLICY
from api.public import answer_question, json_answer
from api.staff.phonebodies import LONGEST, MOST, SlipBody, StepBody
from api.state import Service, engine_of, service_of
from data.live.outbox import Topic
from operations.phone import phonedesk
from operations.phone.answer import phone_answer, place_of
from operations.phone.search import find_places
from operations.phone.slips import HandedTo
from operations.serving import utc_now
from web.staff.phone import phone_page

router = APIRouter(tags=["phone desk"])


def _said_once(request: Request) -> None:
    refuse_repeated(request.query_params.multi_items())


@router.get("/phone", include_in_schema=False)
async def phone(request: Request) -> HTMLResponse:
    """電話受付: works by keyboard alone."""
    card = service_of(request.app).current.version.ground.card
    page = phone_page(caller=caller_of(request), csrf=csrf_of(request), card=card, now=utc_now())
    return HTMLResponse(page, headers={"content-security-policy": STAFF_POLICY})


@router.get("/api/v1/phone/search", responses=STAFF_PROBLEMS, summary="Where a caller may be")
def search(request: Request, q: Annotated[str, Query(max_length=LONGEST)] = "") -> Response:
    """町丁目, places and streets of a name, or a point in degrees; the likeliest first."""
    ground = service_of(request.app).current.version.ground
    hits = [
        {
            "name": one.name,
            "kind": one.kind,
            "about": one.about,
            "lat": one.lat,
            "lon": one.lon,
            "exact": one.exact,
        }
        for one in find_places(ground, q)
    ]
    return json_answer({"hits": hits})


@router.get(
    "/api/v1/phone/answer",
    responses=STAFF_PROBLEMS,
    summary="What to read aloud to a caller",
    dependencies=[Depends(_said_once)],
)
async def answer(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The answer for one door, of the plan and the places' newest known states.

    Positions are neither logged nor cached. It needs no database.
    """
    service, now = service_of(request.app), utc_now()
    # Before the version is taken: a newer one may be shown as older, never the other way.
    freshness = service.current.freshness(now)
    found = answer_question(service, asked)
    state = _public_state(service, place_of(found))
    return json_answer(phone_answer(found, freshness, state, now))


@router.get("/api/v1/phone/slips", summary="Slips that somebody still works on")
def slips(request: Request) -> Response:
    """Newest first. They hold what callers said: never kept by anything between."""
    table = {"slips": phonedesk.standing_slips(engine_of(request)), "me": caller_of(request).actor}
    return _private(table | {"now": utc_now().isoformat(timespec="seconds")})


@router.post("/api/v1/phone/slips", responses=STAFF_PROBLEMS, summary="Keep a slip")
def take(request: Request, body: SlipBody) -> Response:
    """Keep a slip; the same id once more changes nothing. `similar` may be of one matter."""
    engine, by = engine_of(request), caller_of(request)
    return _private(phonedesk.take_slip(engine, by, body.given(), utc_now()))


@router.post(
    "/api/v1/phone/slips/{number}", responses=STAFF_PROBLEMS, summary="Join, hand on, close"
)
def step(request: Request, number: Annotated[int, Path(ge=1, le=MOST)], body: StepBody) -> Response:
    """Write what becomes of a slip, and answer with all that stand."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    if body.do == "join":
        phonedesk.join_slip(engine, by, number, body.into or number, now)
    elif body.do == "hand":
        phonedesk.hand_slip(engine, by, number, body.to or HandedTo.HEADQUARTERS)
    elif body.do == "close":
        phonedesk.close_slip(engine, by, number, body.outcome, now)
    else:
        phonedesk.reopen_slip(engine, by, number)
    return slips(request)


def _public_state(service: Service, place: str | None) -> Any:
    """The newest known state of a place, None where none is known."""
    return None if place is None else service.live.states(Topic.SITES).get(place)


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
