"""The first tables: a city's rows, what is in force, and the versions of the plan."""

from alembic import op

revision = "0001"
down_revision = None

_LOADED = {
    "junction": "osm_id bigint NOT NULL, elevation_m double precision, geom geometry(POINT, 4326)",
    "street": (
        "start_junction integer NOT NULL, end_junction integer NOT NULL, flags smallint NOT NULL,"
        " layer smallint NOT NULL, name integer NOT NULL, geom geometry(LINESTRING, 4326)"
    ),
    "evacuation_site": (
        "id text NOT NULL, name text NOT NULL, address text NOT NULL,"
        " designated_for text[] NOT NULL, note text NOT NULL, geom geometry(POINT, 4326)"
    ),
    "shelter": (
        "id text NOT NULL, name text NOT NULL, address text NOT NULL,"
        " also_evacuation_site boolean NOT NULL, note text NOT NULL, geom geometry(POINT, 4326)"
    ),
    "hazard_zone": "layer text NOT NULL, rank smallint NOT NULL, geom geometry(GEOMETRY, 4326)",
    "area": "code text NOT NULL, name text NOT NULL, geom geometry(GEOMETRY, 4326)",
    "waterway": "name text NOT NULL, geom geometry(GEOMETRY, 4326)",
}

_EVENTS = {
    "evacuation_order": (
        "hazard text NOT NULL, level smallint NOT NULL CHECK (level BETWEEN 3 AND 5),"
        " area_names text[] NOT NULL, geom geometry(GEOMETRY, 4326)"
    ),
    "observed_water": "source text NOT NULL, geom geometry(GEOMETRY, 4326) NOT NULL",
    "closure": "reason text NOT NULL, geom geometry(LINESTRING, 4326) NOT NULL",
    "site_opening": "site_id text NOT NULL, opening text NOT NULL",
}


def upgrade() -> None:
    """Create everything."""
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute(
        "CREATE TABLE city_load (id bigserial PRIMARY KEY, code text NOT NULL, card jsonb NOT NULL,"
        " settings jsonb NOT NULL, assume text NOT NULL, street_names text[] NOT NULL,"
        " report jsonb NOT NULL, digest text NOT NULL, current boolean NOT NULL,"
        " token uuid NOT NULL DEFAULT gen_random_uuid(),"
        " loaded_at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute("CREATE UNIQUE INDEX city_load_current ON city_load (current) WHERE current")
    for table, columns in _LOADED.items():
        op.execute(
            f"CREATE TABLE {table}"
            " (load_id bigint NOT NULL REFERENCES city_load ON DELETE CASCADE,"
            f" number integer NOT NULL, {columns} NOT NULL, PRIMARY KEY (load_id, number))"
        )
    op.execute(
        "CREATE TABLE change (id bigserial PRIMARY KEY, what text NOT NULL,"
        " token uuid NOT NULL DEFAULT gen_random_uuid(),"
        " at timestamptz NOT NULL DEFAULT now())"
    )
    for table, columns in _EVENTS.items():
        op.execute(
            f"CREATE TABLE {table} (id bigserial PRIMARY KEY, city_code text NOT NULL, {columns},"
            " begun_at timestamptz NOT NULL DEFAULT now(), ended_at timestamptz)"
        )
        op.execute(f"CREATE INDEX ix_{table}_city_code ON {table} (city_code)")
    op.execute(
        "CREATE TABLE plan_version (number bigserial PRIMARY KEY, change_id bigint NOT NULL,"
        " load_id bigint NOT NULL, numbered_at timestamptz NOT NULL DEFAULT now())"
    )
