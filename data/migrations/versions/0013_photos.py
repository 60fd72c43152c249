"""Photos, which report each belongs to, and the parts of uploads that are under way.

Parts are not compressed: photos are already.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Nobody sent photos before."""
    op.execute(
        "CREATE TABLE photo (sha256 text PRIMARY KEY, bytes bigint NOT NULL, mime text NOT NULL,"
        " width integer NOT NULL, height integer NOT NULL, likeness bigint,"
        " taken_at timestamptz, stored_at timestamptz NOT NULL DEFAULT now(),"
        " delete_after timestamptz NOT NULL, held bytea)"
    )
    op.execute("ALTER TABLE photo ALTER COLUMN held SET STORAGE EXTERNAL")
    op.execute("CREATE INDEX ix_photo_delete_after ON photo (delete_after)")
    op.execute("CREATE INDEX photo_held ON photo (sha256) WHERE held IS NOT NULL")
    op.execute(
        "CREATE TABLE observation_photo (id uuid PRIMARY KEY, observation uuid NOT NULL,"
        " thumbnail text, original text, taken_at timestamptz,"
        " received_at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute("CREATE INDEX ix_observation_photo_observation ON observation_photo (observation)")
    op.execute(
        "CREATE TABLE photo_upload (id uuid PRIMARY KEY, made_by text NOT NULL,"
        " photo uuid NOT NULL, observation uuid NOT NULL, length bigint NOT NULL,"
        " received bigint NOT NULL DEFAULT 0, sha256 text, taken_at timestamptz,"
        " made_at timestamptz NOT NULL DEFAULT now(), expires_at timestamptz NOT NULL,"
        " finished_at timestamptz)"
    )
    op.execute("CREATE INDEX ix_photo_upload_expires_at ON photo_upload (expires_at)")
    op.execute("CREATE UNIQUE INDEX photo_upload_of ON photo_upload (photo, made_by)")
    op.execute(
        "CREATE TABLE photo_upload_part ("
        "upload uuid NOT NULL REFERENCES photo_upload ON DELETE CASCADE,"
        " begins_at bigint NOT NULL, content bytea NOT NULL, PRIMARY KEY (upload, begins_at))"
    )
    op.execute("ALTER TABLE photo_upload_part ALTER COLUMN content SET STORAGE EXTERNAL")
