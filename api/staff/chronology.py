"""The chronology of headquarters: read in pages, entered line by line."""

from typing import Annotated, Any, Final, TypeAlias

from fastapi import APIRouter, Path, Query, Request, Response

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.problems import Problem, problem_json
from api.public import json_answer
from api.staff.boardbodies import LineBody, StateBody
from api.state import engine_of
from data.database import transaction
from data.rows import current_load
from operations.chronology import entering, reading
from operations.chronology.correcting import Corrected
from operations.serving import utc_now

router = APIRouter(
    prefix="/api/v1/headquarters/chronology", tags=["headquarters"], responses=STAFF_PROBLEMS
)

CORRECTED: Final = "もう訂正されています"

Ref: TypeAlias = Annotated[
    str, Path(max_length=40, description="`entry:N`, `audit:N` or `version:N`.")
]
Refs: TypeAlias = Annotated[
    str | None,
    Query(max_length=120, description="A ref, or several with commas: what `newest` said."),
]


@router.get("", summary="What happened, the newest first")
def listed(
    request: Request,
    before: Annotated[str | None, Query(max_length=40)] = None,
    after: Refs = None,
    limit: Annotated[int, Query(ge=1, le=reading.MOST)] = 50,
) -> Response:
    """What people entered, and what the system did: orders, alerts, places, teams, versions of the
    plan that moved somebody. In the order in which it was entered; `at` is when it happened.
    """
    with transaction(engine_of(request)) as connection:
        code = current_load(connection).code
        return _private(reading.page(connection, code, before=before, after=after, limit=limit))


@router.post("", summary="Enter a line")
def enter(request: Request, body: LineBody) -> Response:
    """Never changed afterwards: a correction is a line of its own that names what it `corrects`.
    Of two for one line the second is refused: 409 has the `newer` line, which it may correct.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    try:
        number = entering.enter(engine, by, body.given(), now=now)
    except Corrected as error:
        newer = _line(request, str(error.newest))
        return problem_json(Problem(409, "corrected", CORRECTED, str(error)), newer=newer)
    return _one(request, f"entry:{number}")


@router.post("/{ref}/state", summary="Say how far something is, and who has it")
def state(request: Request, ref: Ref, body: StateBody) -> Response:
    """Also of what the system entered."""
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    entering.say_state(engine, by, ref, body.state, body.owner, now=now)
    return _one(request, ref)


def _one(request: Request, ref: str) -> Response:
    return _private(_line(request, ref))


def _line(request: Request, ref: str) -> dict[str, Any]:
    kind, _, number = ref.strip().partition(":")
    with transaction(engine_of(request)) as connection:
        code = current_load(connection).code
        (line,) = reading.lines(connection, code, [(kind, int(number))])
    found: dict[str, Any] = line
    return found


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
