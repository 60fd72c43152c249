"""Sources of information of others, and their last good copies."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Nothing was kept of it before."""
    op.execute(
        "CREATE TABLE info_source (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " name text NOT NULL, theme text NOT NULL, format text NOT NULL, way text NOT NULL,"
        " location text NOT NULL, only_words text NOT NULL, licence text NOT NULL,"
        " attribution text NOT NULL, every_s integer NOT NULL, public boolean NOT NULL,"
        " added_by text NOT NULL, added_at timestamptz NOT NULL DEFAULT now(),"
        " stopped_at timestamptz, etag text NOT NULL, modified text NOT NULL,"
        " seen jsonb NOT NULL, next_at timestamptz, heard_at timestamptz,"
        " failing_since timestamptz, seen_until timestamptz,"
        " failure text NOT NULL, broken boolean NOT NULL)"
    )
    op.execute("CREATE INDEX info_source_city ON info_source (city_code)")
    op.execute(
        "CREATE TABLE info_copy (id bigserial PRIMARY KEY,"
        " source_id bigint NOT NULL REFERENCES info_source, state text NOT NULL,"
        " digest text NOT NULL, content jsonb NOT NULL, counted jsonb NOT NULL,"
        " doubts jsonb NOT NULL, said_at timestamptz, came_at timestamptz NOT NULL DEFAULT now(),"
        " held_at timestamptz, etag text NOT NULL, modified text NOT NULL, decided_by text,"
        " decided_at timestamptz, reason text NOT NULL)"
    )
    op.execute("CREATE UNIQUE INDEX info_copy_state ON info_copy (source_id, state)")
