"""A database that hangs keeps nobody of the API waiting for ever."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text

from data.database import GRACE_S, connect, transaction
from data.errors import NoDatabase
from tests.integration.cluster import own_cluster
from tests.integration.databases import Database, plain

PATIENCE_S = 0.4
ONE = text("SELECT 1")


@pytest.fixture
def impatient(database: Database) -> Iterator[Engine]:
    """Waits for nothing longer than a moment."""
    made = connect(database.url, patience_s=PATIENCE_S)
    yield made
    made.dispose()


def test_a_statement_that_takes_too_long_is_ended_by_postgresql(impatient: Engine) -> None:
    words = "^PostgreSQL could not do it, nothing was changed: .*statement timeout"
    with pytest.raises(NoDatabase, match=words), transaction(impatient) as connection:
        connection.execute(text("SELECT pg_sleep(60)"))
    with transaction(impatient) as connection:
        assert connection.execute(ONE).scalar_one() == 1


def test_nobody_waits_for_a_lock_for_ever(impatient: Engine, database: Database) -> None:
    with psycopg.connect(plain(database.url)) as other:
        other.execute("LOCK TABLE change")
        with (
            pytest.raises(NoDatabase, match="statement timeout"),
            transaction(impatient) as connection,
        ):
            connection.execute(text("SELECT count(*) FROM change"))


def test_who_gets_no_connection_is_told_so(impatient: Engine) -> None:
    with ExitStack() as held:
        for _ in range(15):
            held.enter_context(impatient.connect())
        with (
            pytest.raises(NoDatabase, match="all connections are waiting"),
            transaction(impatient),
        ):
            pass


def test_what_the_url_asks_for_stays(database: Database) -> None:
    joined = "&" if "?" in database.url else "?"
    made = connect(f"{database.url}{joined}options=-c%20work_mem%3D5MB", patience_s=12)
    with transaction(made) as connection:
        limits = [
            connection.execute(text(f"SHOW {one}")).scalar_one()
            for one in ("work_mem", "statement_timeout")
        ]
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        told = driver.info.get_parameters()
    made.dispose()
    assert limits == ["5MB", "12s"]
    assert (told["tcp_user_timeout"], told["keepalives_idle"]) == ("12000", "4")


def test_a_load_may_take_its_time(engine: Engine) -> None:
    with transaction(engine) as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "0"


def test_a_server_that_hangs_is_given_up() -> None:
    """Its system still answers for it, so that the network seems well."""
    words = f"went away, nothing was changed: no answer within {PATIENCE_S + GRACE_S:g} s"
    with own_cluster() as cluster:
        made = connect(cluster.url, patience_s=PATIENCE_S)
        with pytest.raises(NoDatabase, match=words), transaction(made) as connection:
            _ask_a_stopped_one(connection)
        with transaction(made) as connection:
            assert connection.execute(ONE).scalar_one() == 1
        made.dispose()


def _ask_a_stopped_one(connection: Connection) -> None:
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    os.kill(pid, signal.SIGSTOP)
    try:
        connection.execute(ONE)
    finally:
        os.kill(pid, signal.SIGCONT)
