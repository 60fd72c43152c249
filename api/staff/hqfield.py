"""The field in one answer, as headquarters' page has it; what a decision would do to streets."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.deskbodies import Body
from api.staff.plan import plan_now
from api.staff.reportbodies import PlaceBody
from api.staff.staffpages import ground_of
from api.state import engine_of
from city.position import Position
from data.errors import NoCity
from operations.missions import board as missions
from operations.observing import board as reports
from operations.observing.fieldboard import beside, field_waits
from operations.observing.foreseen import foresee
from operations.observing.gaugeboard import gauges_now
from operations.planning.held import MOVE
from operations.rescues import board as rescues
from operations.serving import utc_now
from web.staff.cutoff import Rings, cut_off_rings

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

MOST_SHAPES: Final = 40
"""町丁目 of which the outline is sent; those that follow are marked at their middle."""


class EffectsBody(Body):
    """Of which street somebody thinks, where the report named none."""

    at: Annotated[PlaceBody | None, Field(description="On or beside the street.")] = None


@router.get("/field", summary="All that the field tells, and what waits")
def field(request: Request) -> Response:
    """What `/reports`, `/plan`, `/missions`, `/rescues` and `/gauges` answer; of what waits only
    closures' moves of people, with `shapes` of the 町丁目 that they cut off; `alerts` that wait;
    `moved`: versions of the plan that a closure sent people elsewhere by, the newest first.
    """
    engine, now = engine_of(request), utc_now()
    plan = plan_now(request)
    held = [one for one in plan["waiting"] if one["kind"] == MOVE]
    told = {
        **reports.board(engine, now),
        **beside(engine, now),
        "now": now.isoformat(timespec="milliseconds"),
        "plan": {**plan, "waiting": held},
        "shapes": _shapes(request, held),
        "missions": missions.board(engine, now),
        "rescues": rescues.board(engine, now),
        "gauges": gauges_now(engine, now),
    }
    return _private(told)


@router.get("/field/waits", summary="How much of the field waits for a person")
def waits(request: Request) -> Response:
    """Moves that are held back, suspensions that ask, teams overdue, undecided reports."""
    return _private(field_waits(engine_of(request), utc_now()))


@router.post("/reports/{number}/effects", summary="What a decision on a report would do to streets")
def effects(request: Request, number: UUID, body: EffectsBody) -> Response:
    """Nothing changes. `closes` and `opens` name streets, "" those without a name; `stays`: others
    keep them shut; `chosen` is the line of the street at `at`.
    """
    at = Position(body.at.lat, body.at.lon) if body.at else None
    return _private(asdict(foresee(engine_of(request), number, at)))


def _shapes(request: Request, held: Sequence[Any]) -> dict[str, Rings]:
    rows = [row for one in held for row in (one["facts"] or {}).get("cut_off_areas", ())]
    names = list(dict.fromkeys(row["area"] for row in rows if row["area"]))[:MOST_SHAPES]
    if not names:
        return {}
    try:
        return cut_off_rings(ground_of(request), frozenset(names))
    except NoCity:
        return {}


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
