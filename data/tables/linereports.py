"""What somebody says of a danger by LINE, answer by answer, and the letter that waits for them.

`id` becomes that of the observation. `lookup` is a keyed hash of the LINE user, who stands here
only sealed (`data/sealing.py`). `picture` is LINE's number of a picture that is fetched when it is
due; `letter` names what is told next.
"""

from sqlalchemy import Column, DateTime, Index, LargeBinary, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID

from data.tables.base import geometry, metadata, when

line_report = Table(
    "line_report",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("city_code", Text, nullable=False),
    Column("lookup", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_number", SmallInteger, nullable=False),
    Column("language", Text, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    geometry("POINT", nullable=True),
    Column("kind", Text),
    Column("answer", Text),
    Column("note", Text),
    when("reported_at"),
    Column("picture", Text),
    when("picture_due"),
    Column("picture_tries", SmallInteger, nullable=False, server_default="0"),
    Column("letter", Text),
    when("letter_at"),
    when("lease_until"),
    Column("sends", SmallInteger, nullable=False, server_default="0"),
    when("told_at"),
    Index("line_report_of", "lookup", "heard_at"),
    Index("line_report_begun", "begun_at"),
    Index("line_report_letter", "letter_at", postgresql_where=text("letter IS NOT NULL")),
    Index("line_report_picture", "picture_due", postgresql_where=text("picture_due IS NOT NULL")),
    Index("line_report_open", "heard_at", postgresql_where=text("reported_at IS NULL")),
    Index(
        "line_report_untold",
        "id",
        postgresql_where=text("reported_at IS NOT NULL AND told_at IS NULL"),
    ),
)
