"""The chronology of headquarters: rows that are only added; and who has which decision open.

`chronology_step.ref` names an entry of a person (`entry:N`), of the audit log (`audit:N`) or a
version of the plan (`version:N`): what the system does enters by itself and is stored once.
"""

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from data.tables.base import metadata, numbered

chronology_entry = Table(
    "chronology_entry",
    metadata,
    numbered(),
    Column("key", UUID(as_uuid=True), nullable=False, unique=True),
    Column("city_code", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("corrects", BigInteger, ForeignKey("chronology_entry.id")),
    Index("chronology_entry_order", "city_code", "entered_at"),
    Index("chronology_entry_corrects", "corrects"),
)

chronology_step = Table(
    "chronology_step",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    Index("chronology_step_ref", "city_code", "ref", "id"),
)

decision_lock = Table(
    "decision_lock",
    metadata,
    Column("city_code", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
)

reached_count = Table(
    "reached_count",
    metadata,
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), primary_key=True),
    Column("as_of", DateTime(timezone=True), nullable=False),
    Column("states", JSONB, nullable=False),
    Column("areas", JSONB, nullable=False),
    Column("cells", JSONB, nullable=False),
)
