"""Who works here and what they did, places during the night, the live stream.

The audit log and the head counts are only ever added to: triggers refuse anything else.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

_SITE = "city_code text NOT NULL, site_id text NOT NULL"
_AT = "timestamptz NOT NULL DEFAULT now()"
TABLES = {
    "staff": "id bigserial PRIMARY KEY, login text NOT NULL UNIQUE, name text NOT NULL,"
    " roles text[] NOT NULL, password_hash text, oidc_issuer text, oidc_subject text,"
    f" created_at {_AT}, disabled_at timestamptz",
    "staff_session": "token_hash text PRIMARY KEY, staff_id bigint NOT NULL REFERENCES staff,"
    f" created_at {_AT}, seen_at {_AT}, ended_at timestamptz",
    "device": "id bigserial PRIMARY KEY, name text NOT NULL, role text NOT NULL, site_id text,"
    f" token_hash text NOT NULL UNIQUE, created_by bigint, created_at {_AT},"
    " seen_at timestamptz, revoked_at timestamptz",
    "one_time_link": "token_hash text PRIMARY KEY, purpose text NOT NULL,"
    f" staff_id bigint REFERENCES staff, created_at {_AT}, expires_at {_AT},"
    " used_at timestamptz",
    "audit_entry": f"number bigint PRIMARY KEY, at {_AT}, actor text NOT NULL,"
    " action text NOT NULL, subject text NOT NULL, details jsonb NOT NULL,"
    " previous text NOT NULL, hash text NOT NULL",
    "order_proposal": "id bigserial PRIMARY KEY, city_code text NOT NULL, hazard text NOT NULL,"
    " level smallint NOT NULL, area_names text[] NOT NULL, lifts bigint, reason text NOT NULL,"
    f" proposed_by bigint NOT NULL, proposed_at {_AT}, decision text, decided_by bigint,"
    " decided_at timestamptz, decided_why text, order_id bigint",
    "site_room": f"{_SITE}, room text, name text NOT NULL, capacity integer,"
    " meant_for text NOT NULL, overflow boolean NOT NULL, in_use boolean NOT NULL,"
    " PRIMARY KEY (city_code, site_id, room)",
    "site_facility": f"{_SITE}, facility text, offered boolean NOT NULL, note text NOT NULL,"
    f" said_at {_AT}, PRIMARY KEY (city_code, site_id, facility)",
    "site_contact": f"{_SITE}, phone text NOT NULL, key_holder text NOT NULL,"
    " key_holder_phone text NOT NULL, PRIMARY KEY (city_code, site_id)",
    "head_count": f"id uuid PRIMARY KEY, {_SITE}, room text, kind text NOT NULL,"
    f" persons integer NOT NULL, via text NOT NULL, counted_at {_AT}, device_at {_AT},"
    f" received_at {_AT}, actor text NOT NULL, confirmed boolean NOT NULL, undoes uuid,"
    " flags text[] NOT NULL, applied boolean NOT NULL",
    "site_figure": f"{_SITE}, figure jsonb NOT NULL, shown jsonb NOT NULL,"
    " shown_at timestamptz, due_at timestamptz, PRIMARY KEY (city_code, site_id)",
    "site_need": f"id uuid PRIMARY KEY, {_SITE}, kind text NOT NULL, words text NOT NULL,"
    f" device_at {_AT}, received_at {_AT}, actor text NOT NULL, state text NOT NULL,"
    " answer text NOT NULL, answered_by text, answered_at timestamptz,"
    " expected_at timestamptz",
    "site_call": f"id bigserial PRIMARY KEY, {_SITE}, called_at {_AT}, called_by text NOT NULL,"
    " outcome text NOT NULL, note text NOT NULL",
    "call_slip": "id bigserial PRIMARY KEY, client_id uuid NOT NULL UNIQUE,"
    " city_code text NOT NULL, landmark text NOT NULL, geom geometry(Point, 4326),"
    " caller text NOT NULL, caller_phone text NOT NULL, need text NOT NULL,"
    f" told jsonb NOT NULL, taken_by text NOT NULL, taken_at {_AT}, state text NOT NULL,"
    " handed_to text, joined_into bigint, closed_at timestamptz, outcome text",
    "live_epoch": f"epoch uuid PRIMARY KEY, begun_at {_AT}",
    "live_state": "topic text, key text, number bigint NOT NULL UNIQUE, state jsonb,"
    f" as_of {_AT}, PRIMARY KEY (topic, key)",
}
INDEXES = (
    "CREATE UNIQUE INDEX staff_oidc ON staff (oidc_issuer, oidc_subject)"
    " WHERE oidc_subject IS NOT NULL",
    "CREATE INDEX ix_order_proposal_city_code ON order_proposal (city_code)",
    "CREATE INDEX head_count_site ON head_count (city_code, site_id, counted_at)",
    "CREATE INDEX head_count_undoes ON head_count (undoes) WHERE undoes IS NOT NULL",
    "CREATE INDEX site_opening_site ON site_opening (city_code, site_id)",
    "CREATE INDEX site_figure_due ON site_figure (due_at)",
    "CREATE INDEX ix_site_need_city_code ON site_need (city_code)",
    "CREATE INDEX ix_site_call_city_code ON site_call (city_code)",
    "CREATE INDEX ix_call_slip_city_code ON call_slip (city_code)",
)


def upgrade() -> None:
    """Add tables; what is in force stays as it is."""
    op.execute(
        "ALTER TABLE site_opening ADD stage text, ADD expected_at timestamptz, ADD note text,"
        " ADD said_by text"
    )
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for index in INDEXES:
        op.execute(index)
    op.execute("INSERT INTO live_epoch (epoch) VALUES (gen_random_uuid())")
    op.execute(
        "CREATE FUNCTION only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME; END $$"
    )
    for name in ("audit_entry", "head_count"):
        op.execute(
            f"CREATE TRIGGER only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {name}"
            " FOR EACH STATEMENT EXECUTE FUNCTION only_added_to()"
        )
