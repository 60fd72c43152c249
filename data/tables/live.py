"""The live stream: of each thing its newest state, numbered in the order of commits."""

from sqlalchemy import BigInteger, Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from data.tables.base import metadata, when

live_epoch = Table(
    "live_epoch", metadata, Column("epoch", UUID, primary_key=True), when("begun_at", default=True)
)

live_state = Table(
    "live_state",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),
    Column("state", JSONB(none_as_null=True)),
    when("as_of", default=True),
)
