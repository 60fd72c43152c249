"""What headquarters saw, frame by frame, and runs of a night with a change."""

from sqlalchemy import BigInteger, Column, Date, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import metadata, numbered, when

replay_frame = Table(
    "replay_frame",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    when("at", default=True),
    Column("keyframe", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", Text, nullable=False),
    Column("live_offset", BigInteger, nullable=False),
    Column("audit", BigInteger, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("chronicle", BigInteger, nullable=False),
)

replay_run = Table(
    "replay_run",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("change", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("turns", Integer, nullable=False),
    Column("result", JSONB(none_as_null=True)),
    Column("why", Text),
    Column("asked_by", Text, nullable=False),
    when("begun_at", default=True),
    when("heard_at", default=True),
)
