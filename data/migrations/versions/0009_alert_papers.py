"""Why a paper could not be made and who is making it; what came back on paper."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add columns and a table; no paper failed and none came back before."""
    op.execute(
        "ALTER TABLE print_job ADD failed_at timestamptz, ADD failed_why text,"
        " ADD lease_until timestamptz"
    )
    op.execute(
        "CREATE TABLE paper_return (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " revision_id bigint NOT NULL REFERENCES alert_revision,"
        " job_id bigint NOT NULL REFERENCES print_job, area_name text NOT NULL, heard boolean,"
        " called integer NOT NULL, said_by text NOT NULL,"
        " at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute("CREATE INDEX paper_return_area ON paper_return (revision_id, area_name, id)")
