"""Photos of what people in the field see, which report each belongs to, and uploads under way.

A photo's bytes are in the photo store under their SHA-256 (`data/photos`); `held` are those that
it has not taken yet. `likeness` is the hash of `data/photos/likeness.py`, signed as PostgreSQL has
numbers. What was deleted at its date has no row in `photo`, and is still named by its report.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from data.tables.base import metadata, when

photo = Table(
    "photo",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("likeness", BigInteger),
    when("taken_at"),
    when("stored_at", default=True),
    Column("delete_after", DateTime(timezone=True), nullable=False, index=True),
    Column("held", LargeBinary),
    Index("photo_held", "sha256", postgresql_where=text("held IS NOT NULL")),
)

observation_photo = Table(
    "observation_photo",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("observation", UUID(as_uuid=True), nullable=False, index=True),
    Column("thumbnail", Text),
    Column("original", Text),
    when("taken_at"),
    when("received_at", default=True),
)

photo_upload = Table(
    "photo_upload",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("made_by", Text, nullable=False),
    Column("photo", UUID(as_uuid=True), nullable=False),
    Column("observation", UUID(as_uuid=True), nullable=False),
    Column("length", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("sha256", Text),
    when("taken_at"),
    when("made_at", default=True),
    Column("expires_at", DateTime(timezone=True), nullable=False, index=True),
    when("finished_at"),
    Index("photo_upload_of", "photo", "made_by", unique=True),
)

photo_upload_part = Table(
    "photo_upload_part",
    metadata,
    Column(
        "upload",
        UUID(as_uuid=True),
        ForeignKey("photo_upload.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    Column("begins_at", BigInteger, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
