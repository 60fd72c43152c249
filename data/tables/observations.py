"""What was seen, which streets it names, and what headquarters said of it.

`street` is the key of a street's line: reports with the same key are of one street. `opened_at`:
headquarters opened that street by the closure's number, and the report counts there no more.
"""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Float, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import BIGINT, UUID

from data.tables.base import geometry, metadata, numbered, when


def _at(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False)


observation = Table(
    "observation",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("city_code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    geometry("GEOMETRY"),
    Column("error_m", Float),
    Column("depth", Text),
    Column("note", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("photo", Boolean, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("mission_id", BIGINT),
    _at("seen_at"),
    when("device_at"),
    _at("received_at"),
    Column("set_aside", Text, nullable=False),
    Column("reply_hash", Text, index=True),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False, server_default=""),
    Column("decided_by", Text),
    when("decided_at"),
    Column("merged_into", UUID(as_uuid=True), ForeignKey("observation.id")),
    Index("observation_received", "city_code", "received_at"),
    Index("observation_live", "city_code", "state"),
)

observation_step = Table(
    "observation_step",
    metadata,
    numbered(),
    Column("observation", UUID(as_uuid=True), ForeignKey("observation.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("by", Text, nullable=False),
    _at("at"),
    Index("observation_step_of", "observation"),
)

observation_street = Table(
    "observation_street",
    metadata,
    Column("observation", UUID(as_uuid=True), ForeignKey("observation.id"), primary_key=True),
    Column("street", Text, primary_key=True),
    geometry("LINESTRING"),
    Column("name", Text, nullable=False),
    when("opened_at"),
    Index("observation_street_key", "street"),
)
