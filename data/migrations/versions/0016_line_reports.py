"""Reports that come by LINE: what somebody has said so far, and what they are told."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add a table; nothing of it was kept before."""
    op.execute(
        "CREATE TABLE line_report (id uuid PRIMARY KEY, city_code text NOT NULL,"
        " lookup bytea NOT NULL, sealed bytea NOT NULL, key_number smallint NOT NULL,"
        " language text NOT NULL, begun_at timestamptz NOT NULL, heard_at timestamptz NOT NULL,"
        " geom geometry(POINT, 4326), kind text, answer text, note text, reported_at timestamptz,"
        " picture text, picture_due timestamptz, picture_tries smallint NOT NULL DEFAULT 0,"
        " letter text, letter_at timestamptz, lease_until timestamptz,"
        " sends smallint NOT NULL DEFAULT 0, told_at timestamptz)"
    )
    op.execute("CREATE INDEX line_report_of ON line_report (lookup, heard_at)")
    op.execute("CREATE INDEX line_report_begun ON line_report (begun_at)")
    op.execute(
        "CREATE INDEX line_report_letter ON line_report (letter_at) WHERE letter IS NOT NULL"
    )
    op.execute(
        "CREATE INDEX line_report_picture ON line_report (picture_due)"
        " WHERE picture_due IS NOT NULL"
    )
    op.execute("CREATE INDEX line_report_open ON line_report (heard_at) WHERE reported_at IS NULL")
    op.execute(
        "CREATE INDEX line_report_untold ON line_report (id)"
        " WHERE reported_at IS NOT NULL AND told_at IS NULL"
    )
