"""A city's templates and confirmed readings, as they are now."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from city.reading import Reading
from data import tables

_TEMPLATE = tables.alert_template
_CONFIRMED = tables.confirmed_reading


def newest_templates(connection: Connection, city: str) -> Sequence[Mapping[str, Any]]:
    """The newest version of each template that the city has, as plain data."""
    query = (
        select(_TEMPLATE.c.body)
        .where(_TEMPLATE.c.city_code == city)
        .order_by(_TEMPLATE.c.name, _TEMPLATE.c.language, _TEMPLATE.c.version.desc())
        .ext(distinct_on(_TEMPLATE.c.name, _TEMPLATE.c.language))
    )
    return list(connection.execute(query).scalars())


def add_template(
    connection: Connection,
    city: str,
    name: str,
    language: str,
    body: Mapping[str, Any],
    *,
    made_by: str,
    reviewed_by: str | None,
    now: datetime,
) -> int:
    """Keep a version; returns its number among those of this template.

    Not below that of `body`: the first own version of changed standard words is no version 1, as
    the standard's are.
    """
    newest = select(func.coalesce(func.max(_TEMPLATE.c.version), 0) + 1).where(
        _TEMPLATE.c.city_code == city, _TEMPLATE.c.name == name, _TEMPLATE.c.language == language
    )
    version = max(int(connection.execute(newest).scalar_one()), int(body["version"]))
    connection.execute(
        _TEMPLATE.insert().values(
            city_code=city,
            name=name,
            language=language,
            version=version,
            body={**body, "version": version},
            made_by=made_by,
            made_at=now,
            reviewed_by=reviewed_by,
            reviewed_at=now if reviewed_by else None,
        )
    )
    return version


def unreviewed_makers(connection: Connection, city: str) -> dict[str, str]:
    """Who made the newest version of each template of the city that nobody has reviewed yet."""
    query = (
        select(_TEMPLATE.c.name, _TEMPLATE.c.made_by, _TEMPLATE.c.reviewed_by)
        .where(_TEMPLATE.c.city_code == city)
        .order_by(_TEMPLATE.c.name, _TEMPLATE.c.language, _TEMPLATE.c.version.desc())
        .ext(distinct_on(_TEMPLATE.c.name, _TEMPLATE.c.language))
    )
    rows = connection.execute(query).all()
    return {row.name: row.made_by for row in rows if row.reviewed_by is None}


def confirmed_by(connection: Connection, city: str, name: str) -> str | None:
    """Who confirmed the reading of a name here; None: nobody did."""
    query = select(_CONFIRMED.c.confirmed_by).where(
        _CONFIRMED.c.city_code == city, _CONFIRMED.c.name == name
    )
    who: str | None = connection.execute(query).scalar()
    return who


def readings(connection: Connection, load: Row[Any]) -> list[Reading]:
    """Those of the city's file, and above them those that a person confirmed here."""
    table = tables.reading
    query = select(table.c.name, table.c.kana, table.c.confirmed).where(table.c.load_id == load.id)
    found = {
        row.name: Reading(row.name, row.kana, row.confirmed) for row in connection.execute(query)
    }
    said = select(_CONFIRMED).where(_CONFIRMED.c.city_code == load.code)
    for row in connection.execute(said):
        found[row.name] = Reading(row.name, row.kana, confirmed=True)
    return sorted(found.values(), key=lambda one: one.name)


def confirm_reading(connection: Connection, city: str, name: str, kana: str, by: str) -> None:
    """A person says how a name is read; what was said before is overwritten."""
    query = insert(_CONFIRMED).values(city_code=city, name=name, kana=kana, confirmed_by=by)
    query = query.on_conflict_do_update(
        index_elements=["city_code", "name"],
        set_={"kana": kana, "confirmed_by": by, "confirmed_at": func.now()},
    )
    connection.execute(query)


def place_names(connection: Connection, load: Row[Any]) -> frozenset[str]:
    """Names of areas and rivers of the city."""
    area, water = tables.area, tables.waterway
    named = select(area.c.name).where(area.c.load_id == load.id)
    rivers = select(water.c.name).where(water.c.load_id == load.id, water.c.name != "")
    return frozenset(connection.execute(named.union(rivers)).scalars())


def area_names(connection: Connection, load: Row[Any]) -> frozenset[str]:
    """Names of all areas."""
    query = select(tables.area.c.name).where(tables.area.c.load_id == load.id)
    return frozenset(connection.execute(query).scalars())


def site_names(connection: Connection, load: Row[Any]) -> frozenset[str]:
    """Names of all places that somebody could be sent to."""
    tables_of_places = (tables.evacuation_site, tables.shelter, tables.welfare_shelter)
    names: set[str] = set()
    for table in tables_of_places:
        query = select(table.c.name).where(table.c.load_id == load.id)
        names.update(connection.execute(query).scalars())
    return frozenset(names)


def districts(connection: Connection, load: Row[Any]) -> dict[str, str]:
    """The district in which each 町丁目 lies, of those that lie in one."""
    area = tables.area
    inner, outer = area.alias(), area.alias()
    query = (
        select(inner.c.name, outer.c.name.label("district"))
        .join(outer, func.ST_Contains(outer.c.geom, func.ST_PointOnSurface(inner.c.geom)))
        .where(inner.c.load_id == load.id, inner.c.kind == "chome")
        .where(outer.c.load_id == load.id, outer.c.kind == "district")
    )
    return {row.name: row.district for row in connection.execute(query)}


def confirmed_at(connection: Connection, city: str, names: Collection[str]) -> datetime | None:
    """When somebody last confirmed the reading of one of the names here; None: nobody did."""
    query = select(func.max(_CONFIRMED.c.confirmed_at)).where(
        _CONFIRMED.c.city_code == city, _CONFIRMED.c.name.in_(names)
    )
    at: datetime | None = connection.execute(query).scalar()
    return at
