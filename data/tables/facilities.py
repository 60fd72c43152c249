"""要配慮者利用施設 of a load, calls to them, and what officers enter into the duties of the night.

A call and an entry are only ever added. `facility_call.corrects` names the call that it takes back;
of an entry the newest of its form and field counts, and `value` None says that nobody knows it.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import UUID

from data.tables.base import geometry, metadata, numbered, when

facility = Table(
    "facility",
    metadata,
    Column("load_id", BigInteger, ForeignKey("city_load.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("persons", Integer),
    geometry("POINT"),
)

facility_call = Table(
    "facility_call",
    metadata,
    numbered(),
    Column("key", UUID(as_uuid=True), nullable=False, unique=True),
    Column("city_code", Text, nullable=False),
    Column("facility_id", Text, nullable=False),
    Column("facility_name", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("answer", Text, nullable=False),
    Column("told", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("called_by", Text, nullable=False),
    when("called_at", default=True),
    Column("corrects", BigInteger, ForeignKey("facility_call.id"), unique=True),
    Index("facility_call_of", "city_code", "facility_id"),
)

duty_entry = Table(
    "duty_entry",
    metadata,
    numbered(),
    Column("key", UUID(as_uuid=True), nullable=False, unique=True),
    Column("city_code", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("value", Text),
    Column("confirmed", Boolean, nullable=False),
    Column("said_by", Text, nullable=False),
    when("said_at", default=True),
    Index("duty_entry_of", "city_code", "form", "field"),
)
