"""All that is said of a place in one query, and what was last published of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, select
from sqlalchemy import text as sql

from data import tables
from data.errors import NoCity
from hazards.kinds import HazardKind
from shelters.capacity import Capacity
from shelters.place import Opening, assumed_opening
from shelters.rooms import Room

SHUT_FOR: Final = timedelta(hours=1)
"""A place that was shut this long is empty: who comes afterwards is counted from nobody, and who
left meanwhile is not missing then. One that was closed by mistake and opened again at once keeps
its figure. Whoever came this long before somebody said that it is open again counts."""
ANSWERED_FOR: Final = timedelta(hours=3)
NEEDS: Final = 30
"""Needs that wait for an answer, and those answered this recently; at most so many."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the tables say of one place now.

    `begins` is when its count begins: `SHUT_FOR` before the end of the last long shut, or after its
    beginning while it lasts; None where it never was shut for long.
    `needs` and `last_call` are as JSON has them; `public` and `staff` were published last.
    """

    id: str
    name: str
    lat: float
    lon: float
    stated: Capacity
    hazards: frozenset[HazardKind]
    ordered_since: datetime | None
    opening: Opening
    since: datetime | None
    expected_at: datetime | None
    note: str | None
    stage: str | None
    begins: datetime | None
    rooms: tuple[Room, ...]
    facilities: tuple[str, ...]
    needs: tuple[Mapping[str, Any], ...]
    last_call: Mapping[str, Any] | None
    public: Mapping[str, Any] | None
    staff: Mapping[str, Any] | None


def city_of(connection: Connection) -> Any:
    """The current load without what only a plan needs: id, code, card, settings, assume.

    Raises `NoCity` where none was ever loaded.
    """
    load = tables.city_load.c
    query = select(load.id, load.code, load.card, load.settings, load.assume).where(load.current)
    row = connection.execute(query).first()
    if row is None:
        raise NoCity("no city is loaded: nigemichi city load FILE")
    return row


def site_ids(connection: Connection, load: Any) -> list[str]:
    """The ids of all evacuation sites of a load, in their order."""
    site = tables.evacuation_site.c
    query = select(site.id).where(site.load_id == load.id).order_by(site.number)
    return list(connection.execute(query).scalars())


def read_places(
    connection: Connection, load: Any, ids: Sequence[str], now: datetime
) -> dict[str, Place]:
    """What is said of each of these places; ids that the load does not know are left out."""
    given = {
        "load": load.id,
        "code": load.code,
        "ids": list(ids),
        "now": now,
        "shut_for": SHUT_FOR,
        "answered": now - ANSWERED_FOR,
        "needs": NEEDS,
    }
    assumed = assumed_opening(load.assume)
    rows = connection.execute(_PLACES, given)
    return {row.id: _place(row, assumed) for row in rows}


def _place(row: Row[Any], assumed: Opening) -> Place:
    return Place(
        id=row.id,
        name=row.name,
        lat=row.lat,
        lon=row.lon,
        stated=Capacity(**{word: getattr(row, word) for word in tables.CAPACITY}),
        hazards=frozenset(map(HazardKind, row.hazards)),
        ordered_since=row.ordered_since,
        opening=Opening(row.opening) if row.opening else assumed,
        since=row.since,
        expected_at=row.expected_at,
        note=row.note,
        stage=row.stage,
        begins=row.begins,
        rooms=tuple(Room(**room) for room in row.rooms),
        facilities=tuple(row.facilities),
        needs=tuple(row.needs),
        last_call=row.last_call,
        public=row.public,
        staff=row.staff,
    )


_PLACES: Final = sql("""
SELECT site.id, site.name, ST_Y(site.geom) AS lat, ST_X(site.geom) AS lon,
  storm_indoor, quake_outdoor, quake_indoor, unspecified,
  said.opening, said.begun_at AS since, said.expected_at, said.note, said.stage,
  ARRAY(SELECT DISTINCT hazard FROM evacuation_order
    WHERE city_code = :code AND ended_at IS NULL) AS hazards,
  (SELECT min(begun_at) FROM evacuation_order
    WHERE city_code = :code AND ended_at IS NULL) AS ordered_since,
  (SELECT max(coalesce(nullif(until, 'infinity') - :shut_for, begun + :shut_for)) FROM (
    SELECT min(begun_at) AS begun, max(coalesce(ended_at, 'infinity')) AS until FROM (
      SELECT opening, begun_at, ended_at,
        count(*) FILTER (WHERE opening NOT IN ('closed', 'unopened'))
          OVER (ORDER BY id) AS receptions
      FROM site_opening WHERE city_code = :code AND site_id = site.id) told
    WHERE opening IN ('closed', 'unopened') GROUP BY receptions) shut
    WHERE least(until, :now) - begun >= :shut_for) AS begins,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('room', room, 'name', room.name,
      'capacity', capacity, 'meant_for', meant_for, 'overflow', overflow, 'in_use', in_use)
      ORDER BY overflow, room), '[]')
    FROM site_room room WHERE room.city_code = :code AND room.site_id = site.id) AS rooms,
  ARRAY(SELECT facility FROM site_facility offer
    WHERE offer.city_code = :code AND offer.site_id = site.id AND offered
    ORDER BY facility) AS facilities,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('id', need.id, 'kind', kind, 'words', words,
      'state', state, 'received_at', received_at,
      'answered_at', answered_at, 'answer', answer, 'expected_at', expected_at)
      ORDER BY received_at DESC, need.id), '[]')
    FROM (SELECT * FROM site_need
      WHERE city_code = :code AND site_id = site.id
        AND (state IN ('sent', 'accepted') OR answered_at > :answered)
      ORDER BY received_at DESC, id LIMIT :needs) need) AS needs,
  (SELECT jsonb_build_object('at', called_at, 'outcome', outcome) FROM site_call call
    WHERE call.city_code = :code AND call.site_id = site.id
    ORDER BY called_at DESC, call.id DESC LIMIT 1) AS last_call,
  public.state AS public, staff.state AS staff
FROM evacuation_site site
LEFT JOIN LATERAL (SELECT * FROM site_opening
  WHERE city_code = :code AND site_id = site.id AND ended_at IS NULL
  ORDER BY id DESC LIMIT 1) said ON true
LEFT JOIN live_state public ON public.topic = 'sites' AND public.key = site.id
LEFT JOIN live_state staff ON staff.topic = 'headquarters' AND staff.key = 'site:' || site.id
WHERE site.load_id = :load AND site.id = ANY(:ids)
ORDER BY site.number
""")
