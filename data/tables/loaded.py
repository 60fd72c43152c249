"""Rows of a city: they belong to one `city_load` and are never changed."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import geometry, metadata, numbered, token, when


def _of_load() -> Column[Any]:
    key = ForeignKey("city_load.id", ondelete="CASCADE")
    return Column("load_id", BigInteger, key, primary_key=True)


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True)


city_load = Table(
    "city_load",
    metadata,
    numbered(),
    Column("code", Text, nullable=False),
    Column("card", JSONB, nullable=False),
    Column("settings", JSONB, nullable=False),
    Column("assume", Text, nullable=False),
    Column("street_names", ARRAY(Text), nullable=False),
    Column("street_names_en", ARRAY(Text), nullable=False, server_default="{}"),
    Column("surfaces", ARRAY(Text), nullable=False, server_default="{}"),
    Column("damaged", ARRAY(Text), nullable=False, server_default="{}"),
    Column("report", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("current", Boolean, nullable=False),
    token(),
    when("loaded_at", default=True),
    Index("city_load_current", "current", unique=True, postgresql_where=text("current")),
)

junction = Table(
    "junction",
    metadata,
    _of_load(),
    _number(),
    Column("osm_id", BigInteger, nullable=False),
    Column("elevation_m", Float),
    geometry("POINT"),
)

street = Table(
    "street",
    metadata,
    _of_load(),
    _number(),
    Column("start_junction", Integer, nullable=False),
    Column("end_junction", Integer, nullable=False),
    Column("flags", SmallInteger, nullable=False),
    Column("access", SmallInteger, nullable=False, server_default="3"),
    Column("layer", SmallInteger, nullable=False),
    Column("name", Integer, nullable=False),
    Column("residential", Boolean, nullable=False, server_default="false"),
    Column("surface", Integer, nullable=False, server_default="-1"),
    Column("width_m", Float),
    geometry("LINESTRING"),
)

CAPACITY: Final = ("storm_indoor", "quake_outdoor", "quake_indoor", "unspecified")


def _place(name: str, *columns: Any) -> Table:
    """A place with its capacities in persons, apart for what it is open for."""
    return Table(
        name,
        metadata,
        _of_load(),
        _number(),
        Column("id", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("note", Text, nullable=False),
        *(Column(word, Integer) for word in CAPACITY),
        *columns,
        geometry("POINT"),
    )


evacuation_site = _place("evacuation_site", Column("designated_for", ARRAY(Text), nullable=False))

shelter = _place(
    "shelter", Column("also_evacuation_site", Boolean, nullable=False), Column("site_id", Text)
)

welfare_shelter = _place("welfare_shelter", Column("shelter_id", Text), Column("site_id", Text))

hazard_zone = Table(
    "hazard_zone",
    metadata,
    _of_load(),
    _number(),
    Column("layer", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False, server_default="assumed"),
    Column("after_min", Integer),
    geometry("GEOMETRY"),
)

area = Table(
    "area",
    metadata,
    _of_load(),
    _number(),
    Column("kind", Text, nullable=False, server_default="chome"),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    geometry("GEOMETRY"),
)

waterway = Table(
    "waterway",
    metadata,
    _of_load(),
    _number(),
    Column("name", Text, nullable=False),
    geometry("GEOMETRY"),
)

GAUGE_LEVELS: Final = ("standby_m", "caution_m", "evacuation_m", "danger_m", "overflow_m")

gauge = Table(
    "gauge",
    metadata,
    _of_load(),
    _number(),
    Column("name", Text, nullable=False),
    Column("river", Text, nullable=False),
    *(Column(level, Float) for level in GAUGE_LEVELS),
    geometry("POINT"),
)

reading = Table(
    "reading",
    metadata,
    _of_load(),
    _number(),
    Column("name", Text, nullable=False),
    Column("kana", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
)

household = Table(
    "household",
    metadata,
    _of_load(),
    _number(),
    Column("area", Integer, nullable=False),
    Column("persons", SmallInteger, nullable=False),
    geometry("POINT"),
)
