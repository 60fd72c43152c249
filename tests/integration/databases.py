"""Databases on a test server: each test gets its own, copied from a template in some 50 ms."""

import os
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url


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

    def create(self, template: str = "template0") -> Database:
        """A database of a new name, copied from a template to which nobody is connected."""
        name = f"nigemichi_test_{os.getpid()}_{next(self._numbers)}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
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

    def _run(self, statement: sql.Composed) -> None:
        url = self.url.render_as_string(hide_password=False)
        with psycopg.connect(plain(url), autocommit=True) as connection:
            connection.execute(statement)


def plain(url: str) -> str:
    """The URL as psycopg itself understands it."""
    return url.replace("postgresql+psycopg:", "postgresql:", 1)
