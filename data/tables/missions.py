"""Teams, the missions they are on, what they said of them, and people who wait for rescue.

`members` are actors ("device:5", "staff:3"). A mission keeps those with whom it set out. Columns of
`rescue_case` that may hold what callers said are erased when its time is over.
"""

from typing import Any

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
from sqlalchemy.dialects.postgresql import JSONB, UUID

from data.tables.base import geometry, metadata, numbered, when


def _at(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)


field_team = Table(
    "field_team",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Index("field_team_name", "city_code", "name", unique=True),
)

mission = Table(
    "mission",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("team_id", BigInteger, ForeignKey("field_team.id"), nullable=False),
    Column("members", ARRAY(Text), nullable=False),
    Column("what", Text, nullable=False),
    Column("area_names", ARRAY(Text), nullable=False),
    geometry("GEOMETRY", nullable=True),
    Column("flight", JSONB),
    _at("started_at"),
    Column("started_by", Text, nullable=False),
    _at("withdraw_at"),
    Column("check_in_every_s", Integer, nullable=False),
    when("last_check_in"),
    when("recalled_at"),
    Column("recalled_why", Text),
    when("recall_confirmed_at"),
    when("escalated_at"),
    Column("escalated_by", Text),
    Column("escalated_why", Text),
    Column("escalated_to", Text, nullable=False, server_default=""),
    when("reached_at"),
    when("returned_at"),
    Column("ended", Text, nullable=False, server_default=""),
    CheckConstraint("started_at < withdraw_at", name="mission_in_time"),
    Index("mission_outside", "team_id", unique=True, postgresql_where=text("returned_at IS NULL")),
    Index("mission_started", "city_code", "started_at"),
)

mission_word = Table(
    "mission_word",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("mission_id", BigInteger, ForeignKey("mission.id"), nullable=False),
    Column("step", Text, nullable=False),
    _at("at"),
    _at("received_at"),
    Column("by", Text, nullable=False),
    Index("mission_word_of", "mission_id"),
)

rescue_case = Table(
    "rescue_case",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("key", UUID(as_uuid=True), nullable=False, unique=True),
    Column("observation", UUID(as_uuid=True), ForeignKey("observation.id")),
    geometry("GEOMETRY", nullable=True),
    Column("place", Text, nullable=False),
    Column("persons", Integer),
    Column("condition", Text, nullable=False),
    Column("doubt", Text, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    _at("opened_at"),
    Column("state", Text, nullable=False),
    Column("team", Text, nullable=False, server_default=""),
    Column("mission_id", BigInteger, ForeignKey("mission.id")),
    _at("last_contact"),
    Column("outcome", Text, nullable=False, server_default=""),
    _at("changed_at"),
    when("ended_at"),
    Index("rescue_case_open", "city_code", postgresql_where=text("ended_at IS NULL")),
    Index("rescue_case_ended", "ended_at"),
)
