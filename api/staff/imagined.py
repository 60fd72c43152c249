"""What if, before anybody does it; the flows of the plan; the streets that matter most."""

import threading
from dataclasses import asdict
from typing import Annotated, Any, Literal, TypeAlias

import orjson
import shapely
from fastapi import APIRouter, Query, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.problems import Problem, problem_json
from api.public import json_answer
from api.staff.imaginedbodies import (
    AdoptionBody,
    ImaginedBody,
    Number,
    TakenBackBody,
    TurnoutBackBody,
)
from api.state import engine_of, service_of
from data.database import transaction
from operations.errors import Refused
from operations.imagining.adopting import Asked, OtherThen, SpeaksOfWater, adopt
from operations.imagining.deeds import deeds_table
from operations.imagining.flowtables import flows_table, no_flows
from operations.imagining.imagined import Imagined, areas_named, drawn, streets_at, streets_named
from operations.imagining.imagining import ANOTHER_LOAD, Imagining
from operations.imagining.streets import lost_table
from operations.imagining.tables import effect_table
from operations.imagining.turn import UnderWay
from operations.imagining.undoing import street_open, turnout_as_before, turnout_table, water_gone
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

MOST_FLOWS = 3_000
_MAKING = threading.Lock()
Most: TypeAlias = Annotated[int, Query(ge=1, le=MOST_FLOWS)]
Order: TypeAlias = Literal["cut_off", "minutes"]
MostStreets: TypeAlias = Annotated[int, Query(ge=1, le=400)]


def imagining_of(request: Request) -> Imagining:
    """The one of this server."""
    state, current = request.app.state, service_of(request.app).current
    with _MAKING:
        if not hasattr(state, "imagining"):
            state.imagining = Imagining(current)
        found: Imagining = state.imagining
    return found


@router.get("/flows", summary="How many the plan expects on each street")
def flows(request: Request, most: Most = MOST_FLOWS) -> Response:
    """Most walked first; none in areas under level 5, and none where nobody is known to live."""
    version = service_of(request.app).current.version
    if version.plan is None:
        return _private(no_flows(version))
    return _private(flows_table(imagining_of(request).today(utc_now()), most))


@router.get("/streets-that-matter", summary="The streets that matter most")
def streets(request: Request, most: MostStreets = 60, order: Order = "cut_off") -> Response:
    """Every street lost in turn: by households cut off, then by the minutes that all others walk
    longer together; or by minutes first. Streets that are closed now are left out.
    """
    today, lost, at = imagining_of(request).streets(utc_now())
    ranked = lost.ranked(most, by_time=order == "minutes")
    table = lost_table(today.version.ground, lost, ranked, at)
    about = {"version": today.version.number, "load": today.load, "order": order}
    return _private({**about, **table})


@router.post("/imagined", summary="What if: who moves, who is cut off, where it crowds")
def imagine(request: Request, body: ImaginedBody) -> Response:
    """Changes nothing. A newer question of the same person ends an older one."""
    imagined = _imagined(request, body)
    actor, now = caller_of(request).actor, utc_now()
    effect = imagining_of(request).imagine(engine_of(request), actor, imagined, now)
    return _private(effect_table(effect))


@router.post("/imagined/adoption", summary="Do what was imagined")
def adoption(request: Request, body: AdoptionBody) -> Response:
    """By the same rules as each part alone; where the picture has changed so that it would do
    something else, nothing is done and the new effect is in `imagined`.
    """
    engine, by, mine = engine_of(request), caller_of(request), imagining_of(request)
    imagined = _imagined(request, body.imagined)
    asked = Asked(imagined, body.digest, body.reason, str(body.key), body.dry)
    try:
        found = adopt(mine, engine, by, asked, now=utc_now())
    except OtherThen as other:
        return _conflict(str(other), effect_table(other.effect))
    except SpeaksOfWater as asks:
        return problem_json(Problem(409, "speaks-of-water", "水で閉じますか", str(asks)))
    except UnderWay as busy:
        return problem_json(Problem(409, "under-way", "採用を行っているところです", str(busy)))
    refused = [{"what": what, "why": why} for what, why in found.refused]
    more = {"refused": refused, "waits": found.waits, "behind": found.behind}
    return _private({"done": found.done, **more})


@router.post("/imagined/closures/{number}/reopened", summary="A street that was ordered closed")
def closure_reopened(request: Request, number: Number, body: TakenBackBody) -> Response:
    """Ways may lead along it again; 409 where no such order stands, or reports closed it."""
    street_open(engine_of(request), caller_of(request), number, body.reason)
    return _private({"reopened": number})


@router.post("/imagined/water/{number}/removed", summary="Observed water is gone")
def water_removed(request: Request, number: Number, body: TakenBackBody) -> Response:
    """Ways may cross it again; 409 where no such water stands."""
    water_gone(engine_of(request), caller_of(request), number, body.reason)
    return _private({"removed": number})


@router.get("/imagined/deeds", summary="What was adopted and taken back this night")
def deeds(request: Request) -> Response:
    """`done`: the newest first, by whom and why; `reasons`: those that were typed for the streets
    that stand closed by order, by the closure's number.
    """
    with transaction(engine_of(request)) as connection:
        return _private(deeds_table(connection, utc_now()))


@router.get("/imagined/turnout", summary="How many come, as it was set")
def turnout(request: Request) -> Response:
    """What stands, what stood before it, and what the city's file says."""
    return _private(turnout_table(engine_of(request)))


@router.post("/imagined/turnout/cleared", summary="As many come as before")
def turnout_cleared(request: Request, body: TurnoutBackBody) -> Response:
    """Takes back the turnout of that number: what was set before it counts again, or that of the
    city's file; 409 where another one stands by now, or none.
    """
    engine, by = engine_of(request), caller_of(request)
    back = body.number, body.reason
    made = turnout_as_before(engine, by, *back, to_city=body.to_city, now=utc_now())
    return _private({"cleared": body.number, "turnout": asdict(made)})


def _imagined(request: Request, body: ImaginedBody) -> Imagined:
    version, load = imagining_of(request).answering()
    if body.close and body.load and body.load != load:
        raise Refused(ANOTHER_LOAD)
    ground = version.ground
    closed = [*body.close, *streets_at(ground, body.close_at)]
    for name in body.close_named:
        closed += streets_named(ground, name)
    return Imagined(
        closed=tuple(dict.fromkeys(closed)),
        opened=tuple(dict.fromkeys(body.open)),
        shut=tuple(dict.fromkeys(body.shut)),
        lost=(
            *drawn(ground, (shapely.geometry.shape(area.model_dump()) for area in body.lose)),
            *areas_named(ground, body.lose_areas),
        ),
        more=body.more_percent,
        load=load,
        by_water=body.by_water,
    )


def _conflict(detail: str, table: dict[str, Any]) -> Response:
    """RFC 9457, with what it would do now beside it."""
    problem = {
        "type": "urn:nigemichi:problem:other-effect",
        "status": 409,
        "title": "結果が変わりました",
        "detail": detail,
    }
    return Response(
        orjson.dumps({**problem, "imagined": table}),
        409,
        {"cache-control": "no-store"},
        media_type="application/problem+json",
    )


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
