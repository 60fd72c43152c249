"""The connection to PostgreSQL with PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import text as sql
from sqlalchemy.exc import OperationalError, ProgrammingError

from data.errors import NoDatabase

CHANNEL = "nigemichi"
"""NOTIFY channel: its payload is the id of a change."""


def connect(url: str) -> Engine:
    """An engine for the database; raises `NoDatabase` at first use where none answers."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing, on one unchanging view of the data."""
    try:
        connection = engine.connect()
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0] if error.orig else "no answer"
        raise NoDatabase(f"PostgreSQL does not answer: {reason}") from error
    try:
        with connection, connection.begin():
            connection.execute(sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield connection
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise NoDatabase(f"PostgreSQL went away, nothing was changed: {reason}") from error
    except ProgrammingError as error:
        if isinstance(error.orig, UndefinedTable | UndefinedColumn):
            raise NoDatabase("the tables are not up to date: nigemichi migrate") from error
        raise


def migrate(engine: Engine) -> None:
    """Bring the tables up to date."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
