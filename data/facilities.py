"""要配慮者利用施設 of the current load: which order and which zones reach each, and its calls."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, func, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from data import tables
from data.errors import NotThere
from data.thisevent import in_this_event

_LISTED: Final = """
SELECT f.id, f.name, f.kind, f.address, f.phone, f.persons,
  ST_Y(f.geom) AS lat, ST_X(f.geom) AS lon, area.name AS area,
  coalesce(o.orders, '[]') AS orders, coalesce(z.zones, '[]') AS zones
FROM facility f
LEFT JOIN LATERAL (SELECT a.name FROM area a WHERE a.load_id = f.load_id AND a.kind = 'chome'
  AND ST_Intersects(a.geom, f.geom) ORDER BY a.number LIMIT 1) area ON true
LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('number', o.id, 'level', o.level,
    'hazard', o.hazard, 'since', o.begun_at) ORDER BY o.level DESC, o.begun_at) AS orders
  FROM evacuation_order o WHERE o.city_code = :code AND o.ended_at IS NULL
  AND (o.geom IS NULL OR ST_Intersects(o.geom, f.geom))) o ON true
LEFT JOIN LATERAL (SELECT jsonb_agg(DISTINCT jsonb_build_object('layer', z.layer, 'rank', z.rank))
    AS zones FROM hazard_zone z WHERE z.load_id = f.load_id AND z.kind = 'assumed'
  AND z.geom && f.geom AND ST_Intersects(z.geom, f.geom)) z ON true
WHERE f.load_id = :load ORDER BY f.number
"""
_CALL = tables.facility_call


def listed(connection: Connection, load: Row[Any]) -> Sequence[Row[Any]]:
    """All facilities in the order of the city's file: `orders` in force at each, the highest first,
    and `zones` as layer and rank.
    """
    return connection.execute(sql(_LISTED), {"load": load.id, "code": load.code}).all()


def get(connection: Connection, load: Row[Any], facility_id: str) -> Row[Any]:
    """One of them; raises `NotThere`."""
    table = tables.facility
    query = select(table).where(table.c.load_id == load.id, table.c.id == facility_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotThere("その施設は、今の市のデータにありません（no such facility）")
    return row


def calls(connection: Connection, code: str) -> Mapping[str, list[Row[Any]]]:
    """The calls of this event to each facility, the newest first; `taken_back` says which were."""
    other, staff, device = _CALL.alias(), tables.staff, tables.device
    actor = _CALL.c.called_by
    query = (
        select(
            _CALL,
            other.c.id.is_not(None).label("taken_back"),
            func.coalesce(staff.c.name, device.c.name, actor).label("name"),
        )
        .outerjoin(other, other.c.corrects == _CALL.c.id)
        .outerjoin(staff, func.concat("staff:", staff.c.id) == actor)
        .outerjoin(device, func.concat("device:", device.c.id) == actor)
        .where(_CALL.c.city_code == code, in_this_event(_CALL.c.called_at))
        .order_by(_CALL.c.id.desc())
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.facility_id, []).append(row)
    return found


def add_call(connection: Connection, **values: Any) -> int | None:
    """Add a call; returns its number, None where its `key` is there already."""
    query = insert(_CALL).values(values).on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(query.returning(_CALL.c.id)).scalar()


def get_call(connection: Connection, code: str, number: int) -> Row[Any]:
    """A call, held until the transaction ends; raises `NotThere`."""
    query = select(_CALL).where(_CALL.c.city_code == code, _CALL.c.id == number)
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        raise NotThere("その電話の記録はありません（no such call）")
    return row


def correction_of(connection: Connection, number: int) -> UUID | None:
    """The key of what took a call back, None where nothing did."""
    query = select(_CALL.c.key).where(_CALL.c.corrects == number)
    return connection.execute(query).scalar()
