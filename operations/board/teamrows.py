"""Who is outside: teams on missions, teams at doors; and how many wait for rescue."""

from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import Row, func, select

from data import missions, tables
from data.alerts import doorlists
from hazards.mission import DUE_WORDS, STATE_WORDS, in_urgency
from operations.alerts.doorboard import list_line
from operations.board.look import Line, Look, Section, iso, moment

AT_DOORS, ON_MISSION, IN_FLIGHT = "戸別の声かけ", "任務", "ドローンの飛行"


def teams(look: Look) -> Section:
    """Overdue ones first; those of door lists have keys `doors:N`."""
    rows = missions.outside(look.connection, look.code)
    ranked = in_urgency([(missions.mission_of(row), row) for row in rows], look.now)
    found = {str(row.id): _mission(row, look) for row in ranked}
    for row in doorlists.outside(look.connection, look.code):
        found[f"doors:{row.id}"] = _door_team(list_line(row, look.now))
    return found


def rescues(look: Look) -> Section:
    """How many wait and since when the first; no place and no words of anybody."""
    case = tables.rescue_case
    query = select(func.count().label("cases"), func.min(case.c.opened_at).label("oldest"))
    query = query.where(case.c.city_code == look.code, case.c.ended_at.is_(None))
    row = look.connection.execute(query).one()
    return {"open": {"count": row.cases, "oldest_at": iso(row.oldest)}}


def _mission(row: Row[Any], look: Look) -> Line:
    found = missions.mission_of(row)
    at = None if row.geom is None else to_shape(row.geom).representative_point()
    dues = found.dues(look.now)
    word = next(iter(DUE_WORDS[due] for due in dues), STATE_WORDS[found.state])
    return {
        "number": row.id,
        "team": row.team,
        # What a person typed may name people: it stays on the page of the field.
        "what": ON_MISSION if row.flight is None else IN_FLIGHT,
        "area_names": list(row.area_names),
        "lat": None if at is None else round(at.y, 5),
        "lon": None if at is None else round(at.x, 5),
        "started_at": iso(row.started_at),
        "withdraw_at": iso(row.withdraw_at),
        "check_in_due_at": iso(found.check_in_due_at),
        "last_heard": iso(found.last_heard),
        "recalled_at": iso(row.recalled_at),
        "escalated_at": iso(row.escalated_at),
        "state": str(found.state),
        "word": word,
        "overdue_since": iso(found.overdue_since(look.now)),
        "flight": row.flight is not None,
        "doors": False,
    }


def _door_team(one: dict[str, Any]) -> Line:
    return {
        "number": one["list"],
        "team": one["team"],
        "what": AT_DOORS,
        "area_names": [one["area"]],
        "lat": None,
        "lon": None,
        "started_at": iso(moment(one["handed_at"])),
        "withdraw_at": iso(moment(one["withdraw_at"])),
        "check_in_due_at": None,
        "last_heard": None,
        "recalled_at": iso(moment(one["recalled_at"])),
        "escalated_at": iso(moment(one["escalated_at"])),
        "state": one["state"],
        "word": one["words"],
        "overdue_since": iso(moment(one["due_since"])),
        "flight": False,
        "doors": True,
    }
