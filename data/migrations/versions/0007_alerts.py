"""Alerts with their revisions, who registered, and the outbox of what is sent to them."""

from alembic import op

revision = "0007"
down_revision = "0006"

_ID = "id bigserial PRIMARY KEY"
_CITY = "city_code text NOT NULL"
_AT = "timestamptz NOT NULL DEFAULT now()"
_MAYBE = "timestamptz"
TABLES = {
    "alert": f"{_ID}, {_CITY}, status text NOT NULL, kind text NOT NULL, made_at {_AT}",
    "alert_revision": f"{_ID}, alert_id bigint NOT NULL REFERENCES alert,"
    f" revision smallint NOT NULL, {_CITY}, step text NOT NULL, hazard text, level smallint,"
    " area_names text[] NOT NULL, whole_city boolean NOT NULL, geom geometry(Geometry, 4326),"
    " segment jsonb NOT NULL, subject text NOT NULL, reason text NOT NULL, action text NOT NULL,"
    f" expires_at {_AT}, state text NOT NULL, made_by bigint NOT NULL,"
    f" writers bigint[] NOT NULL DEFAULT '{{}}', made_at {_AT}, submitted_by bigint,"
    f" submitted_at {_MAYBE}, decided_by bigint, decided_at {_MAYBE},"
    f" decided_why text, deputies_called_at {_MAYBE}, glass_why text, countersigned_by bigint,"
    f" countersigned_at {_MAYBE}, blast jsonb, rendered jsonb, digest text, expanded_to bigint,"
    f" expanded_at {_MAYBE}, sent_at {_MAYBE}, stopped_at {_MAYBE}, stopped_why text,"
    " stopped_by text",
    "alert_order": "alert_id bigint REFERENCES alert, order_id bigint,"
    " PRIMARY KEY (alert_id, order_id)",
    "alert_delegate": f"{_ID}, {_CITY}, staff_id bigint NOT NULL REFERENCES staff,"
    " duty text NOT NULL, rank smallint NOT NULL, named_by text NOT NULL,"
    f" begun_at {_AT}, ended_at {_MAYBE}",
    "alert_template": f"{_ID}, {_CITY}, name text NOT NULL, language text NOT NULL,"
    f" version integer NOT NULL, body jsonb NOT NULL, made_by text NOT NULL, made_at {_AT},"
    f" reviewed_by text, reviewed_at {_MAYBE}",
    "confirmed_reading": "city_code text, name text, kana text NOT NULL,"
    f" confirmed_by text NOT NULL, confirmed_at {_AT}, PRIMARY KEY (city_code, name)",
    "print_job": f"{_ID}, {_CITY}, revision_id bigint NOT NULL REFERENCES alert_revision,"
    f" paper text NOT NULL, why text NOT NULL, pdf bytea, asked_at {_AT}, made_at {_MAYBE},"
    f" printed_at {_MAYBE}, printed_by text",
    "recipient": f"{_ID}, {_CITY}, status text NOT NULL, household integer, area_name text,"
    " geom geometry(Point, 4326), categories text[] NOT NULL, language text NOT NULL,"
    f" needs text[] NOT NULL, token_hash text NOT NULL UNIQUE, made_at {_AT},"
    f" confirmed_at {_MAYBE}, left_at {_MAYBE}, merged_into bigint",
    "recipient_address": "recipient_id bigint REFERENCES recipient, channel text,"
    " stage smallint NOT NULL, sealed bytea NOT NULL, key_number smallint NOT NULL,"
    f" lookup bytea NOT NULL, verified_at {_MAYBE}, blocked_at {_MAYBE}, blocked_why text,"
    " PRIMARY KEY (recipient_id, channel)",
    "address_check": "token_hash text PRIMARY KEY,"
    " recipient_id bigint NOT NULL REFERENCES recipient, channel text NOT NULL,"
    " salt bytea NOT NULL, sealed bytea NOT NULL, key_number smallint NOT NULL,"
    f" lookup bytea NOT NULL, asked_at {_AT}, expires_at {_AT}, tries smallint NOT NULL,"
    f" used_at {_MAYBE}, lease_until {_MAYBE}, sends smallint NOT NULL, sent_at {_MAYBE}",
    "webhook_event": f"source text, event_id text, at {_AT}, PRIMARY KEY (source, event_id)",
    "alert_message": f"{_ID}, revision_id bigint NOT NULL REFERENCES alert_revision,"
    " channel text NOT NULL, language text NOT NULL, body jsonb NOT NULL",
    "alert_chunk": f"{_ID}, revision_id bigint NOT NULL REFERENCES alert_revision,"
    " message_id bigint NOT NULL REFERENCES alert_message, channel text NOT NULL,"
    " stage smallint NOT NULL, lane smallint NOT NULL, key uuid NOT NULL,"
    f" members bigint[] NOT NULL, ready_at {_AT}, tries smallint NOT NULL DEFAULT 0,"
    f" first_tried_at {_MAYBE}, lease_until {_MAYBE}, leased_by text, done_at {_MAYBE}, why text",
    "delivery": "revision_id bigint, recipient_id bigint, channel smallint,"
    " chunk_id bigint NOT NULL, state smallint NOT NULL, perhaps boolean NOT NULL,"
    f" tries smallint NOT NULL, why text, changed_at {_MAYBE},"
    " PRIMARY KEY (revision_id, recipient_id, channel)",
    "carrier_reference": "credential text, reference text, revision_id bigint NOT NULL,"
    " recipient_id bigint NOT NULL, channel smallint NOT NULL,"
    " PRIMARY KEY (credential, reference)",
    "carrier_state": f"credential text PRIMARY KEY, channel text NOT NULL, free_at {_AT},"
    f" failures integer NOT NULL DEFAULT 0, shut_until {_MAYBE}, failed_at {_MAYBE},"
    f" failed_why text, accepted_at {_MAYBE}, tested_at {_MAYBE}, test_passed_at {_MAYBE},"
    " test_why text, test_ms double precision",
    "confirmation": f"{_ID}, alert_id bigint NOT NULL REFERENCES alert,"
    " revision_id bigint NOT NULL REFERENCES alert_revision, recipient_id bigint,"
    f" household integer, how text NOT NULL, said_by text, at {_AT}",
}
INDEXES = (
    *(
        f"CREATE INDEX ix_{name}_city_code ON {name} (city_code)"
        for name in ("alert", "alert_revision", "alert_delegate", "alert_template", "print_job")
    ),
    "CREATE UNIQUE INDEX alert_revision_number ON alert_revision (alert_id, revision)",
    "CREATE UNIQUE INDEX alert_template_version"
    " ON alert_template (city_code, name, language, version)",
    "CREATE UNIQUE INDEX print_job_paper ON print_job (revision_id, paper)",
    "CREATE INDEX print_job_waiting ON print_job (id) WHERE pdf IS NULL",
    "CREATE INDEX recipient_listening ON recipient (city_code, status, id)"
    " WHERE confirmed_at IS NOT NULL AND left_at IS NULL",
    "CREATE INDEX recipient_unconfirmed ON recipient (made_at) WHERE confirmed_at IS NULL",
    "CREATE UNIQUE INDEX recipient_address_lookup ON recipient_address (channel, lookup)",
    "CREATE INDEX ix_address_check_recipient_id ON address_check (recipient_id)",
    "CREATE INDEX address_check_lookup ON address_check (lookup, asked_at)",
    "CREATE INDEX address_check_unsent ON address_check (asked_at)"
    " WHERE sent_at IS NULL AND used_at IS NULL",
    "CREATE UNIQUE INDEX alert_message_one ON alert_message (revision_id, channel, language)",
    "CREATE INDEX alert_chunk_next ON alert_chunk (channel, lane, ready_at, id)"
    " WHERE done_at IS NULL",
    "CREATE INDEX alert_chunk_revision ON alert_chunk (revision_id) WHERE done_at IS NULL",
    "CREATE INDEX ix_delivery_chunk_id ON delivery (chunk_id)",
    "CREATE INDEX confirmation_recipient ON confirmation (alert_id, recipient_id)",
    "CREATE INDEX confirmation_household ON confirmation (alert_id, household)",
    # Rows change their state in place: room is left for it on each page.
    "ALTER TABLE delivery SET (fillfactor = 60)",
)


def upgrade() -> None:
    """Add tables; orders that stand already belong to no alert."""
    for name, columns in TABLES.items():
        op.execute(f"CREATE TABLE {name} ({columns})")
    for statement in INDEXES:
        op.execute(statement)
