"""The queue of rescues as headquarters and the phone desk see it: who waits longest first."""

from datetime import datetime, timedelta
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Engine, Row, func, select

from data import rescues, tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from data.rows import current_load
from hazards.observation import SOURCE_WORDS, SourceKind
from hazards.rescue import STATE_WORDS, STEPS, WITH_TEAM, RescueState

KEY: Final = "rescues"
"""Of the live stream: how many are in which state, and which case was told of last."""
LATELY: Final = timedelta(hours=24)
RECALLED: Final = "手配した班は呼び戻し中です。ほかの手だてを選んでください。"
BACK: Final = "手配した班は帰着しています。結果を書くか、手配し直してください。"
SILENT: Final = "手配した班と連絡がつきません。ほかの手だても選んでください。"
WAITS: Final = "手配した班がありません。班を選ぶか、消防へ引き渡してください。"


def board(engine: Engine, now: datetime) -> dict[str, Any]:
    """Cases without a team that can go first, then those with one, each by how long they wait;
    last those that ended within a day.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        rows = rescues.listed(connection, load.code, now - LATELY)
    ranked = sorted(rows, key=_urgency)
    return {
        "now": _iso(now),
        "rescues": [_line(row, now) for row in ranked],
        "open": sum(row.ended_at is None for row in rows),
        "without_team": sum(_urgency(row)[0] == 0 for row in rows),
    }


def tell(connection: Connection, load: Row[Any]) -> None:
    """Tell headquarters how many wait; no place and no words. Late in a transaction (`latest`)."""
    table = tables.rescue_case
    mine = (table.c.city_code == load.code, table.c.ended_at.is_(None))
    query = select(table.c.state, func.count().label("cases")).where(*mine).group_by(table.c.state)
    counts = {row.state: row.cases for row in connection.execute(query)}
    newest = select(func.max(table.c.changed_at)).where(table.c.city_code == load.code)
    state = {"open": counts, "changed_at": _iso(connection.execute(newest).scalar())}
    live.put(connection, Topic.HEADQUARTERS, KEY, state)


def _urgency(row: Row[Any]) -> tuple[int, float]:
    if row.ended_at is not None:
        return 2, -row.ended_at.timestamp()
    state = RescueState(row.state)
    return (0 if _warning(row, state) else 1), row.opened_at.timestamp()


def warning_of(row: Row[Any]) -> str:
    """Why nobody goes there; "" where a team does (a row of `rescues.listed`)."""
    return "" if row.ended_at is not None else _warning(row, RescueState(row.state))


def _warning(row: Row[Any], state: RescueState) -> str:
    if state is RescueState.WAITING:
        return WAITS
    if state not in WITH_TEAM or row.mission_id is None:
        return ""
    if row.returned_at is not None:
        return BACK
    if row.recalled_at is not None:
        return RECALLED
    return SILENT if row.escalated_at is not None else ""


def _line(row: Row[Any], now: datetime) -> dict[str, Any]:
    state = RescueState(row.state)
    since = (row.ended_at or now) - row.opened_at
    return {
        "number": row.id,
        "report": row.observation and str(row.observation),
        "where": None if row.geom is None else shapely.geometry.mapping(to_shape(row.geom)),
        "place": row.place,
        "persons": row.persons,
        "condition": row.condition,
        "doubt": row.doubt,
        "source": SOURCE_WORDS[SourceKind(row.source_kind)],
        "opened_at": _iso(row.opened_at),
        "waits_min": round(since.total_seconds() / 60),
        "last_contact": _iso(row.last_contact),
        "team": row.team,
        "mission": row.mission_id,
        "state": str(state),
        "words": STATE_WORDS[state],
        "next": [
            {"state": to, "words": STATE_WORDS[to]} for to in RescueState if to in STEPS[state]
        ],
        "warning": _warning(row, state),
        "outcome": row.outcome,
        "changed_at": _iso(row.changed_at),
        "ended_at": row.ended_at and _iso(row.ended_at),
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
