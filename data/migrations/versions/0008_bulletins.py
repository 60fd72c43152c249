"""Bulletins of the JMA, and what the city's 発令判断表 suggests of them."""

from alembic import op

revision = "0008"
down_revision = "0007"

_ID = "id bigserial PRIMARY KEY"
_CITY = "city_code text NOT NULL"
_AT = "timestamptz NOT NULL DEFAULT now()"
TABLES = {
    "bulletin": f"{_ID}, {_CITY}, kind text NOT NULL, title text NOT NULL, heading text NOT NULL,"
    " status text NOT NULL, issue text NOT NULL, event_id text NOT NULL, serial text NOT NULL,"
    " series text NOT NULL, office text NOT NULL, headline text NOT NULL,"
    f" sent_at {_AT}, reported_at {_AT}, target_at timestamptz, valid_until timestamptz,"
    " items jsonb NOT NULL, digest text NOT NULL, remarks text[] NOT NULL DEFAULT '{}',"
    f" received_at {_AT}, superseded boolean NOT NULL DEFAULT false",
    "suggestion": f"{_ID}, {_CITY}, bulletin_id bigint REFERENCES bulletin, gauge text,"
    " criterion text NOT NULL, hazard text NOT NULL, level smallint NOT NULL,"
    " area_names text[] NOT NULL, areas_chosen boolean NOT NULL, said text NOT NULL,"
    f" why text NOT NULL, made_at {_AT}, state text NOT NULL DEFAULT 'waiting',"
    " decided_why text, decided_by text, decided_at timestamptz",
}
INDEXES = (
    "CREATE UNIQUE INDEX bulletin_one ON bulletin (city_code, kind, status, issue, series,"
    " event_id, serial, reported_at, sent_at, digest)",
    "CREATE INDEX bulletin_newest ON bulletin (city_code, series) WHERE NOT superseded",
    "CREATE INDEX suggestion_criterion ON suggestion (city_code, criterion)",
    "CREATE UNIQUE INDEX suggestion_waiting ON suggestion (city_code, criterion)"
    " WHERE state = 'waiting'",
)


def upgrade() -> None:
    """Add tables; nothing was ever taken in before."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for index in INDEXES:
        op.execute(index)
