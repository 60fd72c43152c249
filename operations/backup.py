"""Backups of the database by PostgreSQL's own tools, and putting one back.

A restored database is another one: it begins a new epoch of the live stream, so that whoever
follows takes a new snapshot. It knows nothing of who was shut out after the backup: everybody signs
in again, every tablet is registered again, and no link that was handed out lets anybody in.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, inspect, make_url, update
from sqlalchemy import text as sql

from city.staff import CONSOLE
from data import tables
from data.database import connect, migrate, transaction
from data.live import outbox as live
from data.people import audit
from operations.errors import Refused

PATIENCE: Final = "-c lock_timeout=30s"
"""Whoever is at work meanwhile is waited for, and not for ever."""


def backup(url: str, target: Path) -> int:
    """Write all of the database into a file of mode 600, whole or not at all; returns its bytes.

    Raises `Refused` with PostgreSQL's own words where it cannot be written or read back.
    """
    if target.exists():
        raise Refused(f"{target} exists already: choose another name, nothing was written")
    draft = target.with_name(f".{target.name}.partial")
    try:
        draft.touch(mode=0o600)
        _run(url, "pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
        _run(url, "pg_restore", "--list", str(draft))
        with draft.open("rb") as stream:
            os.fsync(stream.fileno())
        draft.rename(target)
    except OSError as error:
        raise Refused(f"{target} cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
    return target.stat().st_size


def restore(url: str, source: Path, *, replace: bool = False) -> None:
    """Put a backup into a database, in one transaction: all of it, or the database stays as it is.

    Raises `Refused` where the database holds tables already and `replace` does not say so.
    """
    if not source.is_file():
        raise Refused(f"there is no file {source}")
    engine = connect(url)
    try:
        if not replace and _holds_tables(engine):
            raise Refused(
                "the database holds data already, nothing was changed: give an empty one in "
                "DATABASE_URL, or say --replace and lose what is in it"
            )
        options = ["--no-owner", "--single-transaction", "--exit-on-error"]
        options += ["--clean", "--if-exists"] if replace else []
        _run(url, "pg_restore", *options, f"--dbname={_plain(url)}", str(source))
        engine.dispose()
        migrate(engine)
        _begin_anew(engine)
    finally:
        engine.dispose()


def _begin_anew(engine: Engine) -> None:
    with transaction(engine, latest=True) as connection:
        for let_in in (
            tables.staff_session.c.ended_at,
            tables.device.c.revoked_at,
            tables.one_time_link.c.used_at,
        ):
            query = update(let_in.table).where(let_in.is_(None))
            connection.execute(query.values({let_in: func.now()}))
        live.begin_epoch(connection)
        audit.record(connection, CONSOLE, "backup.restored")


def _holds_tables(engine: Engine) -> bool:
    with transaction(engine) as connection:
        connection.execute(sql("SELECT 1"))
        return "city_load" in inspect(connection).get_table_names()


def _run(url: str, tool: str, *words: str) -> None:
    """Run one of PostgreSQL's tools; the password travels in the environment, never in a list of
    processes.
    """
    parts = make_url(url)
    command = [_found(tool), *words]
    if tool == "pg_dump":
        command.append(f"--dbname={_plain(url)}")
    environment = os.environ | {"PGOPTIONS": PATIENCE}
    if parts.password:
        environment["PGPASSWORD"] = str(parts.password)
    done = subprocess.run(  # noqa: S603  a tool of PostgreSQL's
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = next(iter(done.stderr.strip().splitlines()), "no reason given")
        raise Refused(f"{tool}: {reason}")


def _plain(url: str) -> str:
    """The URL as libpq knows it, without a password."""
    parts = make_url(url).set(drivername="postgresql")
    if parts.password:
        parts = parts._replace(password=None)
    return parts.render_as_string(hide_password=False)


def _found(tool: str) -> str:
    """A tool of PostgreSQL: of the newest server installed, or on the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), reverse=True)
    found = str(installed[0]) if installed else shutil.which(tool)
    if not found:
        raise Refused(f"{tool} is not installed: install postgresql-client")
    return found
