"""The state of headquarters: everything that its board shows, in one plain document.

It holds no personal data, no ages and no moment of the look itself: whoever records it keeps
differences, whoever shows it reckons ages from its moments. Two looks differ where something
changed, where the machine counted or tested anew without a change (`counted_at` every 20 seconds
while an alert is in force, `tested_at` of channels), where a deadline of a decision passed, and
where a day ended: what decisions say of another day names it.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

import orjson
from sqlalchemy import Connection

from data.errors import NoCity, NoDatabase
from operations.board import (
    alertrows,
    cityrows,
    planrows,
    roadrows,
    siterows,
    teamrows,
    waterrows,
)
from operations.board.decisions import KINDS, in_order
from operations.board.look import Line, Look, Section
from operations.information.board import source_rows

State: TypeAlias = dict[str, Section]
"""Section, key, row."""
Reader: TypeAlias = Callable[[Look, Mapping[str, Section]], Iterable[Line]]

ReadSection: TypeAlias = Callable[[Look], Section]
ReadOne: TypeAlias = Callable[[Look, str, ReadSection, list[str]], Section]

SECTIONS: Final[Mapping[str, ReadSection]] = {
    "city": cityrows.city,
    "orders": cityrows.orders,
    "proposals": cityrows.proposals,
    "sites": siterows.sites,
    "teams": teamrows.teams,
    "gauges": waterrows.gauges,
    "closures": roadrows.closures,
    "water": waterrows.water,
    "observations": roadrows.observations,
    "alerts": alertrows.alerts,
    "channels": alertrows.channels,
    "plan": planrows.plan,
    "unreached": alertrows.unreached,
    "unreached_cells": alertrows.unreached_cells,
    "rescues": teamrows.rescues,
    "sources": lambda look: source_rows(look.connection, look.load),
    "chronicle": cityrows.chronicle,
}

OF_CITY: Final[Mapping[str, ReadSection]] = {
    "orders.target": cityrows.target,
    "unreached.city": cityrows.reached,
    "observations.left": roadrows.left_out,
}
"""More of the city's row: where one cannot be read the city keeps its name and the others."""
UNKNOWN: Final[Line] = dict.fromkeys(
    ("target", "unreached", "unreached_few", "counted_at", "counting", "reports_left")
)

log = logging.getLogger("nigemichi.board")


def board_state(connection: Connection, now: datetime) -> State:
    """The state at `now`, on one unchanging view (`transaction` without `latest`).

    A section that cannot be read is empty, and `city.missing` names it. Raises `NoCity`,
    `NoDatabase`.
    """
    look = Look(connection, now)
    look.load  # noqa: B018 - without a city there is no board
    try:
        with connection.begin_nested():
            return _whole(look, _plainly)
    except Exception as error:
        _check_lost(look, error)
    return _whole(Look(connection, now), _guarded)


def state_hash(state: State) -> str:
    """What tells this state from every other: sha256 in hex."""
    return hashlib.sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _whole(look: Look, read_one: ReadOne) -> State:
    state: State = {}
    missing: list[str] = []
    for name, read in SECTIONS.items():
        state[name] = read_one(look, name, read, missing)
    city = state["city"].setdefault("city", {})
    for name, read in OF_CITY.items():
        city |= UNKNOWN | city | read_one(look, name, read, missing).get("city", {})
    found: Section = {}
    for name, waits in KINDS.items():

        def rows(look: Look, waits: Reader = waits) -> Section:
            return {one["key"]: one for one in waits(look, state)}

        found |= read_one(look, f"decisions.{name}", rows, missing)
    state["decisions"] = in_order(found.values())
    state["city"].setdefault("city", {})["missing"] = missing
    return state


def _plainly(look: Look, _name: str, read: ReadSection, _missing: list[str]) -> Section:
    return read(look)


def _guarded(look: Look, name: str, read: ReadSection, missing: list[str]) -> Section:
    """Each for itself: one room that fails must not hide the others."""
    try:
        with look.connection.begin_nested():
            return read(look)
    except Exception as error:
        _check_lost(look, error)
        # Its words may repeat what somebody wrote.
        log.warning("the board lacks %s: %s", name, type(error).__name__)
        missing.append(name)
        return {}


def _check_lost(look: Look, error: Exception) -> None:
    """Raise it again where the database is away, or there is no city."""
    gone = look.connection.invalidated or look.connection.closed
    if gone or isinstance(error, NoDatabase | NoCity):
        raise error
