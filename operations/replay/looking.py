"""What headquarters saw at a moment, with all that says whether it is just that."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy import text as sql

from data import replay, tables
from data.errors import NotThere
from data.replay import Frame, State
from data.rows import current_load
from operations.errors import Refused
from operations.replay.nights import versions_until
from operations.replay.outlines import outlines
from operations.replay.told import entries_until

NOTHING: Final = "その時刻の記録はありません（nothing was recorded at that moment）"
DAMAGED: Final = "その時刻の記録は壊れています（what was recorded at that moment is damaged）"
STALE_S: Final = 120
"""A frame that is older than that at a moment: the recorder did not work then."""


def frame_at(connection: Connection, moment: datetime) -> Frame:
    """The frame that stood at a moment; raises `NotThere`, `Refused` where it is damaged."""
    try:
        found = replay.find_frame(connection, current_load(connection).code, moment)
    except ValueError as error:
        raise Refused(DAMAGED) from error
    if found is None:
        raise NotThere(NOTHING)
    return found


def seen_at(connection: Connection, moment: datetime) -> dict[str, Any]:
    """What headquarters saw, the recorded name of it and the one made anew of what is kept.

    Raises `NotThere`, `Refused`.
    """
    frame = frame_at(connection, moment)
    recomputed = replay.hash_of(frame.state)
    age_s = (moment - frame.at).total_seconds()
    lines, more = entries_until(connection, frame)
    return {
        "moment": moment.isoformat(),
        "frame": {"number": frame.id, "at": frame.at.isoformat(), "gap": age_s > STALE_S},
        "hash": frame.hash,
        "recomputed": recomputed,
        "agrees": recomputed == frame.hash,
        "live_offset": frame.mark.live_offset,
        "audit": frame.mark.audit,
        "version": _version(connection, frame),
        "chronology": lines,
        "chronology_more": more,
        "areas": outlines(connection, ordered_areas(frame.state)),
        "state": without_acts(frame.state),
    }


def ordered_areas(state: State) -> list[str]:
    """The names of all areas that an order is in force for."""
    return [name for row in state.get("orders", {}).values() for name in row["area_names"]]


def without_acts(state: State) -> State:
    """The same, with nothing in it that could be done: of a record nothing is decided."""
    decided = state.get("decisions", {})
    bare = {
        key: {name: value for name, value in row.items() if name not in ("acts", "href")}
        for key, row in decided.items()
    }
    return state | {"decisions": bare} if decided else state


def _version(connection: Connection, frame: Frame) -> dict[str, Any] | None:
    """The plan's version then, which of the night's it is, and how many those are."""
    table = tables.plan_version
    row = connection.execute(select(table).where(table.c.number == frame.mark.version)).first()
    if row is None:
        return None
    until, of_night = versions_until(connection, frame.at, row.number)
    kept = connection.execute(
        sql("SELECT EXISTS (SELECT 1 FROM plan_blob WHERE number = :number)"),
        {"number": row.number},
    ).scalar_one()
    return {
        "number": row.number,
        "published_at": row.published_at.isoformat(),
        "state_hash": row.state_hash,
        "kept": kept,
        "of_night": of_night,
        "until": until,
    }
