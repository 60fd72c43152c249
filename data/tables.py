"""Tables, as GeoAlchemy2 sees them. Geometries are EPSG:4326 (lon, lat).

Rows of a city belong to one `city_load` and are never changed; what is in force belongs to the
city's code and outlives every load.
"""

from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

metadata = MetaData()


def _geometry(kind: str, *, nullable: bool = False) -> Column[Any]:
    return Column("geom", Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def _of_load() -> Column[Any]:
    key = ForeignKey("city_load.id", ondelete="CASCADE")
    return Column("load_id", BigInteger, key, primary_key=True)


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True)


def _id() -> Column[Any]:
    return Column("id", BigInteger, primary_key=True, autoincrement=True)


def _token() -> Column[Any]:
    """Names a row apart from rows with its number in other or restored databases."""
    return Column("token", UUID, nullable=False, server_default=func.gen_random_uuid())


def _when(name: str, *, default: bool = False) -> Column[Any]:
    moment = DateTime(timezone=True)
    return Column(
        name, moment, nullable=not default, server_default=func.now() if default else None
    )


city_load = Table(
    "city_load",
    metadata,
    _id(),
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
    _token(),
    _when("loaded_at", default=True),
    Index("city_load_current", "current", unique=True, postgresql_where=text("current")),
)

junction = Table(
    "junction",
    metadata,
    _of_load(),
    _number(),
    Column("osm_id", BigInteger, nullable=False),
    Column("elevation_m", Float),
    _geometry("POINT"),
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
    _geometry("LINESTRING"),
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
        _geometry("POINT"),
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
    _geometry("GEOMETRY"),
)

area = Table(
    "area",
    metadata,
    _of_load(),
    _number(),
    Column("kind", Text, nullable=False, server_default="chome"),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    _geometry("GEOMETRY"),
)

waterway = Table(
    "waterway",
    metadata,
    _of_load(),
    _number(),
    Column("name", Text, nullable=False),
    _geometry("GEOMETRY"),
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
    _geometry("POINT"),
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
    _geometry("POINT"),
)

change = Table(
    "change",
    metadata,
    _id(),
    Column("what", Text, nullable=False),
    _token(),
    _when("at", default=True),
)


def _event(name: str, *columns: Any) -> Table:
    """Something in force: it begins with one change and ends with another, or stands."""
    return Table(
        name,
        metadata,
        _id(),
        Column("city_code", Text, nullable=False, index=True),
        *columns,
        _when("begun_at", default=True),
        _when("ended_at"),
    )


evacuation_order = _event(
    "evacuation_order",
    Column("hazard", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area_names", ARRAY(Text), nullable=False),
    _geometry("GEOMETRY", nullable=True),
)

observed_water = _event(
    "observed_water", Column("source", Text, nullable=False), _geometry("GEOMETRY")
)

closure = _event(
    "closure",
    Column("reason", Text, nullable=False),
    _geometry("LINESTRING"),
    Column("by_water", Boolean, nullable=False),
)

site_opening = _event(
    "site_opening",
    Column("site_id", Text, nullable=False),
    Column("opening", Text, nullable=False),
    Column("site_name", Text),
    _geometry("POINT", nullable=True),
)

plan_version = Table(
    "plan_version",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=True),
    Column("change_id", BigInteger, nullable=False),
    Column("load_id", BigInteger, nullable=False),
    _when("numbered_at", default=True),
)
