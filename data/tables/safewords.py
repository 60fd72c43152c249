"""安否: who said that they are safe, and whose names no search ever finds.

`sealed` holds name and place, `name_lookup` and `lookup` are keyed hashes of the name, and of the
name with the family's word (`data/sealing.py`); all four are NULL of whoever is shown to nobody.
`link_hash` is that of the household's slip.
"""

from sqlalchemy import Column, DateTime, Index, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID

from data.tables.base import metadata, when

safe_word = Table(
    "safe_word",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("city_code", Text, nullable=False),
    Column("link_hash", Text),
    Column("visible", Text, nullable=False),
    Column("sealed", LargeBinary),
    Column("key_number", SmallInteger),
    Column("name_lookup", LargeBinary),
    Column("lookup", LargeBinary),
    Column("said_by", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
    when("ended_at"),
    Index("safe_word_lookup", "lookup", postgresql_where=text("ended_at IS NULL")),
    Index(
        "safe_word_link",
        "link_hash",
        unique=True,
        postgresql_where=text("ended_at IS NULL AND link_hash IS NOT NULL"),
    ),
    Index("safe_word_said", "said_at"),
)

safe_blocked = Table(
    "safe_blocked",
    metadata,
    Column("name_lookup", LargeBinary, primary_key=True),
    Column("said_by", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
)
