"""What is in force: it belongs to the city's code and outlives every load.

Whatever begins with one change and ends with another stands until a person ends it.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import geometry, metadata, numbered, token, when

change = Table(
    "change",
    metadata,
    numbered(),
    Column("what", Text, nullable=False),
    token(),
    when("at", default=True),
)


def _event(name: str, *columns: Any) -> Table:
    """Something in force: it begins with one change and ends with another, or stands."""
    return Table(
        name,
        metadata,
        numbered(),
        Column("city_code", Text, nullable=False, index=True),
        *columns,
        when("begun_at", default=True),
        when("ended_at"),
    )


evacuation_order = _event(
    "evacuation_order",
    Column("hazard", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area_names", ARRAY(Text), nullable=False),
    geometry("GEOMETRY", nullable=True),
)

observed_water = _event(
    "observed_water", Column("source", Text, nullable=False), geometry("GEOMETRY")
)

closure = _event(
    "closure",
    Column("reason", Text, nullable=False),
    geometry("LINESTRING"),
    Column("by_water", Boolean, nullable=False),
    Column("basis", Text, nullable=False, server_default="order"),
    Column("moving", Text),
    when("reviewed_at"),
    Column("street", Text),
)

site_opening = _event(
    "site_opening",
    Column("site_id", Text, nullable=False),
    Column("opening", Text, nullable=False),
    Column("site_name", Text),
    Column("stage", Text),
    when("expected_at"),
    Column("note", Text),
    Column("said_by", Text),
    geometry("POINT", nullable=True),
    Index("site_opening_site", "city_code", "site_id"),
)

plan_version = Table(
    "plan_version",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=True),
    Column("change_id", BigInteger, nullable=False),
    Column("load_id", BigInteger, nullable=False),
    Column("load_token", Text),
    Column("change_token", Text),
    Column("cause", Text),
    Column("facts", JSONB(none_as_null=True)),
    Column("state_hash", Text),
    when("numbered_at", default=True),
    when("published_at"),
)

plan_blob = Table(
    "plan_blob",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("keyframe", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("digest", LargeBinary),
)

order_proposal = Table(
    "order_proposal",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("hazard", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area_names", ARRAY(Text), nullable=False),
    Column("lifts", BigInteger),
    Column("reason", Text, nullable=False),
    Column("proposed_by", BigInteger, nullable=False),
    when("proposed_at", default=True),
    Column("decision", Text),
    Column("decided_by", BigInteger),
    when("decided_at"),
    Column("decided_why", Text),
    Column("order_id", BigInteger),
)
