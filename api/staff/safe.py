"""安否 for staff: written down and asked for a caller, told to headquarters, blocked by welfare."""

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Engine

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.gate import refusals
from api.problems import Problem, answer_problem
from api.public import json_answer
from api.registering import NoKeys, registering_of
from api.safelimits import safe_limits_of
from api.staff.deskbodies import Body
from city.safeword import LONGEST, LONGEST_PLACE, Visible
from data.sealing import Sealer
from operations.safe import asking, blocking
from operations.safe.saying import GivenSafeWord, say_by_phone
from operations.serving import utc_now

router = APIRouter(prefix="/api/v1", tags=["safe"], responses=STAFF_PROBLEMS)
T = TypeVar("T")
Word: TypeAlias = Annotated[str, Field(max_length=LONGEST)]
NO_KEYS: Final = Problem(
    409,
    "no-keys",
    "いまは扱えません",
    "名前を守る鍵がこのサーバーにありません。紙に控え、管理者に知らせてください（no keys here）",
)


class SafeBody(Body):
    """Somebody on the telephone is safe. `code`: the word that their family knows."""

    id: UUID
    visible: Visible
    name: Word = ""
    place: Annotated[str, Field(max_length=LONGEST_PLACE)] = ""
    code: Word = ""

    def given(self) -> GivenSafeWord:
        """The word as a use case takes it."""
        return GivenSafeWord(self.id, self.visible, self.name, self.place, self.code)


class AskBody(Body):
    """Whom a caller looks for, by both."""

    name: Annotated[Word, Field(min_length=1)]
    code: Annotated[Word, Field(min_length=1)]


class BlockBody(Body):
    """Spellings of names that are never found, or are found again."""

    do: Literal["block", "unblock"]
    names: Annotated[list[Word], Field(min_length=1, max_length=blocking.MOST)]


@router.post("/phone/safe", summary="Somebody on the telephone is safe")
async def say(request: Request, body: SafeBody) -> Response:
    """Taken once by its id. Of whoever wants to be seen by nobody, no name is kept."""
    by, now = caller_of(request), utc_now()
    done = await _run(request, lambda e, s: say_by_phone(e, s, by, body.given(), now))
    return done if isinstance(done, Response) else _private({"status": _status(done)})


@router.post("/phone/safe/asked", summary="Whether somebody is safe")
async def ask(request: Request, body: AskBody) -> Response:
    """By name and word together. An empty list says nothing about anybody."""
    limits = safe_limits_of(request)
    if not limits.staff.hit(caller_of(request).actor):
        return answer_problem(request, refusals.too_often(limits.staff.wait_s()).problem)
    found = await _run(request, lambda e, s: asking.ask(e, s, body.name, body.code))
    if isinstance(found, Response):
        return found
    return _private({"safe": [asking.lines(one) for one in found]})


@router.get("/headquarters/safe", summary="Who told headquarters that they are safe")
async def told(request: Request) -> Response:
    """How many by who may see it, and those who said it to headquarters; each look is audited."""
    by = caller_of(request)
    found = await _run(request, lambda e, s: asking.told_to_headquarters(e, s, by))
    return found if isinstance(found, Response) else _private(found)


@router.post("/welfare/blocked", summary="閲覧制限: names that no search finds")
async def block(request: Request, body: BlockBody) -> Response:
    """Kept as keyed hashes: nobody reads the list back. Give every spelling of a name."""
    by, now = caller_of(request), utc_now()
    if body.do == "block":
        done = await _run(request, lambda e, s: blocking.block(e, s, by, body.names, now))
    else:
        done = await _run(request, lambda e, s: blocking.unblock(e, s, by, body.names))
    return done if isinstance(done, Response) else _private({"changed": done[0], "all": done[1]})


async def _run(request: Request, work: Callable[[Engine, Sealer], T]) -> T | Response:
    """What was done in a thread; a server without keys says so."""
    try:
        return await registering_of(request).run(work)
    except NoKeys:
        return answer_problem(request, NO_KEYS)


def _status(new: bool) -> str:
    return "taken" if new else "known"


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
