"""The connection to PostgreSQL with PostGIS."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import DiskFull, UndefinedColumn, UndefinedTable
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy import text as sql
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.errors import NoDatabase

CHANNEL = "nigemichi"
"""NOTIFY channel: its payload is the id of a change."""
DRIVER: Final = "postgresql+psycopg"
NO_ADDRESS: Final = f"DATABASE_URL is no address of PostgreSQL, such as {DRIVER}://USER@HOST/NAME"
CHANGE_LOCK = 7_310_003
"""Advisory lock of whoever numbers a change, until it commits."""
GRACE_S: Final = 5.0
"""So much longer than PostgreSQL's own limit a hanging server is waited for."""
WAKES_S: Final = 0.1
"""How often the driver looks whether it was interrupted."""


def connect(url: str, *, patience_s: float | None = None) -> Engine:
    """An engine for the database; raises `NoDatabase` for an address that is not PostgreSQL's, and
    at first use where none answers.

    With `patience_s` nothing is waited for longer: PostgreSQL ends a statement, also one that waits
    for a lock; a silent network ends the connection; whoever gets no connection gives up; and a
    server that hangs is given up after `GRACE_S` more. All of that raises `NoDatabase`.
    """
    made = _address(url)
    arguments: dict[str, Any] = {"connect_timeout": 5}
    if patience_s is None:
        return create_engine(made, pool_pre_ping=True, connect_args=arguments)
    arguments |= _limits(made, patience_s)
    engine = create_engine(
        made, pool_pre_ping=True, pool_timeout=patience_s, connect_args=arguments
    )

    @event.listens_for(engine, "do_connect")
    def impatient(_dialect: Any, _record: Any, words: Any, named: Any) -> "_Impatient":
        made = _Impatient.connect(*words, **named)
        made.patience_s = patience_s + GRACE_S
        return made

    return engine


def _address(url: str) -> URL:
    """Of PostgreSQL by our driver; what is none is not repeated, it may hold a password."""
    try:
        made = make_url(url)
    except (ArgumentError, ValueError):
        raise NoDatabase(NO_ADDRESS) from None
    if made.drivername not in ("postgresql", DRIVER):
        raise NoDatabase(NO_ADDRESS)
    return made.set(drivername=DRIVER)


def shut(engine: Engine) -> None:
    """Close its connections for good: it keeps none from now on, and one that a thread still holds
    is closed when it is given back.
    """

    @event.listens_for(engine.pool, "checkin")
    def late(_connection: Any, record: Any) -> None:
        record.invalidate()

    engine.dispose()


def _limits(url: URL, patience_s: float) -> dict[str, Any]:
    """What libpq is told: its keepalives notice a server that is gone while it is waited for.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    """
    patience_ms, asked = round(patience_s * 1000), url.query.get("options", "")
    given = asked if isinstance(asked, str) else " ".join(asked)
    probe_s = max(1, round(patience_s / 3))
    return {
        "options": f"{given} -c statement_timeout={patience_ms}".strip(),
        "tcp_user_timeout": patience_ms,
        "keepalives_idle": probe_s,
        "keepalives_interval": probe_s,
        "keepalives_count": 2,
    }


class _Impatient(psycopg.Connection[Any]):
    """A connection that is given up where a server that hangs keeps no limit of its own."""

    patience_s: float | None = None

    def wait(self, gen: PQGen[Any], interval: float = WAKES_S, timeout: float | None = None) -> Any:
        """What the driver does wherever it waits; `timeout` is that of who listens."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.patience_s)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            words = f"no answer within {self.patience_s:g} s"
            raise psycopg.OperationalError(words) from error


@contextmanager
def transaction(engine: Engine, *, latest: bool = False) -> Iterator[Connection]:
    """All or nothing, on one unchanging view of the data, which the first query takes.

    With `latest`, each query sees what others committed before it.
    Raises `NoDatabase` where PostgreSQL does not answer, or goes away meanwhile.
    """
    try:
        connection = engine.connect()
    except PoolTimeout as error:
        raise NoDatabase("PostgreSQL does not answer: all connections are waiting") from error
    except DBAPIError as error:
        raise NoDatabase(f"PostgreSQL does not answer: {_reason(error)}") from error
    result = "nothing was changed"
    try:
        view = "READ COMMITTED" if latest else "REPEATABLE READ"
        with connection, connection.execution_options(isolation_level=view).begin():
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
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
