"""Facilities of people who need care, who was told when, and the forms of the night."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Nothing was kept of it before."""
    op.execute(
        "CREATE TABLE facility (load_id bigint REFERENCES city_load ON DELETE CASCADE,"
        " number integer, id text NOT NULL, name text NOT NULL, kind text NOT NULL,"
        " address text NOT NULL, phone text NOT NULL, persons integer,"
        " geom geometry(POINT, 4326) NOT NULL, PRIMARY KEY (load_id, number))"
    )
    op.execute(
        "CREATE TABLE facility_call (id bigserial PRIMARY KEY, key uuid NOT NULL UNIQUE,"
        " city_code text NOT NULL, facility_id text NOT NULL, facility_name text NOT NULL,"
        " level smallint NOT NULL, answer text NOT NULL, told text NOT NULL, note text NOT NULL,"
        " called_by text NOT NULL, called_at timestamptz NOT NULL DEFAULT now(),"
        " corrects bigint UNIQUE REFERENCES facility_call)"
    )
    op.execute("CREATE INDEX facility_call_of ON facility_call (city_code, facility_id)")
    op.execute(
        "CREATE TABLE duty_entry (id bigserial PRIMARY KEY, key uuid NOT NULL UNIQUE,"
        " city_code text NOT NULL, form text NOT NULL, field text NOT NULL, value text,"
        " confirmed boolean NOT NULL, said_by text NOT NULL,"
        " said_at timestamptz NOT NULL DEFAULT now())"
    )
    op.execute("CREATE INDEX duty_entry_of ON duty_entry (city_code, form, field)")
