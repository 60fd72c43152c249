"""Drones' flights, and the photos of which a person says what is on them.

`flight.key` is made of what is said of it and of the day: who reads the same folder again says the
same flight. The report of a photo has, or will have, the number `observation`; it is none before
that. `geom` is the target, absent where nobody knows it; `why_not` says why a photo waits for a
person to place it.
"""

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Boolean, Column, DateTime, Float, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import UUID

from data.tables.base import geometry, metadata, numbered, when

flight = Table(
    "flight",
    metadata,
    numbered(),
    Column("key", UUID(as_uuid=True), nullable=False, unique=True),
    Column("city_code", Text, nullable=False),
    Column("drone", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("mission_id", BigInteger, ForeignKey("mission.id")),
    Column("permit", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    when("said_at", default=True),
)

drone_photo = Table(
    "drone_photo",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("city_code", Text, nullable=False),
    Column("flight_id", BigInteger, ForeignKey("flight.id")),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("observation", UUID(as_uuid=True), nullable=False),
    Column("kind", Text),
    Column("note", Text, nullable=False),
    geometry("POINT", nullable=True),
    Column("footprint", Geometry("POLYGON", srid=4326, spatial_index=False)),
    Column("error_m", Float),
    Column("widened_m", Float, nullable=False),
    Column("flat", Boolean, nullable=False),
    Column("why_not", Text, nullable=False),
    Column("picture", Boolean, nullable=False),
    when("taken_at"),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("nothing_by", Text),
    when("nothing_at"),
    Index("drone_photo_received", "city_code", "received_at"),
)
