"""Sensors at gauges, and their readings, each once by sensor, moment and value."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add tables; no reading was ever kept before."""
    op.execute(
        "CREATE TABLE sensor (id bigserial PRIMARY KEY, city_code text NOT NULL,"
        " name text NOT NULL, gauge text NOT NULL, river text NOT NULL, unit text NOT NULL,"
        " purpose text NOT NULL, code text, device bigint UNIQUE REFERENCES device,"
        " silent_after_min integer NOT NULL, added_at timestamptz NOT NULL DEFAULT now(),"
        " heard_at timestamptz, stopped_at timestamptz)"
    )
    op.execute("CREATE UNIQUE INDEX sensor_code ON sensor (city_code, code) WHERE code IS NOT NULL")
    op.execute(
        "CREATE TABLE water_reading (sensor bigint NOT NULL REFERENCES sensor,"
        " measured_at timestamptz NOT NULL, level_m double precision NOT NULL,"
        " received_at timestamptz NOT NULL DEFAULT now(), set_aside text NOT NULL,"
        " PRIMARY KEY (sensor, measured_at, level_m))"
    )
    op.execute("CREATE INDEX water_reading_at ON water_reading (measured_at)")
