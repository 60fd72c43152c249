"""The outbox: one row for each alert, revision, recipient and channel, in chunks frozen before
their first try, and what carriers said.
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

from data.tables.base import metadata, numbered, when

alert_message = Table(
    "alert_message",
    metadata,
    numbered(),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Index("alert_message_one", "revision_id", "channel", "language", unique=True),
)

alert_chunk = Table(
    "alert_chunk",
    metadata,
    numbered(),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False),
    Column("message_id", BigInteger, ForeignKey("alert_message.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("stage", SmallInteger, nullable=False),
    Column("lane", SmallInteger, nullable=False),
    Column("key", UUID, nullable=False),
    Column("members", ARRAY(BigInteger), nullable=False),
    when("ready_at", default=True),
    Column("tries", SmallInteger, nullable=False, server_default="0"),
    when("first_tried_at"),
    when("lease_until"),
    Column("leased_by", Text),
    when("done_at"),
    Column("why", Text),
    Index(
        "alert_chunk_next",
        "channel",
        "lane",
        "ready_at",
        "id",
        postgresql_where=text("done_at IS NULL"),
    ),
    Index("alert_chunk_revision", "revision_id", postgresql_where=text("done_at IS NULL")),
)

delivery = Table(
    "delivery",
    metadata,
    Column("revision_id", BigInteger, primary_key=True),
    Column("recipient_id", BigInteger, primary_key=True),
    Column("channel", SmallInteger, primary_key=True),
    Column("chunk_id", BigInteger, nullable=False, index=True),
    Column("state", SmallInteger, nullable=False),
    Column("perhaps", Boolean, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("why", Text),
    when("changed_at"),
)

carrier_reference = Table(
    "carrier_reference",
    metadata,
    Column("credential", Text, primary_key=True),
    Column("reference", Text, primary_key=True),
    Column("revision_id", BigInteger, nullable=False),
    Column("recipient_id", BigInteger, nullable=False),
    Column("channel", SmallInteger, nullable=False),
)

carrier_state = Table(
    "carrier_state",
    metadata,
    Column("credential", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("status", Text, nullable=False),
    when("seen_at"),
    when("free_at", default=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    when("shut_until"),
    when("failed_at"),
    Column("failed_why", Text),
    when("accepted_at"),
    when("tested_at"),
    when("test_passed_at"),
    Column("test_why", Text),
    Column("test_ms", Float),
    Column("letters_left", BigInteger),
)

confirmation = Table(
    "confirmation",
    metadata,
    numbered(),
    Column("alert_id", BigInteger, ForeignKey("alert.id"), nullable=False),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False),
    Column("recipient_id", BigInteger),
    Column("household", Integer),
    Column("how", Text, nullable=False),
    Column("said_by", Text),
    when("at", default=True),
    Index("confirmation_recipient", "alert_id", "recipient_id"),
    Index("confirmation_household", "alert_id", "household"),
)
