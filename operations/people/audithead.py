"""The audit log's last hash, noted outside of the database: only against it is a cut log seen."""

import os
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from data.database import connect, transaction
from data.people import audit

HEAD: Final = "audit-head"
"""The file in the state folder that keeps the last hash, outside of the database."""


def note_head(engine: Engine, state: Path) -> bool:
    """Note the last hash outside of the database; False where the one noted before is gone from
    the log: it then stays, for `nigemichi audit verify` to find.
    """
    before = noted_head(state)
    with transaction(engine) as connection:
        if before and not audit.holds(connection, before):
            return False
        last = audit.last(connection, 1)
    if last:
        state.mkdir(parents=True, exist_ok=True)
        draft = state / f".{HEAD}-{os.getpid()}"
        draft.write_text(last[0].hash, "utf-8")
        draft.replace(state / HEAD)
    return True


def noted_head(state: Path) -> str | None:
    """The hash that was noted last; None where none was."""
    try:
        return (state / HEAD).read_text("utf-8") or None
    except OSError:
        return None


def begin_anew(url: str, state: Path) -> None:
    """After a restore: what was noted of the database before it no longer holds."""
    engine = connect(url)
    (state / HEAD).unlink(missing_ok=True)
    note_head(engine, state)
    engine.dispose()
