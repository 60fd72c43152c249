"""Headquarters' board: everything that it shows in one answer, locks, and outlines for its map."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Row

from api.caller import caller_of
from api.examples import STAFF_PROBLEMS
from api.problems import Problem, problem_json
from api.public import json_answer
from api.staff.boardbodies import LockBody
from api.staff.plan import checked
from api.staff.staffpages import ground_of
from api.state import Service, engine_of
from data import inforce, tables
from data.database import transaction
from data.errors import NoCity, NoDatabase
from data.rows import current_load
from operations.board.cityrows import drawn_rings
from operations.board.locking import held_now, hold, let_go
from operations.board.state import board_state, state_hash
from operations.board.together import Together
from operations.proposals.proposalstate import proposed
from operations.serving import utc_now
from web.staff.cutoff import cut_off_rings

router = APIRouter(prefix="/api/v1/headquarters", tags=["headquarters"], responses=STAFF_PROBLEMS)

OPEN_ELSEWHERE: Final = "別の担当が開いています"


@dataclass(frozen=True, slots=True)
class Seen:
    """The state as it was at `now`, rendered, and who had which decision open."""

    now: datetime
    offset: str
    hash: str
    state: bytes
    locks: dict[str, Any]


class Boards:
    """Of all who ask at one time one looks; the others are answered the same."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self.look: Final = Together(self._look)

    def _look(self) -> Seen:
        now, engine = utc_now(), self._service.engine
        if engine is None:
            raise NoDatabase("this server was started without a database (DATABASE_URL)")
        # Before the data is read: what changes meanwhile is told again.
        offset = self._service.live.since
        with transaction(engine) as connection:
            state = board_state(connection, now)
            locks = held_now(connection, current_load(connection).code, now)
        return Seen(now, offset, state_hash(state), orjson.dumps(state), locks)


@router.get("/board", summary="The state of headquarters, whole")
def board(
    request: Request,
    have: Annotated[
        str, Query(max_length=64, description="The hash that a page has: `state` is null then.")
    ] = "",
) -> Response:
    """`state`: section, key, row, without personal data and without ages; `hash` is its own.
    `offset`: the live stream goes on from here. `locks`: who has which decision open.
    """
    by, boards = caller_of(request), request.app.state.boards
    seen: Seen = boards.look.get()
    return _private(
        {
            "now": seen.now.isoformat(timespec="milliseconds"),
            "offset": seen.offset,
            "hash": seen.hash,
            **checked(request, seen.now),
            "me": {"actor": by.actor, "roles": sorted(by.roles)},
            "state": None if have == seen.hash else orjson.Fragment(seen.state),
            "locks": seen.locks,
        }
    )


@router.get("/board/map", summary="Outlines of the areas under orders, and of those proposed")
def outlines(request: Request) -> Response:
    """Of each 町丁目 that an order names, or a proposal that waits, its outer lines in (lon, lat);
    `orders`: by their numbers those of orders that name no area, or one that this map lacks.
    """
    with transaction(engine_of(request)) as connection:
        load = current_load(connection)
        rows = inforce.standing(connection, tables.evacuation_order, load.code)
        waiting = proposed(connection, load)
    named = [*(row.area_names for row in rows), *(one["area_names"] for one in waiting)]
    names = frozenset(name for few in named for name in few)
    try:
        areas = cut_off_rings(ground_of(request), names) if names else {}
    except NoCity:
        areas = {}
    drawn = {str(row.id): drawn_rings(row) for row in rows if not _known(row, areas)}
    return _private({"areas": areas, "orders": {key: one for key, one in drawn.items() if one}})


def _known(row: Row[Any], areas: Mapping[str, Any]) -> bool:
    """Whether the areas that an order names show all of it."""
    return bool(row.area_names) and areas.keys() >= {*row.area_names}


@router.post("/board/locks", summary="Say that a decision is open on one's screen, or is no more")
def lock(request: Request, body: LockBody) -> Response:
    """It lasts for a minute and is renewed; 409 says who has it, since when: taken or let go of, it
    stays theirs. It stops nobody.
    """
    engine, by, now = engine_of(request), caller_of(request), utc_now()
    other = (hold if body.held else let_go)(engine, by, body.key, now)
    if other is None:
        return _private({"key": body.key, "held": body.held})
    detail = f"{other['who']}さんが開いています。話してから決めてください（open elsewhere）"
    return problem_json(Problem(409, "locked", OPEN_ELSEWHERE, detail), lock=other)


def _private(table: dict[str, Any]) -> Response:
    found = json_answer(table)
    found.headers["cache-control"] = "no-store"
    return found
