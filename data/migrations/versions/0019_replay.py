"""What headquarters saw, kept as differences."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Plans that are kept already stay whole; nothing was kept of what headquarters saw."""
    op.execute("ALTER TABLE plan_version ADD COLUMN state_hash text")
    op.execute(
        "ALTER TABLE plan_blob ADD COLUMN keyframe bigint, ADD COLUMN place integer,"
        " ADD COLUMN digest bytea"
    )
    op.execute("UPDATE plan_blob SET keyframe = number, place = 0")
    op.execute(
        "ALTER TABLE plan_blob ALTER COLUMN keyframe SET NOT NULL,"
        " ALTER COLUMN place SET NOT NULL, ALTER COLUMN body SET STORAGE EXTERNAL"
    )
    op.execute("CREATE INDEX plan_blob_keyframe ON plan_blob (keyframe)")
    op.execute(
        "CREATE TABLE replay_frame (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " at timestamptz NOT NULL DEFAULT now(), keyframe bigint NOT NULL, place integer NOT NULL,"
        " body bytea NOT NULL, hash text NOT NULL, live_offset bigint NOT NULL,"
        " audit bigint NOT NULL, version bigint NOT NULL, chronicle bigint NOT NULL)"
    )
    op.execute("ALTER TABLE replay_frame ALTER COLUMN body SET STORAGE EXTERNAL")
    op.execute("CREATE INDEX replay_frame_at ON replay_frame (city_code, at)")
    op.execute("CREATE INDEX replay_frame_keyframe ON replay_frame (keyframe)")
    op.execute(
        "CREATE TABLE replay_run (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " day date NOT NULL, change jsonb NOT NULL, state text NOT NULL, done integer NOT NULL,"
        " turns integer NOT NULL, result jsonb, why text, asked_by text NOT NULL,"
        " begun_at timestamptz NOT NULL DEFAULT now(), heard_at timestamptz NOT NULL DEFAULT now())"
    )
