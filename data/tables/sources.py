"""Sources of information of others, and their copies.

`location` is an address or a folder, empty for what is handed over; it may hold a key of the
city's, so it is neither logged nor shown whole. `heard_at` is when the last good copy was last
known to be what the source says; `failing_since` when that first failed since; until `seen_until`
nobody is asked about it again; `seen` are the telegrams of a feed that came already. Of copies the
last good one is kept (`good`), one that waits for a person (`held`) and the last one that a person
refused.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import metadata, numbered, when

info_source = Table(
    "info_source",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("location", Text, nullable=False),
    Column("only_words", Text, nullable=False),
    Column("licence", Text, nullable=False),
    Column("attribution", Text, nullable=False),
    Column("every_s", Integer, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("added_by", Text, nullable=False),
    when("added_at", default=True),
    when("stopped_at"),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("seen", JSONB, nullable=False),
    when("next_at"),
    when("heard_at"),
    when("failing_since"),
    when("seen_until"),
    Column("failure", Text, nullable=False),
    Column("broken", Boolean, nullable=False),
    Index("info_source_city", "city_code"),
)

info_copy = Table(
    "info_copy",
    metadata,
    numbered(),
    Column("source_id", BigInteger, ForeignKey("info_source.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("counted", JSONB, nullable=False),
    Column("doubts", JSONB, nullable=False),
    when("said_at"),
    when("came_at", default=True),
    when("held_at"),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("decided_by", Text),
    when("decided_at"),
    Column("reason", Text, nullable=False),
    Index("info_copy_state", "source_id", "state", unique=True),
)
