"""Missions: a team's own on its device, all of them at headquarters."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Path, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.public import json_answer
from api.staff.missionbodies import MissionBody, RecallBody, StepBody, WordBody
from api.state import engine_of
from hazards.mission import MissionStep
from operations.missions import board, saying
from operations.missions.beginning import begin
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1", tags=["field"], responses=STAFF_PROBLEMS)
Number: TypeAlias = Annotated[int, Path(ge=1, le=2**53)]


@router.get("/field/mission", summary="The mission that one's team is on")
def mine(request: Request) -> Response:
    """When it withdraws, when it checks in next, whether it was recalled, and what to do; null
    where one is on none.
    """
    return _mine(request)


@router.post("/field/mission/check_in", summary="The team is well")
def check_in(request: Request, body: WordBody) -> Response:
    """Taken once by its id, also hours later: it counts for when it was said."""
    return _word(request, body, MissionStep.CHECK_IN)


@router.post("/field/mission/recall_confirmed", summary="The team has read that it is recalled")
def confirm(request: Request, body: WordBody) -> Response:
    """Refused (409) where nobody recalled it."""
    return _word(request, body, MissionStep.CONFIRM_RECALL)


@router.post("/field/mission/returned", summary="The team is back")
def returned(request: Request, body: WordBody) -> Response:
    """Ends the mission."""
    return _word(request, body, MissionStep.RETURN)


@router.get("/headquarters/missions", summary="All teams that are out, overdue ones first")
def listed(request: Request) -> Response:
    """Those overdue for longest first; `next` says what to do. `members` are who may be one."""
    return _private(board.board(engine_of(request), utc_now()))


@router.post("/headquarters/missions", summary="Send a team out")
def send(request: Request, body: MissionBody) -> Response:
    """Never into a level 5, whoever asks; refused where the team or one of it is out already."""
    now = utc_now()
    number = begin(engine_of(request), caller_of(request), body.given(), now=now)
    return _private({"number": number} | board.board(engine_of(request), now))


@router.post("/headquarters/missions/recall", summary="Recall every team")
def recall_all(request: Request, body: RecallBody) -> Response:
    """An order of level 5 does so by itself."""
    now = utc_now()
    done = saying.recall_all(engine_of(request), caller_of(request), body.why, now=now)
    return _private({"recalled": done} | board.board(engine_of(request), now))


@router.post("/headquarters/missions/{number}", summary="What headquarters heard, or does")
def step(request: Request, number: Number, body: StepBody) -> Response:
    """A word heard by radio, a recall, or that a team that does not answer was handed on."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    saying.from_headquarters(engine, by, number, body.do, now=now, why=body.why, to=body.to)
    return _private(board.board(engine, now))


def _word(request: Request, body: WordBody, step: MissionStep) -> Response:
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    new = saying.from_field(engine, by, body.word(step), now=now)
    return _mine(request, status="taken" if new else "known")


def _mine(request: Request, **more: Any) -> Response:
    now = utc_now()
    found = board.mine(engine_of(request), caller_of(request), now)
    server_now = now.isoformat(timespec="milliseconds")
    return _private({**more, "mission": found, "server_now": server_now})


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
