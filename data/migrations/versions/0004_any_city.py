"""What a city's files say besides: who may use a street, how many people a place holds, welfare
shelters, kinds of zones, districts, gauges, readings, households.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

_CAPACITY = "storm_indoor integer, quake_outdoor integer, quake_indoor integer, unspecified integer"
_OF_LOAD = (
    "load_id bigint REFERENCES city_load ON DELETE CASCADE, number integer,"
    " PRIMARY KEY (load_id, number)"
)


def upgrade() -> None:
    """Add columns and tables; a city that is loaded keeps what it has."""
    op.execute(
        "ALTER TABLE city_load ADD street_names_en text[] NOT NULL DEFAULT '{}',"
        " ADD surfaces text[] NOT NULL DEFAULT '{}', ADD damaged text[] NOT NULL DEFAULT '{}'"
    )
    op.execute(
        "ALTER TABLE street ADD access smallint NOT NULL DEFAULT 3,"
        " ADD residential boolean NOT NULL DEFAULT false,"
        " ADD surface integer NOT NULL DEFAULT -1, ADD width_m double precision"
    )
    op.execute("ALTER TABLE area ADD kind text NOT NULL DEFAULT 'chome'")
    op.execute(
        "ALTER TABLE hazard_zone ADD kind text NOT NULL DEFAULT 'assumed', ADD after_min integer"
    )
    added = ", ".join(f"ADD {column}" for column in _CAPACITY.split(", "))
    op.execute(f"ALTER TABLE evacuation_site {added}")
    op.execute(f"ALTER TABLE shelter {added}, ADD site_id text")
    op.execute(
        f"CREATE TABLE welfare_shelter ({_OF_LOAD}, id text NOT NULL, name text NOT NULL,"
        f" address text NOT NULL, note text NOT NULL, {_CAPACITY}, shelter_id text, site_id text,"
        " geom geometry(Point, 4326) NOT NULL)"
    )
    op.execute(
        f"CREATE TABLE gauge ({_OF_LOAD}, name text NOT NULL, river text NOT NULL,"
        " standby_m double precision, caution_m double precision,"
        " evacuation_m double precision, danger_m double precision,"
        " overflow_m double precision,"
        " geom geometry(Point, 4326) NOT NULL)"
    )
    op.execute(
        f"CREATE TABLE reading ({_OF_LOAD}, name text NOT NULL, kana text NOT NULL,"
        " confirmed boolean NOT NULL)"
    )
    op.execute(
        f"CREATE TABLE household ({_OF_LOAD}, area integer NOT NULL, persons smallint NOT NULL,"
        " geom geometry(Point, 4326) NOT NULL)"
    )
