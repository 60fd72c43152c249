"""Rows of drones' flights and photos: a photo once, by its content."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid5

import shapely
from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from hazards.flight import Exemption, Flight
from hazards.zone import ZoneLayer

MOST_LISTED: Final = 500
_FLIGHTS: Final = UUID("0b9a6a5e-7f1d-4a6e-8a0b-3a3f6f0c9d17")
_FLIGHT, _PHOTO, _SEEN = tables.flight, tables.drone_photo, tables.observation
_NEAR_ZONE: Final = sql(
    "SELECT EXISTS (SELECT FROM hazard_zone, (SELECT ST_GeomFromEWKB(:line) AS sight) given"
    " WHERE load_id = :load AND layer = :layer AND geom && ST_Expand(sight, :degrees)"
    " AND ST_DWithin(geom::geography, sight::geography, :metres))"
)
_DEGREES_A_M: Final = 1 / 65_000
"""Enough in both directions up to 54° north."""


def keep_flight(
    connection: Connection, code: str, flight: Flight, by: str, day: str, now: datetime
) -> int:
    """The number of a flight; one of which the same was said that `day` is the same."""
    asked_by = flight.exemption.asked_by if flight.exemption else ""
    facts = {
        "city_code": code,
        "drone": flight.drone.strip(),
        "operator": flight.operator.strip(),
        "mission_id": flight.mission,
        "permit": flight.permit.strip(),
        "asked_by": asked_by.strip(),
    }
    key = uuid5(_FLIGHTS, "\n".join([day, *map(str, facts.values())]))
    query = insert(_FLIGHT).values(key=key, said_by=by, said_at=now, **facts)
    same = query.on_conflict_do_update(index_elements=["key"], set_={"key": query.excluded.key})
    return int(connection.execute(same.returning(_FLIGHT.c.id)).scalar_one())


def flight_of(row: Row[Any]) -> Flight | None:
    """The flight of a listed photo; None where nobody said anything of it."""
    if row.flight_id is None:
        return None
    exemption = Exemption(row.asked_by) if row.asked_by else None
    return Flight(row.drone, row.operator, row.mission_id, row.permit, exemption)


def add(connection: Connection, **values: Any) -> bool:
    """Add a photo; False where it was there already, and stays as it was."""
    query = insert(_PHOTO).values(values).on_conflict_do_nothing(index_elements=["sha256"])
    return connection.execute(query.returning(_PHOTO.c.sha256)).first() is not None


def find(connection: Connection, code: str, sha256: str) -> Row[Any] | None:
    """A photo with its flight, and `report`, `report_kind`, `report_source`, `state` of its report
    where there is one.
    """
    query = _listed().where(_PHOTO.c.city_code == code, _PHOTO.c.sha256 == sha256)
    return connection.execute(query).first()


def say_kind(connection: Connection, sha256: str, kind: str) -> None:
    """Say what is on a photo of which nobody said it."""
    query = update(_PHOTO).where(_PHOTO.c.sha256 == sha256, _PHOTO.c.kind.is_(None))
    connection.execute(query.values(kind=kind))


def listed(connection: Connection, code: str, now: datetime, done: timedelta) -> list[Row[Any]]:
    """Those that wait for a person first, then those that came, or of which a person said that they
    show nothing, since `done` ago, the newest first; at most `MOST_LISTED`.
    """
    waits, since = _waits(), now - done
    lately = (_PHOTO.c.received_at >= since) | (_PHOTO.c.nothing_at >= since)
    query = (
        _listed()
        .where(_PHOTO.c.city_code == code, waits | lately)
        .order_by(waits.desc(), _time().desc(), _PHOTO.c.sha256)
        .limit(MOST_LISTED)
    )
    return list(connection.execute(query))


def count_waiting(connection: Connection, code: str) -> int:
    """How many wait for a person."""
    joined = _PHOTO.outerjoin(_SEEN, _SEEN.c.id == _PHOTO.c.observation)
    query = select(func.count()).select_from(joined).where(_PHOTO.c.city_code == code, _waits())
    return int(connection.execute(query).scalar_one())


def say_nothing(connection: Connection, sha256: str, by: str, now: datetime) -> None:
    """A person saw nothing on it that is to be reported."""
    query = update(_PHOTO).where(_PHOTO.c.sha256 == sha256)
    connection.execute(query.values(nothing_by=by, nothing_at=now))


def is_near_slopes(
    connection: Connection, load: Any, sight: shapely.Geometry, metres: float
) -> bool:
    """Whether a landslide zone lies within so many metres of a point or line in (lon, lat)."""
    given = {
        "line": shapely.to_wkb(shapely.set_srid(sight, 4326), include_srid=True),
        "load": load.id,
        "layer": ZoneLayer.LANDSLIDE,
        "degrees": metres * _DEGREES_A_M,
        "metres": metres,
    }
    return bool(connection.execute(_NEAR_ZONE, given).scalar_one())


def uploaded(connection: Connection, photo: UUID, made_by: str) -> str | None:
    """The SHA-256 of an original that this caller has sent whole; None where there is none."""
    upload, belongs = tables.photo_upload, tables.observation_photo
    query = (
        select(belongs.c.original)
        .join(upload, upload.c.photo == belongs.c.id)
        .where(belongs.c.id == photo, upload.c.made_by == made_by)
        .where(upload.c.finished_at.is_not(None))
    )
    return connection.execute(query).scalar()


def _listed() -> Any:
    facts = ("drone", "operator", "mission_id", "permit", "asked_by")
    return (
        select(
            _PHOTO,
            *(_FLIGHT.c[name] for name in facts),
            _SEEN.c.id.label("report"),
            _SEEN.c.kind.label("report_kind"),
            _SEEN.c.source.label("report_source"),
            _SEEN.c.state,
        )
        .select_from(_PHOTO.outerjoin(_FLIGHT, _FLIGHT.c.id == _PHOTO.c.flight_id))
        .outerjoin(_SEEN, _SEEN.c.id == _PHOTO.c.observation)
    )


def _waits() -> Any:
    return _SEEN.c.id.is_(None) & _PHOTO.c.nothing_at.is_(None)


def _time() -> Any:
    return func.coalesce(_PHOTO.c.taken_at, _PHOTO.c.received_at)
