"""Missions as headquarters and a team see them; overdue ones stand first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import Connection, Engine, Row, select

from city.staff import Caller, Role
from data import missions, tables
from data.database import transaction
from data.live import outbox as live
from data.live.outbox import Topic
from data.people import staff, tokens
from data.rows import current_load
from hazards.mission import ANSWERS_WITHIN, DUE_WORDS, STATE_WORDS, in_urgency
from web.staff.missionwords import field_words, next_step

KEY: Final = "missions"
"""Of the live stream: who is outside, and who of them is overdue."""
LATELY: Final = timedelta(hours=12)
"""A team that is back stays on the board for a night."""


def board(engine: Engine, now: datetime) -> dict[str, Any]:
    """All missions that are out, overdue first, and those that are lately back; the teams, and who
    can be a member.
    """
    with transaction(engine) as connection:
        load = current_load(connection)
        rows = missions.lately(connection, load.code, now - LATELY)
        names = _names(connection)
        ranked = in_urgency([(missions.mission_of(row), row) for row in rows], now)
        return {
            "now": _iso(now),
            "missions": [_line(row, names, now) for row in ranked],
            "overdue": sum(missions.mission_of(r).overdue_since(now) is not None for r in rows),
            "teams": [
                {"name": one.name, "contact": one.contact, "members": one.members}
                for one in missions.teams(connection, load.code)
            ],
            "members": [{"actor": actor, "name": name} for actor, name in names.items()],
        }


def mine(engine: Engine, by: Caller, now: datetime) -> dict[str, Any] | None:
    """The mission that somebody is out on, as their device shows it; None where they are on none.

    One that is back stays for an hour, so that a device sees what became of its last word.
    """
    with transaction(engine) as connection:
        code = current_load(connection).code
        row = missions.of_member(connection, code, by.actor, now - timedelta(hours=1))
        if row is None:
            return None
    found = missions.mission_of(row)
    return {
        "number": row.id,
        "team": row.team,
        "what": row.what,
        "areas": row.area_names,
        "where": _where(row),
        "flight": row.flight,
        "started_at": _iso(row.started_at),
        "withdraw_at": _iso(row.withdraw_at),
        "check_in_every_s": row.check_in_every_s,
        "check_in_due_at": _iso(found.check_in_due_at),
        "last_check_in": _iso(row.last_check_in),
        "recalled": row.recalled_at is not None,
        "recalled_at": _iso(row.recalled_at),
        "recalled_why": row.recalled_why,
        "recall_confirmed_at": _iso(row.recall_confirmed_at),
        "returned_at": _iso(row.returned_at),
        "state": str(found.state),
        "state_words": STATE_WORDS[found.state],
        "words": field_words(found, now),
    }


def tell(connection: Connection, load: Row[Any], now: datetime) -> bool:
    """Put who is outside into headquarters' stream where it is not as it has it; whether it did.

    Late in a transaction (`latest`).
    """
    state = {"outside": [_brief(row, now) for row in missions.outside(connection, load.code)]}
    table = tables.live_state
    query = select(table.c.state).where(table.c.topic == Topic.HEADQUARTERS, table.c.key == KEY)
    known = connection.execute(query).scalar() or {"outside": []}
    if known == state:
        return False
    live.put(connection, Topic.HEADQUARTERS, KEY, state)
    return True


def _brief(row: Row[Any], now: datetime) -> dict[str, Any]:
    found = missions.mission_of(row)
    return {
        "number": row.id,
        "team": row.team,
        "state": str(found.state),
        "overdue": [str(due) for due in found.dues(now)],
        "overdue_since": _iso(found.overdue_since(now)),
        "handed_to": row.escalated_to,
    }


def _line(row: Row[Any], names: Mapping[str, str], now: datetime) -> dict[str, Any]:
    found = missions.mission_of(row)
    since = found.overdue_since(now)
    awaited = since is not None and row.escalated_at is None
    escalates = max(since, row.reached_at or since) + ANSWERS_WITHIN if since else None
    return {
        "number": row.id,
        "team": row.team,
        "contact": row.contact,
        "members": [names.get(one, one) for one in row.members],
        "what": row.what,
        "areas": row.area_names,
        "where": _where(row),
        "flight": row.flight,
        "started_at": _iso(row.started_at),
        "withdraw_at": _iso(row.withdraw_at),
        "check_in_every_s": row.check_in_every_s,
        "check_in_due_at": _iso(found.check_in_due_at) if found.is_outside else None,
        "last_heard": _iso(found.last_heard),
        **{name: _iso(getattr(row, name)) for name in (*missions.KEPT, "returned_at")},
        "recalled_why": row.recalled_why,
        "escalated_why": row.escalated_why,
        "escalated_to": row.escalated_to,
        "ended": row.ended,
        "state": str(found.state),
        "words": STATE_WORDS[found.state],
        "overdue": [
            {"due": str(due), "words": DUE_WORDS[due], "since": _iso(at)}
            for due, at in sorted(found.dues(now).items(), key=lambda one: one[1])
        ],
        "overdue_since": _iso(since),
        "escalates_at": _iso(escalates) if awaited else None,
        "next": next_step(found, row.escalated_to, now),
    }


def _names(connection: Connection) -> dict[str, str]:
    """Whoever may be a member, by what the audit log calls them."""
    people: Sequence[Any] = staff.everybody(connection)
    found = {
        one.caller.actor: one.name
        for one in people
        if one.disabled_at is None and Role.FIELD in one.roles
    }
    return found | {
        f"device:{one.id}": one.name
        for one in tokens.devices(connection)
        if one.revoked_at is None and one.role is Role.FIELD
    }


def _where(row: Row[Any]) -> Any:
    return None if row.geom is None else shapely.geometry.mapping(to_shape(row.geom))


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
