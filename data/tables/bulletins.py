"""What the JMA said, and what the city's 発令判断表 suggested of it; in force is neither."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import metadata, numbered, when

TELEGRAM = (
    *("kind", "status", "issue", "series", "event_id", "serial"),
    *("reported_at", "sent_at", "digest"),
)
"""What tells telegrams apart. Event and serial alone do not: 気象警報・注意報 has neither, and
土砂災害警戒情報 begins its serial again with each rain; two official samples differ in their
words alone (`digest`)."""

bulletin = Table(
    "bulletin",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    *(
        Column(name, Text, nullable=False)
        for name in ("kind", "title", "heading", "status", "issue", "event_id", "serial", "series")
    ),
    Column("office", Text, nullable=False),
    Column("headline", Text, nullable=False),
    when("sent_at", default=True),
    when("reported_at", default=True),
    when("target_at"),
    when("valid_until"),
    Column("items", JSONB, nullable=False),
    Column("digest", Text, nullable=False),
    Column("remarks", ARRAY(Text), nullable=False, server_default="{}"),
    when("received_at", default=True),
    Column("superseded", Boolean, nullable=False, server_default="false"),
    Index("bulletin_one", "city_code", *TELEGRAM, unique=True),
    Index("bulletin_newest", "city_code", "series", postgresql_where=text("NOT superseded")),
)

suggestion = Table(
    "suggestion",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("bulletin_id", BigInteger, ForeignKey("bulletin.id")),
    Column("gauge", Text),
    Column("criterion", Text, nullable=False),
    Column("hazard", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area_names", ARRAY(Text), nullable=False),
    Column("areas_chosen", Boolean, nullable=False),
    Column("said", Text, nullable=False),
    Column("why", Text, nullable=False),
    when("made_at", default=True),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("decided_why", Text),
    Column("decided_by", Text),
    when("decided_at"),
    Index("suggestion_criterion", "city_code", "criterion"),
    Index(
        "suggestion_waiting",
        "city_code",
        "criterion",
        unique=True,
        postgresql_where=text("state = 'waiting'"),
    ),
)
