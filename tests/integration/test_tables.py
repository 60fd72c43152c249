"""The migrations make the tables that the code believes in."""

from data import tables
from tests.integration.databases import Database


def test_migrated_tables_have_the_columns_that_the_code_names(database: Database) -> None:
    rows = database.rows(
        "SELECT table_name::text, column_name::text FROM information_schema.columns"
        " JOIN pg_tables ON tablename = table_name AND schemaname = table_schema"
        " WHERE table_schema = 'public'"
        " AND table_name NOT IN ('alembic_version', 'spatial_ref_sys')"
    )
    named = {(t.name, c.name) for t in tables.metadata.tables.values() for c in t.columns}
    assert set(rows) == named


def test_a_version_is_numbered_before_it_is_published() -> None:
    """The moment that the table keeps is that of the number."""
    assert [column.name for column in tables.plan_version.columns] == [
        *("number", "change_id", "load_id", "numbered_at")
    ]
