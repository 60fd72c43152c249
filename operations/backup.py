"""Backups of the database by PostgreSQL's own tools, and putting one back.

A restored database is another one: it begins a new epoch of the live stream, so that whoever
follows takes a new snapshot, and gives no number again that was given after the backup, for pages
remember them. It knows nothing of who was shut out since: everybody signs in again, every tablet is
registered again, and no link that was handed out lets anybody in.
"""

import os
import re
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from sqlalchemy import Engine, inspect
from sqlalchemy import text as sql

from city.staff import CONSOLE
from data.database import connect, migrate, transaction
from data.people import audit
from operations import pgtools
from operations.errors import Refused

EMPTY: Final = "give an empty one in DATABASE_URL"
TAKE_ALL: Final = """
BEGIN;
DO $$ BEGIN
  EXECUTE coalesce((SELECT 'LOCK TABLE ' || string_agg(format('%I', tablename), ', ')
    FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user), 'SELECT 1');
END $$;
"""
"""All tables at once, while whoever is at work is not waited for for ever: a backup's own script
begins with `SET lock_timeout = 0`.
"""
BEGIN_ANEW: Final = """
RESET search_path;
DO $$ BEGIN
  IF to_regclass('live_epoch') IS NOT NULL THEN
    UPDATE staff_session SET ended_at = now() WHERE ended_at IS NULL;
    UPDATE device SET revoked_at = now() WHERE revoked_at IS NULL;
    UPDATE one_time_link SET used_at = now() WHERE used_at IS NULL;
    IF to_regclass('household_session') IS NOT NULL THEN
      UPDATE household_session SET ended_at = now() WHERE ended_at IS NULL;
    END IF;
    INSERT INTO live_epoch SELECT gen_random_uuid(),
      greatest(clock_timestamp(), max(begun_at) + interval '1 microsecond') FROM live_epoch;
  END IF;
END $$;
SELECT setval(format('%I.%I', schemaname, sequencename), coalesce(last_value, 0) + ahead)
FROM pg_sequences, (
  SELECT 1000 + ceil(100 * greatest(0, extract(epoch FROM clock_timestamp() - last)))::bigint
    AS ahead
  FROM (SELECT coalesce(max(at), to_timestamp(0)) AS last FROM change) AS changes
) AS since WHERE schemaname = current_schema();
COMMIT;
"""
"""What belongs to a restore. A backup of tables before 0005 has nobody in it. Numbers go on as if a
hundred had been given in each second since the backup's last change: nobody is faster.
"""


def backup(url: str, target: Path) -> int:
    """Write all of the database into a file of mode 600, whole or not at all; returns its bytes.

    Raises `Refused` with PostgreSQL's own words where it cannot be written or read back.
    """
    if target.exists():
        raise Refused(f"{target} exists already: choose another name, nothing was written")
    draft = target.with_name(f".{target.name}.partial")
    options = ["--format=custom", "--no-owner", f"--file={draft}"]
    try:
        draft.touch(mode=0o600)
        pgtools.run(url, "pg_dump", *options, pgtools.at(url))
        pgtools.run(url, "pg_restore", "--list", str(draft))
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

    Raises `Refused` where the database holds tables already and `replace` does not say so, or they
    are of another version than the backup's.
    """
    if not source.is_file():
        raise Refused(f"there is no file {source}")
    engine = connect(url)
    try:
        _check(_version_held(engine), _version_in(url, source), replace)
        _put_back(url, source, replace)
        engine.dispose()
        migrate(engine)
        with transaction(engine, latest=True) as connection:
            audit.record(connection, CONSOLE, "backup.restored")
    finally:
        engine.dispose()


def _check(held: str | None, kept: str, replace: bool) -> None:
    """Refuse what would lose data that nobody meant, or leave tables of two versions."""
    if held is None:
        return
    if not replace:
        raise Refused(
            f"the database holds data already, nothing was changed: {EMPTY}, "
            "or say --replace and lose what is in it"
        )
    if held != kept:
        raise Refused(
            f"the backup's tables are version {kept}, the database's {held}, "
            f"nothing was changed: {EMPTY}"
        )


def _put_back(url: str, source: Path, replace: bool) -> None:
    """In one transaction, of which the end is written only after all of the backup was read."""
    options = ["--no-owner", "--file=-", *(["--clean", "--if-exists"] if replace else [])]
    with TemporaryFile("w+") as script:
        script.write(TAKE_ALL)
        script.flush()
        pgtools.run(url, "pg_restore", *options, str(source), into=script)
        script.seek(0, os.SEEK_END)
        script.write(BEGIN_ANEW)
        script.seek(0)
        words = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        pgtools.run(url, "psql", *words, pgtools.at(url), given=script)


def _version_held(engine: Engine) -> str | None:
    """The version of the database's tables; None where it holds none."""
    with transaction(engine) as connection:
        connection.execute(sql("SELECT 1"))
        if "city_load" not in inspect(connection).get_table_names():
            return None
        return str(connection.execute(sql("SELECT version_num FROM alembic_version")).scalar_one())


def _version_in(url: str, source: Path) -> str:
    """The version of a backup's tables."""
    options = ["--data-only", "--table=alembic_version", "--file=-"]
    rows = pgtools.run(url, "pg_restore", *options, str(source))
    found = re.search(r"^COPY \S*alembic_version .*\n(\w+)$", rows, re.MULTILINE)
    if found is None:
        raise Refused(f"{source} is no backup of this application")
    return found[1]
