"""PostgreSQL's own tools: `pg_dump`, `pg_restore`, `psql`."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import make_url

from operations.errors import Refused

PATIENCE: Final = "-c lock_timeout=30s"
"""Whoever is at work meanwhile is waited for, and not for ever."""


def at(url: str) -> str:
    """How a tool is told the database: the password is never in a list of processes."""
    parts = make_url(url).set(drivername="postgresql")
    if parts.password:
        parts = parts._replace(password=None)
    return f"--dbname={parts.render_as_string(hide_password=False)}"


def run(
    url: str,
    tool: str,
    *words: str,
    given: IO[Any] | None = None,
    into: IO[Any] | int = subprocess.PIPE,
) -> str:
    """Run a tool, and return what it writes, if not `into` a file.

    Raises `Refused` with its own words where it fails.
    """
    environment = os.environ | {"PGOPTIONS": PATIENCE}
    password = make_url(url).password
    if password:
        environment["PGPASSWORD"] = str(password)
    done = subprocess.run(  # noqa: S603  a tool of PostgreSQL's
        [_found(tool), *words],
        env=environment,
        stdin=given,
        stdout=into,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        reason = next(iter(done.stderr.strip().splitlines()), "no reason given")
        raise Refused(f"{tool}: {reason}")
    return done.stdout or ""


def _found(tool: str) -> str:
    """A tool of PostgreSQL: of the newest server installed, or on the path."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), reverse=True)
    found = str(installed[0]) if installed else shutil.which(tool)
    if not found:
        raise Refused(f"{tool} is not installed: install postgresql-client")
    return found
