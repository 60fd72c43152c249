"""The links of slips and the sessions that they began: only the hashes of their secrets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import shapely
from psycopg import sql
from sqlalchemy import Connection, Row, Select, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.sql.elements import ColumnElement

from city.position import Position
from data import tables
from data.errors import NoCity

SESSIONS_EACH: Final = 20
"""Of one link, the newest: a family's phones. Whoever found a slip fills no table."""
_COLUMNS: Final = ("token_hash", "city_code", "household", "label", "geom", "printed_at")
_LINK: Final = tables.household_link
_SESSION: Final = tables.household_session
_LOAD: Final = tables.city_load


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link to store: the household's number in the current load, and what its slip is called."""

    token_hash: str
    household: int
    position: Position
    label: str


@dataclass(frozen=True, slots=True)
class Home:
    """A household that a link lets in; its number counts in the load of this id and token.

    `link_hash` is the link's, by which it hears that its way changed; no page shows it.
    """

    household: int
    position: Position
    label: str
    expires_at: datetime
    load_id: int
    load: str
    link_hash: str


def add(
    connection: Connection,
    code: str,
    links: Sequence[NewLink],
    *,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Store links; PostgreSQL's COPY, for a city prints a slip for every household."""
    if not links:
        return
    names = (*_COLUMNS, "expires_at")
    statement = sql.SQL("COPY household_link ({}) FROM STDIN").format(
        sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver = connection.connection.driver_connection
    if driver is None:
        raise NoCity("the connection is closed")
    points = shapely.points([[one.position.lon, one.position.lat] for one in links])
    shapes = shapely.to_wkb(shapely.set_srid(points, 4326), hex=True, include_srid=True)
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for one, shape in zip(links, shapes.tolist(), strict=True):
            row = (one.token_hash, code, one.household, one.label, shape, now, expires_at)
            copy.write_row(row)


def find_by_link(connection: Connection, token_hash: str, now: datetime) -> Home | None:
    """Whom a link lets in; None for one that was revoked, is over, or leads to nobody any more."""
    return _home(connection.execute(_living(now).where(_LINK.c.token_hash == token_hash)).first())


def find_by_session(connection: Connection, token_hash: str, now: datetime) -> Home | None:
    """Whom a session lets in; it ends with its link."""
    query = _living(now).join(_SESSION, _SESSION.c.link_hash == _LINK.c.token_hash)
    query = query.where(_SESSION.c.token_hash == token_hash, _SESSION.c.ended_at.is_(None))
    return _home(connection.execute(query).first())


def find_by_label(connection: Connection, label: str, now: datetime) -> list[Home]:
    """Whose slips that still let in are called that: of each household the one printed last.

    They may be several: what is printed after a load may bear a label that was given before.
    """
    query = _living(now).where(_LINK.c.label == label).ext(distinct_on(_LINK.c.household))
    rows = connection.execute(query.order_by(_LINK.c.household, _LINK.c.printed_at.desc()))
    return [home for row in rows if (home := _home(row))]


def begin_session(connection: Connection, token_hash: str, link_hash: str, now: datetime) -> None:
    """Let a browser in by a link; of its sessions the newest stay."""
    connection.execute(
        insert(_SESSION).values(token_hash=token_hash, link_hash=link_hash, created_at=now)
    )
    link = _LINK.c.token_hash == link_hash
    connection.execute(update(_LINK).where(link, _LINK.c.opened_at.is_(None)).values(opened_at=now))
    mine = _SESSION.c.link_hash == link_hash
    newest = select(_SESSION.c.token_hash).where(mine).order_by(_SESSION.c.created_at.desc())
    old = mine & _SESSION.c.token_hash.not_in(newest.limit(SESSIONS_EACH))
    connection.execute(_SESSION.delete().where(old))


def revoke(connection: Connection, code: str, which: ColumnElement[bool], now: datetime) -> int:
    """End these links of a city and all that they let in; returns how many links ended."""
    query = update(_LINK).where(_LINK.c.city_code == code, _LINK.c.revoked_at.is_(None), which)
    query = query.where(_LINK.c.expires_at > now)
    ended = connection.execute(query.values(revoked_at=now)).rowcount
    dead = select(_LINK.c.token_hash).where(_LINK.c.revoked_at.is_not(None))
    sessions = update(_SESSION).where(_SESSION.c.ended_at.is_(None), _SESSION.c.link_hash.in_(dead))
    connection.execute(sessions.values(ended_at=now))
    return ended


def _living(now: datetime) -> Select[Any]:
    """Links that let in, each with where it leads."""
    return (
        select(
            _LINK.c.household,
            _LINK.c.token_hash.label("link_hash"),
            _LINK.c.label,
            _LINK.c.expires_at,
            func.ST_Y(_LINK.c.geom).label("lat"),
            func.ST_X(_LINK.c.geom).label("lon"),
            _LOAD.c.id.label("load_id"),
            _LOAD.c.token.label("load"),
        )
        .select_from(_LINK)
        .join(_LOAD, (_LOAD.c.code == _LINK.c.city_code) & _LOAD.c.current)
        .where(_LINK.c.revoked_at.is_(None), _LINK.c.expires_at > now)
        .where(_LINK.c.household.is_not(None))
    )


def _home(row: Row[Any] | None) -> Home | None:
    if row is None:
        return None
    at = Position(row.lat, row.lon)
    return Home(
        row.household, at, row.label, row.expires_at, row.load_id, str(row.load), row.link_hash
    )
