"""Runs of a night with a change: asked for, under way, ended. One at a time."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select, update

from data import tables

SILENT: Final = timedelta(seconds=90)
"""A run that says nothing for so long has ended with its process."""
RUN_LOCK: Final = 7_310_013
"""Advisory lock of whoever begins a run, until it commits."""
_RUN: Final = tables.replay_run


class RunState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


def add_run(
    connection: Connection, code: str, day: date, change: Mapping[str, Any], by: str
) -> int | None:
    """Begin a run, in a transaction (`latest`); None while another one is under way."""
    connection.execute(select(func.pg_advisory_xact_lock(RUN_LOCK)))
    busy = select(_RUN.c.id).where(_RUN.c.state == RunState.RUNNING)
    busy = busy.where(_RUN.c.heard_at > func.clock_timestamp() - SILENT)
    if connection.execute(busy.limit(1)).first():
        return None
    gone = update(_RUN).where(_RUN.c.state == RunState.RUNNING)
    connection.execute(gone.values(state=RunState.FAILED, why="計算の途中で止まりました"))
    row = {"city_code": code, "day": day, "change": change, "asked_by": by}
    row |= {"state": RunState.RUNNING, "done": 0, "turns": 0}
    return int(connection.execute(insert(_RUN).values(row).returning(_RUN.c.id)).scalar_one())


def find_run(connection: Connection, number: int) -> Row[Any] | None:
    """A run by its number."""
    return connection.execute(select(_RUN).where(_RUN.c.id == number)).first()


def newest_run(connection: Connection, code: str, day: date) -> Row[Any] | None:
    """The run of a night that was asked for last."""
    query = select(_RUN).where(_RUN.c.city_code == code, _RUN.c.day == day)
    return connection.execute(query.order_by(_RUN.c.id.desc()).limit(1)).first()


def say_done(connection: Connection, number: int, done: int, turns: int) -> bool:
    """How far a run is; False where it was told to end."""
    mine = update(_RUN).where(_RUN.c.id == number, _RUN.c.state == RunState.RUNNING)
    values = {"done": done, "turns": turns, "heard_at": func.clock_timestamp()}
    return connection.execute(mine.values(values)).rowcount == 1


def end_run(
    connection: Connection,
    number: int,
    state: RunState,
    *,
    result: Mapping[str, Any] | None = None,
    why: str | None = None,
) -> bool:
    """End a run that is under way; False where it had ended."""
    mine = update(_RUN).where(_RUN.c.id == number, _RUN.c.state == RunState.RUNNING)
    values = {"state": state, "result": result, "why": why, "heard_at": func.clock_timestamp()}
    return connection.execute(mine.values(values)).rowcount == 1
