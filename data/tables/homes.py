"""Households after they were loaded: their slips, what they said, who stays together, who set out.

Rows outlive every load: `household` is its number in the current load, None where a new load has
nobody at that point, and `geom` where it stands.
"""

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
from sqlalchemy.dialects.postgresql import JSONB, UUID

from data.tables.base import geometry, metadata, numbered, when

household_link = Table(
    "household_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("city_code", Text, nullable=False, index=True),
    Column("household", Integer),
    Column("label", Text, nullable=False),
    geometry("POINT"),
    when("printed_at", default=True),
    when("expires_at", default=True),
    when("opened_at"),
    when("revoked_at"),
)

household_session = Table(
    "household_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("link_hash", Text, ForeignKey("household_link.token_hash"), nullable=False),
    when("created_at", default=True),
    when("ended_at"),
    Index("household_session_link", "link_hash"),
)

household_said = Table(
    "household_said",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("household", Integer),
    geometry("POINT"),
    Column("intent", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    when("begun_at", default=True),
    when("ended_at"),
    Index(
        "household_said_now",
        "city_code",
        "household",
        unique=True,
        postgresql_where=text("ended_at IS NULL"),
    ),
)

household_group = Table(
    "household_group",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("households", ARRAY(Integer), nullable=False),
    geometry("MULTIPOINT"),
    when("begun_at", default=True),
    when("ended_at"),
)

hold = Table(
    "hold",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("city_code", Text, nullable=False, index=True),
    Column("site_id", Text, nullable=False),
    Column("household", Integer),
    Column("persons", SmallInteger, nullable=False),
    Column("firm", Boolean, nullable=False),
    Column("said_by", Text, nullable=False),
    when("begun_at", default=True),
    when("expires_at", default=True),
    when("ended_at"),
)

turnout = Table(
    "turnout",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    *(
        Column(name, Float, nullable=False)
        for name in ("level_3", "level_4", "zoned_level_3", "zoned_level_4")
    ),
    Column("reason", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    when("begun_at", default=True),
    when("ended_at"),
)

han_tally = Table(
    "han_tally",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("area_code", Text, nullable=False),
    Column("han", Integer, nullable=False),
    *(Column(word, Integer, nullable=False) for word in ("called", "left", "staying", "lift")),
    Column("said_by", Text, nullable=False),
    when("at", default=True),
)

held_item = Table(
    "held_item",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("item", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
    Column("facts", JSONB),
    when("held_at", default=True),
    Column("decision", Text),
    Column("decided_by", Text),
    when("decided_at"),
    Index("held_item_item", "kind", "item", unique=True),
)
