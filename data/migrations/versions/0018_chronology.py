"""The chronology of headquarters, who has which decision open, and how many were reached."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Nothing was kept of it before."""
    op.execute(
        "CREATE TABLE chronology_entry (id bigserial PRIMARY KEY, key uuid NOT NULL UNIQUE,"
        " city_code text NOT NULL, at timestamptz NOT NULL, entered_at timestamptz NOT NULL,"
        " entered_by text NOT NULL, sender text NOT NULL, recipient text NOT NULL,"
        " content text NOT NULL, action text NOT NULL, owner text NOT NULL,"
        " corrects bigint REFERENCES chronology_entry)"
    )
    op.execute("CREATE INDEX chronology_entry_order ON chronology_entry (city_code, entered_at)")
    op.execute("CREATE INDEX chronology_entry_corrects ON chronology_entry (corrects)")
    op.execute(
        "CREATE TABLE chronology_step (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " ref text NOT NULL, state text NOT NULL, owner text NOT NULL, said_by text NOT NULL,"
        " said_at timestamptz NOT NULL)"
    )
    op.execute("CREATE INDEX chronology_step_ref ON chronology_step (city_code, ref, id)")
    op.execute(
        "CREATE TABLE decision_lock (city_code text NOT NULL, key text NOT NULL,"
        " actor text NOT NULL, since timestamptz NOT NULL, until timestamptz NOT NULL,"
        " PRIMARY KEY (city_code, key))"
    )
    op.execute(
        "CREATE TABLE reached_count (revision_id bigint PRIMARY KEY REFERENCES alert_revision,"
        " as_of timestamptz NOT NULL, states jsonb NOT NULL, areas jsonb NOT NULL,"
        " cells jsonb NOT NULL)"
    )
    # The chronology of a night is read by the time of its versions.
    op.execute("CREATE INDEX plan_version_published ON plan_version (published_at)")
    op.execute("CREATE INDEX audit_entry_at ON audit_entry (at, number)")
