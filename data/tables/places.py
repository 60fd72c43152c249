"""Places during the night: who is inside, which rooms, what is missing, who was called.

Rows name a place by the city's code and the site's id, and outlive every load.
"""

from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Column, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from data.tables.base import geometry, metadata, numbered, when


def _city() -> Column[Any]:
    return Column("city_code", Text, primary_key=True)


def _site() -> Column[Any]:
    return Column("site_id", Text, primary_key=True)


site_room = Table(
    "site_room",
    metadata,
    _city(),
    _site(),
    Column("room", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("capacity", Integer),
    Column("meant_for", Text, nullable=False),
    Column("overflow", Boolean, nullable=False),
    Column("in_use", Boolean, nullable=False),
)

site_facility = Table(
    "site_facility",
    metadata,
    _city(),
    _site(),
    Column("facility", Text, primary_key=True),
    Column("offered", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    when("said_at", default=True),
)

site_contact = Table(
    "site_contact",
    metadata,
    _city(),
    _site(),
    Column("phone", Text, nullable=False),
    Column("key_holder", Text, nullable=False),
    Column("key_holder_phone", Text, nullable=False),
)

head_count = Table(
    "head_count",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("city_code", Text, nullable=False),
    Column("site_id", Text, nullable=False),
    Column("room", Text),
    Column("kind", Text, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("via", Text, nullable=False),
    when("counted_at", default=True),
    when("device_at", default=True),
    when("received_at", default=True),
    Column("actor", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("undoes", UUID),
    Column("flags", ARRAY(Text), nullable=False),
    Column("applied", Boolean, nullable=False),
    Index("head_count_site", "city_code", "site_id", "counted_at"),
    Index("head_count_undoes", "undoes", postgresql_where=text("undoes IS NOT NULL")),
)

site_figure = Table(
    "site_figure",
    metadata,
    _city(),
    _site(),
    Column("figure", JSONB, nullable=False),
    Column("shown", JSONB, nullable=False),
    when("shown_at"),
    when("due_at"),
    Index("site_figure_due", "due_at"),
)

site_need = Table(
    "site_need",
    metadata,
    Column("id", UUID, primary_key=True),
    Column("city_code", Text, nullable=False, index=True),
    Column("site_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("words", Text, nullable=False),
    when("device_at", default=True),
    when("received_at", default=True),
    Column("actor", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_by", Text),
    when("answered_at"),
    when("expected_at"),
)

site_call = Table(
    "site_call",
    metadata,
    numbered(),
    Column("city_code", Text, nullable=False, index=True),
    Column("site_id", Text, nullable=False),
    when("called_at", default=True),
    Column("called_by", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
)

call_slip = Table(
    "call_slip",
    metadata,
    numbered(),
    Column("client_id", UUID, nullable=False, unique=True),
    Column("city_code", Text, nullable=False, index=True),
    Column("landmark", Text, nullable=False),
    geometry("POINT", nullable=True),
    Column("caller", Text, nullable=False),
    Column("caller_phone", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("told", JSONB, nullable=False),
    Column("taken_by", Text, nullable=False),
    when("taken_at", default=True),
    Column("state", Text, nullable=False),
    Column("handed_to", Text),
    Column("joined_into", BigInteger),
    when("closed_at"),
    Column("outcome", Text),
)
