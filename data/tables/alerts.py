"""Alerts: what is told, by whom it was written and approved, in whose words.

A row of `alert_revision` is what two people see and approve; once approved, its words stay.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
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
from sqlalchemy.dialects.postgresql import JSONB

from data.tables.base import geometry, metadata, numbered, when

alert = Table(
    "alert",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    when("made_at", default=True),
)

alert_revision = Table(
    "alert_revision",
    metadata,
    numbered(),
    Column("alert_id", BigInteger, ForeignKey("alert.id"), nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("city_code", Text, nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("hazard", Text),
    Column("level", SmallInteger),
    Column("area_names", ARRAY(Text), nullable=False),
    Column("whole_city", Boolean, nullable=False),
    geometry("GEOMETRY", nullable=True),
    Column("segment", JSONB(none_as_null=True), nullable=False),
    Column("subject", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("action", Text, nullable=False),
    when("expires_at", default=True),
    Column("state", Text, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("writers", ARRAY(BigInteger), nullable=False, server_default="{}"),
    when("made_at", default=True),
    Column("submitted_by", BigInteger),
    when("submitted_at"),
    Column("decided_by", BigInteger),
    when("decided_at"),
    Column("decided_why", Text),
    when("deputies_called_at"),
    Column("glass_why", Text),
    Column("countersigned_by", BigInteger),
    when("countersigned_at"),
    Column("blast", JSONB(none_as_null=True)),
    Column("rendered", JSONB(none_as_null=True)),
    Column("digest", Text),
    Column("expanded_to", BigInteger),
    when("expanded_at"),
    when("sent_at"),
    when("stopped_at"),
    Column("stopped_why", Text),
    Column("stopped_by", Text),
    Index("alert_revision_number", "alert_id", "revision", unique=True),
)

alert_order = Table(
    "alert_order",
    metadata,
    Column("alert_id", BigInteger, ForeignKey("alert.id"), primary_key=True),
    Column("order_id", BigInteger, primary_key=True),
)

alert_delegate = Table(
    "alert_delegate",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("staff_id", BigInteger, ForeignKey("staff.id"), nullable=False),
    Column("duty", Text, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("named_by", Text, nullable=False),
    when("begun_at", default=True),
    when("ended_at"),
)

alert_template = Table(
    "alert_template",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("made_by", Text, nullable=False),
    when("made_at", default=True),
    Column("reviewed_by", Text),
    when("reviewed_at"),
    Index("alert_template_version", "city_code", "name", "language", "version", unique=True),
)

confirmed_reading = Table(
    "confirmed_reading",
    metadata,
    Column("city_code", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("kana", Text, nullable=False),
    Column("confirmed_by", Text, nullable=False),
    when("confirmed_at", default=True),
)

print_job = Table(
    "print_job",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False),
    Column("paper", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("pdf", LargeBinary),
    when("asked_at", default=True),
    when("made_at"),
    when("printed_at"),
    Column("printed_by", Text),
    when("failed_at"),
    Column("failed_why", Text),
    when("lease_until"),
    Index("print_job_paper", "revision_id", "paper", unique=True),
    Index("print_job_waiting", "id", postgresql_where=text("pdf IS NULL")),
)

paper_return = Table(
    "paper_return",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False),
    Column("revision_id", BigInteger, ForeignKey("alert_revision.id"), nullable=False),
    Column("job_id", BigInteger, ForeignKey("print_job.id"), nullable=False),
    Column("area_name", Text, nullable=False),
    Column("heard", Boolean),
    Column("called", Integer, nullable=False),
    Column("said_by", Text, nullable=False),
    when("at", default=True),
    Index("paper_return_area", "revision_id", "area_name", "id"),
)
