"""What the 発令判断表 suggested, in the database, and what a person made of it."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, select, update
from sqlalchemy import text as sql

from alerts.kinds import Status
from city.staff import SYSTEM
from data import tables
from data.errors import NotThere
from hazards.criterion import Suggestion
from hazards.kinds import AlertLevel, HazardKind
from hazards.suggestionstate import SuggestionState

_SUGGESTION: Final = tables.suggestion
_WAITING: Final = _SUGGESTION.c.state == SuggestionState.WAITING
_SAME: Final = """
d.hazard = s.hazard AND d.level >= s.level AND d.city_code = s.city_code
    AND (cardinality(d.area_names) = 0 OR cardinality(s.area_names) = 0
        OR d.area_names && s.area_names)
"""
_IN_DRAFTING: Final = f"""
SELECT s.* FROM suggestion s WHERE s.city_code = :city
    AND s.state = 'taken' AND s.decided_why IS NULL AND s.decided_by <> :system
    AND NOT EXISTS (SELECT 1 FROM suggestion later
        WHERE later.city_code = s.city_code AND later.criterion = s.criterion AND later.id > s.id)
    AND NOT EXISTS (SELECT 1 FROM order_proposal d
        WHERE {_SAME} AND d.lifts IS NULL AND d.proposed_at >= s.decided_at)
    AND NOT EXISTS (SELECT 1 FROM alert_revision d JOIN alert a ON a.id = d.alert_id
        WHERE {_SAME} AND a.status = :actual AND d.step NOT IN ('cancel', 'all_clear')
            AND d.made_at >= s.decided_at)
ORDER BY s.level DESC, s.id
"""  # noqa: S608 - of constants
"""Taken by a person, and nothing that could have come of it was stored since."""


def last_of(connection: Connection, city_code: str, criterion: str) -> Row[Any] | None:
    """The last suggestion of a criterion, in whatever state."""
    query = (
        select(_SUGGESTION)
        .where(_SUGGESTION.c.city_code == city_code, _SUGGESTION.c.criterion == criterion)
        .order_by(_SUGGESTION.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).first()


def add(
    connection: Connection,
    city_code: str,
    made: Suggestion,
    *,
    now: datetime,
    bulletin: int | None = None,
    gauge: str | None = None,
) -> int:
    """Let a suggestion wait for a person; its number."""
    values = {"bulletin_id": bulletin, "gauge": gauge, "city_code": city_code, "made_at": now}
    query = _SUGGESTION.insert().values(**values, **_columns(made))
    number: int = connection.execute(query.returning(_SUGGESTION.c.id)).scalar_one()
    return number


def renew(
    connection: Connection,
    number: int,
    made: Suggestion,
    *,
    bulletin: int | None = None,
    gauge: str | None = None,
) -> None:
    """Let one that waits say what was seen last."""
    query = update(_SUGGESTION).where(_SUGGESTION.c.id == number)
    connection.execute(query.values(bulletin_id=bulletin, gauge=gauge, **_columns(made)))


def waiting(connection: Connection, city_code: str) -> list[Row[Any]]:
    """Those that wait for a person, the highest level first, then the oldest."""
    query = select(_SUGGESTION).where(_SUGGESTION.c.city_code == city_code, _WAITING)
    order = _SUGGESTION.c.level.desc(), _SUGGESTION.c.id
    return list(connection.execute(query.order_by(*order)))


def in_drafting(connection: Connection, city_code: str) -> list[Row[Any]]:
    """Those that a person took up and of which no draft is stored yet, the highest level first."""
    given = {"city": city_code, "system": SYSTEM.actor, "actual": Status.ACTUAL}
    return list(connection.execute(sql(_IN_DRAFTING), given))


def taken_since(connection: Connection, city_code: str, since: datetime) -> bool:
    """Whether anybody took one up since then."""
    table = _SUGGESTION.c
    query = select(table.id).where(
        table.city_code == city_code,
        table.state == SuggestionState.TAKEN,
        table.decided_by != SYSTEM.actor,
        table.decided_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def get(connection: Connection, city_code: str, number: int) -> Row[Any]:
    """One, held until the transaction ends; raises `NotThere`."""
    query = select(_SUGGESTION).where(
        _SUGGESTION.c.id == number, _SUGGESTION.c.city_code == city_code
    )
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise NotThere(f"候補 {number} はありません（no such suggestion）")
    return row


def decide(
    connection: Connection,
    number: int,
    state: SuggestionState,
    *,
    by: str,
    why: str | None,
    now: datetime,
) -> None:
    """Write who decided what of it, when, and why."""
    query = update(_SUGGESTION).where(_SUGGESTION.c.id == number)
    connection.execute(query.values(state=state, decided_by=by, decided_why=why, decided_at=now))


def close(connection: Connection, number: int, why: str) -> None:
    """One that was taken up is in drafting no more; who took it up stays."""
    query = update(_SUGGESTION).where(_SUGGESTION.c.id == number)
    connection.execute(query.values(decided_why=why))


def suggestion_of(row: Row[Any]) -> Suggestion:
    """A row as the rules look at it."""
    return Suggestion(
        criterion=row.criterion,
        hazard=HazardKind(row.hazard),
        level=AlertLevel(row.level),
        area_names=tuple(row.area_names),
        said=row.said,
        why=row.why,
        areas_chosen=row.areas_chosen,
    )


def _columns(made: Suggestion) -> dict[str, Any]:
    return {
        "criterion": made.criterion,
        "hazard": made.hazard,
        "level": int(made.level),
        "area_names": list(made.area_names),
        "areas_chosen": made.areas_chosen,
        "said": made.said,
        "why": made.why,
    }
