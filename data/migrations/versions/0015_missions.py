"""Teams on missions, people to be rescued, and who said that they are safe."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add tables; none of it was kept before."""
    op.execute(
        "CREATE TABLE field_team (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " name text NOT NULL, contact text NOT NULL, members text[] NOT NULL)"
    )
    op.execute("CREATE UNIQUE INDEX field_team_name ON field_team (city_code, name)")
    op.execute(
        "CREATE TABLE mission (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " team_id bigint NOT NULL REFERENCES field_team, members text[] NOT NULL,"
        " what text NOT NULL, area_names text[] NOT NULL, geom geometry(GEOMETRY, 4326),"
        " flight jsonb, started_at timestamptz NOT NULL, started_by text NOT NULL,"
        " withdraw_at timestamptz NOT NULL, check_in_every_s integer NOT NULL,"
        " last_check_in timestamptz, recalled_at timestamptz, recalled_why text,"
        " recall_confirmed_at timestamptz, escalated_at timestamptz, escalated_by text,"
        " escalated_why text, escalated_to text NOT NULL DEFAULT '', reached_at timestamptz,"
        " returned_at timestamptz, ended text NOT NULL DEFAULT '',"
        " CONSTRAINT mission_in_time CHECK (started_at < withdraw_at))"
    )
    op.execute("CREATE UNIQUE INDEX mission_outside ON mission (team_id) WHERE returned_at IS NULL")
    op.execute("CREATE INDEX mission_started ON mission (city_code, started_at)")
    op.execute(
        "CREATE TABLE mission_word (id uuid PRIMARY KEY,"
        " mission_id bigint NOT NULL REFERENCES mission, step text NOT NULL,"
        " at timestamptz NOT NULL, received_at timestamptz NOT NULL, by text NOT NULL)"
    )
    op.execute("CREATE INDEX mission_word_of ON mission_word (mission_id)")
    op.execute(
        "CREATE TABLE rescue_case (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " key uuid NOT NULL UNIQUE, observation uuid REFERENCES observation,"
        " geom geometry(GEOMETRY, 4326), place text NOT NULL, persons integer,"
        " condition text NOT NULL, doubt text NOT NULL, source_kind text NOT NULL,"
        " opened_by text NOT NULL, opened_at timestamptz NOT NULL,"
        " state text NOT NULL, team text NOT NULL DEFAULT '',"
        " mission_id bigint REFERENCES mission, last_contact timestamptz NOT NULL,"
        " outcome text NOT NULL DEFAULT '', changed_at timestamptz NOT NULL,"
        " ended_at timestamptz)"
    )
    op.execute("CREATE INDEX rescue_case_open ON rescue_case (city_code) WHERE ended_at IS NULL")
    op.execute("CREATE INDEX rescue_case_ended ON rescue_case (ended_at)")
    op.execute(
        "CREATE TABLE safe_word (id uuid PRIMARY KEY, city_code text NOT NULL, link_hash text,"
        " visible text NOT NULL, sealed bytea, key_number smallint, name_lookup bytea,"
        " lookup bytea, said_by text NOT NULL, said_at timestamptz NOT NULL,"
        " ended_at timestamptz)"
    )
    op.execute("CREATE INDEX safe_word_lookup ON safe_word (lookup) WHERE ended_at IS NULL")
    op.execute(
        "CREATE UNIQUE INDEX safe_word_link ON safe_word (link_hash)"
        " WHERE ended_at IS NULL AND link_hash IS NOT NULL"
    )
    op.execute("CREATE INDEX safe_word_said ON safe_word (said_at)")
    op.execute(
        "CREATE TABLE safe_blocked (name_lookup bytea PRIMARY KEY,"
        " said_by text NOT NULL, begun_at timestamptz NOT NULL)"
    )
