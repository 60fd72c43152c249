"""Who has which decision of headquarters open: a word to the others, no bar to anybody."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, select
from sqlalchemy import text as sql

from data import tables

LASTS: Final = timedelta(seconds=60)
"""It is renewed while a decision is open; a page that is gone lets go of it so soon."""
_LOCK: Final = tables.decision_lock
_TAKE: Final = """
INSERT INTO decision_lock AS held (city_code, key, actor, since, until)
VALUES (:code, :key, :actor, :now, :until)
ON CONFLICT (city_code, key) DO UPDATE SET actor = :actor, until = :until,
    since = CASE WHEN held.actor = :actor AND held.until > :now THEN held.since ELSE :now END
WHERE held.actor = :actor OR held.until <= :now
RETURNING since = :now AS new
"""


def take(connection: Connection, code: str, key: str, actor: str, now: datetime) -> bool | None:
    """Take or renew it: True where it is new, None where somebody else has it."""
    bound = {"code": code, "key": key, "actor": actor, "now": now, "until": now + LASTS}
    return connection.execute(sql(_TAKE), bound).scalar()


def clear(connection: Connection, code: str, now: datetime) -> list[str]:
    """Take away those that ran out a while ago; returns their keys."""
    old = (_LOCK.c.city_code == code, _LOCK.c.until < now - LASTS)
    gone = connection.scalars(delete(_LOCK).where(*old).returning(_LOCK.c.key))
    return sorted(gone)


def let_go(connection: Connection, code: str, key: str, actor: str) -> bool:
    """Let go of one's own; False where it was nobody's, or another's."""
    mine = (_LOCK.c.city_code == code, _LOCK.c.key == key, _LOCK.c.actor == actor)
    return connection.execute(delete(_LOCK).where(*mine)).rowcount > 0


def holder(connection: Connection, code: str, key: str, now: datetime) -> Row[Any] | None:
    """Who has it now."""
    mine = (_LOCK.c.city_code == code, _LOCK.c.key == key, _LOCK.c.until > now)
    return connection.execute(select(_LOCK).where(*mine)).first()


def held(connection: Connection, code: str, now: datetime) -> Mapping[str, Row[Any]]:
    """All that are held now, by their keys."""
    query = select(_LOCK).where(_LOCK.c.city_code == code, _LOCK.c.until > now)
    return {row.key: row for row in connection.execute(query.order_by(_LOCK.c.key))}
