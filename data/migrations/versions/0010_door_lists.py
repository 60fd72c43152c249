"""Door lists with their withdrawal times, and what teams found at doors."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add tables; nobody was sent to doors by a list before."""
    op.execute(
        "CREATE TABLE door_list (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " load_id bigint NOT NULL, revision_id bigint NOT NULL REFERENCES alert_revision,"
        " area_code text NOT NULL, area_name text NOT NULL, han integer NOT NULL,"
        " households integer[] NOT NULL, team text NOT NULL DEFAULT '',"
        " withdraw_at timestamptz NOT NULL, made_by text NOT NULL,"
        " made_at timestamptz NOT NULL DEFAULT now(), handed_at timestamptz, handed_by text,"
        " recalled_at timestamptz, recalled_why text, back_at timestamptz, back_by text,"
        " escalated_at timestamptz, escalated_by text, escalated_why text,"
        " CONSTRAINT door_list_in_time CHECK (handed_at IS NULL OR handed_at < withdraw_at),"
        " CONSTRAINT door_list_team CHECK (handed_at IS NULL OR team <> ''))"
    )
    op.execute(
        "CREATE TABLE door_call (id bigserial PRIMARY KEY,"
        " door_list_id bigint NOT NULL REFERENCES door_list, household integer NOT NULL,"
        " outcome text NOT NULL, said_by text NOT NULL,"
        " at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute("CREATE INDEX ix_door_list_city_code ON door_list (city_code)")
    op.execute("CREATE INDEX ix_door_list_revision_id ON door_list (revision_id)")
    op.execute(
        "CREATE INDEX door_list_outside ON door_list (city_code)"
        " WHERE handed_at IS NOT NULL AND back_at IS NULL"
    )
    op.execute("CREATE INDEX door_call_newest ON door_call (door_list_id, household, id)")
