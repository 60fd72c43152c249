"""A connection that is lost is told in one line, and says whether anything may have changed."""

import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from data.database import connect, shut, transaction
from data.errors import NoDatabase
from tests.integration.databases import Database, plain

Breaks = Callable[[Connection, str], Any]
ONE = text("SELECT 1")


def _end(connection: Connection, url: str) -> None:
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with psycopg.connect(plain(url), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))


def _end_and_ask(connection: Connection, url: str) -> None:
    _end(connection, url)
    connection.execute(ONE)


def _end_and_ask_twice(connection: Connection, url: str) -> None:
    with pytest.raises(SQLAlchemyError):
        _end_and_ask(connection, url)
    connection.execute(ONE)


def _close(connection: Connection, _: str) -> None:
    connection.connection.driver_connection.close()  # type: ignore[union-attr]


def _close_and_ask(connection: Connection, url: str) -> None:
    _close(connection, url)
    connection.execute(ONE)


def _close_and_copy(connection: Connection, url: str) -> None:
    driver: Any = connection.connection.driver_connection
    _close(connection, url)
    with driver.cursor() as cursor, cursor.copy("COPY change FROM STDIN"):
        pass


def _idle_too_long(connection: Connection, _: str) -> None:
    connection.execute(text("SET idle_in_transaction_session_timeout = 50"))
    time.sleep(0.3)


def _idle_too_long_and_ask(connection: Connection, url: str) -> None:
    _idle_too_long(connection, url)
    connection.execute(ONE)


@pytest.mark.parametrize(
    "breaks",
    [_end_and_ask, _end_and_ask_twice, _close_and_ask, _close_and_copy, _idle_too_long_and_ask],
)
def test_lost_within_a_transaction_nothing_was_changed(
    engine: Engine, database: Database, breaks: Breaks
) -> None:
    with (
        pytest.raises(NoDatabase, match=r"^PostgreSQL went away, nothing was changed: .*$"),
        transaction(engine) as connection,
    ):
        breaks(connection, database.url)


@pytest.mark.parametrize("breaks", [_end, _close, _idle_too_long])
def test_lost_at_commit_nobody_knows(engine: Engine, database: Database, breaks: Breaks) -> None:
    words = r"^PostgreSQL went away, look whether the change is in force, it may be: .*$"
    with pytest.raises(NoDatabase, match=words), transaction(engine) as connection:
        breaks(connection, database.url)


def test_two_who_change_the_same_thing_are_not_told_that_postgresql_went_away(
    engine: Engine, database: Database
) -> None:
    change = "UPDATE change SET what = what"

    def both_change(connection: Connection) -> None:
        connection.execute(ONE)
        other.execute(change.encode())
        connection.execute(text(change))

    words = "^PostgreSQL could not do it, nothing was changed: could not serialize"
    with psycopg.connect(plain(database.url), autocommit=True) as other:
        other.execute("INSERT INTO change (what) VALUES ('a')")
        with pytest.raises(NoDatabase, match=words), transaction(engine) as connection:
            both_change(connection)


def test_a_mistake_of_ours_is_not_taken_for_a_lost_connection(engine: Engine) -> None:
    with pytest.raises(SQLAlchemyError, match="division by zero"), transaction(engine) as made:
        made.execute(text("SELECT 1 / 0"))


@pytest.mark.parametrize("when", ["before the end", "after it"])
def test_what_a_thread_still_holds_or_takes_at_the_end_is_closed(
    database: Database, when: str
) -> None:
    engine = connect(database.url, patience_s=5)
    if when == "after it":
        shut(engine)
    with engine.connect() as held:
        driven = held.connection.driver_connection
        assert driven is not None
        held.execute(ONE)
        shut(engine)
        assert held.execute(ONE).scalar() == 1
    assert driven.closed
