"""Who works here, from which device, and what they did."""

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import metadata, numbered, when

staff = Table(
    "staff",
    metadata,
    numbered(),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("roles", ARRAY(Text), nullable=False),
    Column("password_hash", Text),
    Column("oidc_issuer", Text),
    Column("oidc_subject", Text),
    when("created_at", default=True),
    when("disabled_at"),
    Index(
        "staff_oidc",
        "oidc_issuer",
        "oidc_subject",
        unique=True,
        postgresql_where=text("oidc_subject IS NOT NULL"),
    ),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), nullable=False),
    when("created_at", default=True),
    when("seen_at", default=True),
    when("ended_at"),
)

device = Table(
    "device",
    metadata,
    numbered(),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("site_id", Text),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("created_by", BigInteger),
    when("created_at", default=True),
    when("seen_at"),
    when("revoked_at"),
)

one_time_link = Table(
    "one_time_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("staff_id", BigInteger, ForeignKey("staff.id")),
    when("created_at", default=True),
    when("expires_at", default=True),
    when("used_at"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    when("at", default=True),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("details", JSONB, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_entry_at", "at", "number"),
    Index("audit_entry_done", "action", "at", "number"),
    Index("audit_entry_action", "action", "number"),
)
