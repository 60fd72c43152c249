"""Databases on a test server: each test gets its own, copied from a template in some 30 ms."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeAlias

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url
from sqlalchemy import text as query

from data.database import connect

COPIES_FILES: Final = 150_000
"""The first version that may be told to copy a template's files, not to log each of its pages."""
ONE_SYSTEM: Final = (
    "CREATE TEMP TABLE used ON COMMIT DROP AS SELECT * FROM spatial_ref_sys WHERE srid = 4326",
    "TRUNCATE spatial_ref_sys",
    "INSERT INTO spatial_ref_sys SELECT * FROM used",
)


@dataclass(frozen=True, slots=True)
class Database:
    """One database and the URL for the application."""

    name: str
    url: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, read past the application."""
        with psycopg.connect(plain(self.url), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def one(self, query: str) -> Any:
        """The first value of the only row."""
        (row,) = self.rows(query)
        return row[0]


class Server:
    """Creates databases, and drops them all at the end."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self._numbers = count(1)
        self._made: list[Database] = []
        self._asks: psycopg.Connection[Any] | None = None

    def create(self, template: str = "template0") -> Database:
        """A database of a new name, copied from a template to which nobody is connected."""
        name = f"nigemichi_test_{os.getpid()}_{next(self._numbers)}"
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
        self._run(words, unlogged=True)
        url = self.url.set(database=name).render_as_string(hide_password=False)
        self._made.append(Database(name, url))
        return self._made[-1]

    def drop(self, database: Database) -> None:
        """Remove a database whoever is still connected."""
        self._run(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database.name))
        )
        self._made.remove(database)

    def close(self) -> None:
        """Remove what is left."""
        for database in list(self._made):
            self.drop(database)
        if self._asks:
            self._asks.close()

    def _run(self, statement: sql.Composed, *, unlogged: bool = False) -> None:
        if not self._asks or self._asks.closed:
            # One for all: each would cost half of what a copy does.
            url = self.url.render_as_string(hide_password=False)
            self._asks = psycopg.connect(plain(url), autocommit=True)
        if unlogged and self._asks.info.server_version >= COPIES_FILES:
            statement += sql.SQL(" STRATEGY file_copy")
        self._asks.execute(statement)


@contextmanager
def connected(url: str) -> Iterator[Engine]:
    """The application's engine for a database, closed whatever becomes of the test."""
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


Connects: TypeAlias = Callable[[str], Engine]
"""Gives the application's engine for a database."""


def keep_one_system(engine: Engine) -> None:
    """Leave of PostGIS' coordinate systems the one that is stored in: the rest is half of what each
    test's database would be copied with.
    """
    with engine.begin() as connection:
        for statement in ONE_SYSTEM:
            connection.execute(query(statement))


def plain(url: str) -> str:
    """The URL as psycopg itself understands it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)
