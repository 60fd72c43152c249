"""Drones' flights and their photos: where each looks, and why one waits for a person."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Nobody read drones' photos before."""
    op.execute(
        "CREATE TABLE flight (id bigserial PRIMARY KEY, key uuid NOT NULL UNIQUE,"
        " city_code text NOT NULL, drone text NOT NULL, operator text NOT NULL,"
        " mission_id bigint REFERENCES mission, permit text NOT NULL, asked_by text NOT NULL,"
        " said_by text NOT NULL, said_at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute(
        "CREATE TABLE drone_photo (sha256 text PRIMARY KEY, city_code text NOT NULL,"
        " flight_id bigint REFERENCES flight, name text NOT NULL, source text NOT NULL,"
        " observation uuid NOT NULL, kind text, note text NOT NULL, geom geometry(POINT, 4326),"
        " footprint geometry(POLYGON, 4326), error_m float, widened_m float NOT NULL,"
        " flat boolean NOT NULL, why_not text NOT NULL, picture boolean NOT NULL,"
        " taken_at timestamptz, received_at timestamptz NOT NULL, nothing_by text,"
        " nothing_at timestamptz)"
    )
    op.execute("CREATE INDEX drone_photo_received ON drone_photo (city_code, received_at)")
