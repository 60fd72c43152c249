"""The area of a revision as it was chosen: to be drawn on, and how large it is."""

from typing import Any, Final

from shapely import force_2d
from shapely.geometry import mapping
from sqlalchemy import Connection, Row, func, select

from data import inforce, tables
from data.alerts import revisions
from data.rows import current_load

_REVISION: Final = tables.alert_revision


def area_of(connection: Connection, number: int) -> dict[str, Any]:
    """How a revision's area was chosen, and its polygon where one was drawn, every corner of it.

    `of` is the layer, the place's id or the version's number, `place` the place's name. Raises
    `NotThere`.
    """
    load = current_load(connection)
    row = revisions.get(connection, load.code, number)
    by, of = row.segment.get("by", "areas"), row.segment.get("of")
    shape = inforce.geometry_of(row) if by == "polygon" else None
    polygon = None if shape is None else mapping(force_2d(shape))
    place = _name_of(connection, load, of) if by == "site" else None
    return {"number": number, "where": by, "of": of, "place": place, "polygon": polygon}


def _name_of(connection: Connection, load: Row[Any], site_id: str | None) -> str | None:
    site = tables.evacuation_site
    query = select(site.c.name).where(site.c.load_id == load.id, site.c.id == site_id)
    return connection.execute(query).scalar()


def square_km(connection: Connection, row: Row[Any]) -> float | None:
    """How large the area of a revision is on the ground; None where it has no outline."""
    area = func.ST_Area(func.geography(_REVISION.c.geom))
    found = connection.execute(select(area).where(_REVISION.c.id == row.id)).scalar()
    return None if found is None else round(float(found) / 1e6, 3)
