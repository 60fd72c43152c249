"""Plans with their arrays, and households: slips, what they said, groups, who set out."""

from alembic import op

revision = "0006"
down_revision = "0005"

_AT = "timestamptz NOT NULL DEFAULT now()"
_POINT = "geom geometry(Point, 4326) NOT NULL"
TABLES = {
    "household_link": "token_hash text PRIMARY KEY, city_code text NOT NULL, household integer,"
    f" label text NOT NULL, {_POINT}, printed_at {_AT}, expires_at {_AT},"
    " opened_at timestamptz, revoked_at timestamptz",
    "household_session": "token_hash text PRIMARY KEY,"
    " link_hash text NOT NULL REFERENCES household_link,"
    f" created_at {_AT}, ended_at timestamptz",
    "household_said": "id bigserial PRIMARY KEY, city_code text NOT NULL, household integer,"
    f" {_POINT}, intent text NOT NULL, said_by text NOT NULL, begun_at {_AT},"
    " ended_at timestamptz",
    "household_group": "id bigserial PRIMARY KEY, city_code text NOT NULL, name text NOT NULL,"
    " households integer[] NOT NULL, geom geometry(MultiPoint, 4326) NOT NULL,"
    f" begun_at {_AT}, ended_at timestamptz",
    "hold": "id uuid PRIMARY KEY, city_code text NOT NULL, site_id text NOT NULL,"
    " household integer, persons smallint NOT NULL, firm boolean NOT NULL,"
    f" said_by text NOT NULL, begun_at {_AT}, expires_at {_AT}, ended_at timestamptz",
    "turnout": "id bigserial PRIMARY KEY, city_code text NOT NULL,"
    " level_3 double precision NOT NULL, level_4 double precision NOT NULL,"
    " zoned_level_3 double precision NOT NULL, zoned_level_4 double precision NOT NULL,"
    f" reason text NOT NULL, said_by text NOT NULL, begun_at {_AT}, ended_at timestamptz",
    "han_tally": "id bigserial PRIMARY KEY, city_code text NOT NULL, area_code text NOT NULL,"
    ' han integer NOT NULL, called integer NOT NULL, "left" integer NOT NULL,'
    f" staying integer NOT NULL, lift integer NOT NULL, said_by text NOT NULL, at {_AT}",
    "held_item": "id bigserial PRIMARY KEY, city_code text NOT NULL, kind text NOT NULL,"
    f" item bigint NOT NULL, why text NOT NULL, held_at {_AT}, decision text,"
    " decided_by text, decided_at timestamptz",
    "plan_blob": "number bigint PRIMARY KEY, body bytea NOT NULL",
}
INDEXES = (
    *(
        f"CREATE INDEX ix_{name}_city_code ON {name} (city_code)"
        for name in TABLES
        if name not in {"household_session", "plan_blob"}
    ),
    "CREATE INDEX household_session_link ON household_session (link_hash)",
    "CREATE UNIQUE INDEX household_said_now ON household_said (city_code, household)"
    " WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX held_item_item ON held_item (kind, item)",
)


def upgrade() -> None:
    """Add tables; a version published before has no arrays, and none are made up for it."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for index in INDEXES:
        op.execute(index)
    op.execute(
        "ALTER TABLE plan_version ADD load_token text, ADD change_token text,"
        " ADD cause text, ADD facts jsonb, ADD published_at timestamptz"
    )
