"""Who registered to be told: where, in which language, by which ways; addresses only sealed.

`lookup` is a keyed hash: by it an address is found without being readable (`data/sealing.py`). Only
addresses whose code was entered stand in `recipient_address`; those that wait for it, in
`address_check`, which is the outbox of codes too: a code follows from `salt` and a key outside.
Whose last address went over to another recipient of theirs was `merged_into` that one.
`late_since`: they registered, moved or came back then, and nobody has looked yet what is in force.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)

from data.tables.base import geometry, metadata, numbered, when

recipient = Table(
    "recipient",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("household", Integer),
    Column("area_name", Text),
    geometry("POINT", nullable=True),
    Column("categories", ARRAY(Text), nullable=False),
    Column("language", Text, nullable=False),
    Column("needs", ARRAY(Text), nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    when("made_at", default=True),
    when("confirmed_at"),
    when("left_at"),
    Column("merged_into", BigInteger),
    when("late_since"),
    Index(
        "recipient_listening",
        "city_code",
        "status",
        "id",
        postgresql_where=text("confirmed_at IS NOT NULL AND left_at IS NULL"),
    ),
    Index(
        "recipient_late",
        "status",
        "late_since",
        postgresql_where=text("late_since IS NOT NULL"),
    ),
    Index("recipient_unconfirmed", "made_at", postgresql_where=text("confirmed_at IS NULL")),
)

recipient_address = Table(
    "recipient_address",
    metadata,
    Column("recipient_id", BigInteger, ForeignKey("recipient.id"), primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("stage", SmallInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_number", SmallInteger, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    when("verified_at"),
    when("blocked_at"),
    Column("blocked_why", Text),
    Index("recipient_address_lookup", "channel", "lookup", unique=True),
)

address_check = Table(
    "address_check",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("recipient_id", BigInteger, ForeignKey("recipient.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_number", SmallInteger, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    when("asked_at", default=True),
    when("expires_at", default=True),
    Column("tries", SmallInteger, nullable=False),
    when("used_at"),
    when("lease_until"),
    Column("sends", SmallInteger, nullable=False),
    when("sent_at"),
    Index("address_check_lookup", "lookup", "asked_at"),
    Index(
        "address_check_unsent",
        "asked_at",
        postgresql_where=text("sent_at IS NULL AND used_at IS NULL"),
    ),
)

sealing_identity = Table(
    "sealing_identity",
    metadata,
    Column("one", Boolean, CheckConstraint("one"), primary_key=True),
    Column("identity", Text, nullable=False),
    when("since", default=True),
)

webhook_event = Table(
    "webhook_event",
    metadata,
    Column("source", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    when("at", default=True),
)
