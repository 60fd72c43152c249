"""The migrations make the tables that the code believes in."""

from data import tables
from data.database import migrate
from tests.integration.databases import Connects, Database, Server


def test_migrated_tables_have_the_columns_that_the_code_names(database: Database) -> None:
    rows = database.rows(
        "SELECT table_name::text, column_name::text FROM information_schema.columns"
        " JOIN pg_tables ON tablename = table_name AND schemaname = table_schema"
        " WHERE table_schema = 'public'"
        " AND table_name NOT IN ('alembic_version', 'spatial_ref_sys')"
    )
    named = {(t.name, c.name) for t in tables.metadata.tables.values() for c in t.columns}
    assert set(rows) == named


def test_an_opening_said_before_openings_had_names_gets_that_of_its_site(
    server: Server, connects: Connects
) -> None:
    older = server.create()
    engine = connects(older.url)
    migrate(engine, "0001")
    older.rows(
        "WITH load AS (INSERT INTO city_load (code, card, settings, assume, street_names, report,"
        " digest, current) VALUES ('1', '{}', '{}', '', '{}', '{}', '', true) RETURNING id),"
        " site AS (INSERT INTO evacuation_site SELECT id, 0, 'E1', '北小学校', '', '{}', '',"
        " ST_SetSRID(ST_Point(135.4, 29.6), 4326) FROM load RETURNING 1)"
        " INSERT INTO site_opening (city_code, site_id, opening)"
        " VALUES ('1', 'E1', 'closed'), ('1', 'E2', 'closed'), ('2', 'E1', 'closed') RETURNING 1"
    )
    migrate(engine)
    engine.dispose()
    found = older.rows("SELECT site_name, ST_AsText(geom) FROM site_opening ORDER BY id")
    assert found == [("北小学校", "POINT(135.4 29.6)"), (None, None), (None, None)]
    server.drop(older)
