"""The connection to PostgreSQL with PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg.errors import DiskFull, UndefinedColumn, UndefinedTable
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, OperationalError, PendingRollbackError

from data.errors import NoDatabase

CHANNEL = "nigemichi"
"""NOTIFY channel: its payload is the id of a change."""
CHANGE_LOCK = 7_310_003
"""Advisory lock of whoever numbers a change, until it commits."""


def connect(url: str) -> Engine:
    """An engine for the database; raises `NoDatabase` at first use where none answers."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})


@contextmanager
def transaction(engine: Engine, *, latest: bool = False) -> Iterator[Connection]:
    """All or nothing, on one unchanging view of the data, which the first query takes.

    With `latest`, each query sees what others committed before it.
    Raises `NoDatabase` where PostgreSQL does not answer, or goes away meanwhile.
    """
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise NoDatabase(f"PostgreSQL does not answer: {_reason(error)}") from error
    result = "nothing was changed"
    try:
        with connection, connection.begin():
            view = "READ COMMITTED" if latest else "REPEATABLE READ"
            connection.execute(sql(f"SET TRANSACTION ISOLATION LEVEL {view}"))
            yield connection
            result = "look whether the change is in force, it may be"
    except (DBAPIError, PendingRollbackError, psycopg.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, UndefinedTable | UndefinedColumn):
            raise NoDatabase("the tables are not up to date: nigemichi migrate") from error
        if isinstance(cause, DiskFull):
            what = "the database's disk is full, nothing was changed"
            raise NoDatabase(f"{what}: {_reason(error)}") from error
        if _is_lost(error):
            raise NoDatabase(f"PostgreSQL went away, {result}: {_reason(error)}") from error
        if isinstance(error, OperationalError):
            what = "could not do it, nothing was changed"
            raise NoDatabase(f"PostgreSQL {what}: {_reason(error)}") from error
        raise


def in_order(connection: Connection) -> None:
    """Let nobody else number anything before this transaction ends.

    Numbers taken after it are in the order in which transactions commit. Only where each query
    sees what others committed (`latest`) may the last number be looked up in a table.
    """
    connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": CHANGE_LOCK})


def _is_lost(error: Exception) -> bool:
    """Whether it says that the connection is lost; COPY raises the driver's own errors."""
    lost = psycopg.OperationalError, psycopg.InterfaceError, PendingRollbackError
    return isinstance(error, lost) or getattr(error, "connection_invalidated", False)


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return next(iter(str(cause).splitlines()), "no answer")


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to date, or to an older revision."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
