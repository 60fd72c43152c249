"""Sensors at gauges, and what they read.

The readings of names (`reading`) are another thing.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from data.tables.base import metadata, numbered, when

sensor = Table(
    "sensor",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("gauge", Text, nullable=False),
    Column("river", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("code", Text),
    Column("device", BigInteger, ForeignKey("device.id"), unique=True),
    Column("silent_after_min", Integer, nullable=False),
    when("added_at", default=True),
    when("heard_at"),
    when("stopped_at"),
    Index(
        "sensor_code",
        "city_code",
        "code",
        unique=True,
        postgresql_where=text("code IS NOT NULL"),
    ),
)

water_reading = Table(
    "water_reading",
    metadata,
    Column("sensor", BigInteger, ForeignKey("sensor.id"), primary_key=True),
    Column("measured_at", DateTime(timezone=True), primary_key=True),
    Column("level_m", Float, primary_key=True),
    when("received_at", default=True),
    Column("set_aside", Text, nullable=False),
    Index("water_reading_at", "measured_at"),
)
