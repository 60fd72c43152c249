"""Door lists: the households of a 班 that a team calls on, and what it told of each.

`households` are numbers in the load `load_id`: in another one they are other people's. Of a
door the newest call counts, older ones are kept.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from data.tables.base import metadata, numbered, when

door_list = Table(
    "door_list",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("load_id", BigInteger, nullable=False),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False, index=True),
    Column("area_code", Text, nullable=False),
    Column("area_name", Text, nullable=False),
    Column("han", Integer, nullable=False),
    Column("households", ARRAY(Integer), nullable=False),
    Column("team", Text, nullable=False, server_default=""),
    Column("withdraw_at", DateTime(timezone=True), nullable=False),
    Column("made_by", Text, nullable=False),
    when("made_at", default=True),
    when("handed_at"),
    Column("handed_by", Text),
    when("recalled_at"),
    Column("recalled_why", Text),
    when("back_at"),
    Column("back_by", Text),
    when("escalated_at"),
    Column("escalated_by", Text),
    Column("escalated_why", Text),
    CheckConstraint("handed_at IS NULL OR handed_at < withdraw_at", name="door_list_in_time"),
    CheckConstraint("handed_at IS NULL OR team <> ''", name="door_list_team"),
    Index(
        "door_list_outside",
        "city_code",
        postgresql_where=text("handed_at IS NOT NULL AND back_at IS NULL"),
    ),
)

door_call = Table(
    "door_call",
    metadata,
    numbered(),
    Column("door_list_id", BigInteger, ForeignKey("door_list.id"), nullable=False),
    Column("household", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    when("at", default=True),
    Index("door_call_newest", "door_list_id", "household", "id"),
)
