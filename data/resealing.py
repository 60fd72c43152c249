"""Sealing anew what an older key sealed, batch by batch, and dropping keys that no row needs.

Each batch is a transaction: killed between two, nothing is lost, and the next run goes on with the
rows that are left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row
from sqlalchemy import text as sql

from alerts.kinds import ChannelKind, Status
from data.database import transaction
from data.linereports import reseal_some as reseal_some_reports
from data.recipients import KEYS_LOCK, hold_keys
from data.safewords import reseal_some
from data.sealing import Sealed, Sealer

BATCH: Final = 2_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """A table that holds sealed addresses, by the columns of its key."""

    table: str
    key: tuple[str, str]
    types: tuple[str, str]
    least: tuple[object, str]


_KINDS: Final = (
    _Kind("recipient_address", ("recipient_id", "channel"), ("bigint", "text"), (-1, "")),
    _Kind("address_check", ("token_hash", "channel"), ("text", "text"), ("", "")),
)
_NEXT: Final = """
SELECT {a} AS a, {b} AS b, channel, sealed, key_number, status FROM {table}
JOIN recipient ON recipient.id = {table}.recipient_id
WHERE key_number <> :newest AND ({a}, {b}) > (CAST(:a AS {ta}), CAST(:b AS {tb}))
ORDER BY {a}, {b} LIMIT :most FOR UPDATE OF {table}
"""
_RESEAL: Final = """
UPDATE {table} SET sealed = new.sealed, key_number = new.number
FROM unnest(
  CAST(:a AS {ta}[]), CAST(:b AS {tb}[]), CAST(:sealed AS bytea[]), CAST(:numbers AS smallint[])
) AS new (a, b, sealed, number)
WHERE {a} = new.a AND {b} = new.b
"""
_USED: Final = """
SELECT key_number AS number, count(*) AS rows FROM (
  SELECT key_number FROM recipient_address UNION ALL SELECT key_number FROM address_check
  UNION ALL SELECT key_number FROM safe_word WHERE key_number IS NOT NULL
  UNION ALL SELECT key_number FROM line_report
) AS sealed GROUP BY key_number ORDER BY key_number
"""


def keys_in_use(connection: Connection) -> dict[int, int]:
    """How many rows each key opens, by its number."""
    return {row.number: row.rows for row in connection.execute(sql(_USED))}


def reseal(engine: Engine, sealer: Sealer, progress: Callable[[int], None]) -> int:
    """Seal by the newest key what another one sealed; returns how many rows that were.

    `progress` hears after each batch how many are done. Raises `CannotOpen` for a row whose key is
    lost: what was done stays done.
    """
    done = 0
    for kind in _KINDS:
        for count in _resealed(engine, sealer, kind):
            done += count
            progress(done)
    for count in _words_resealed(engine, sealer):
        done += count
        progress(done)
    return done


def drop_unused(engine: Engine, drop: Callable[[Sequence[int]], None]) -> None:
    """Call `drop` with the numbers of keys that rows need, while nobody can seal anything."""
    with transaction(engine, latest=True) as connection:
        connection.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": KEYS_LOCK})
        drop(list(keys_in_use(connection)))


def _resealed(engine: Engine, sealer: Sealer, kind: _Kind) -> Iterator[int]:
    at = kind.least
    while True:
        with transaction(engine, latest=True) as connection:
            hold_keys(connection)
            rows = _next(connection, sealer.newest, kind, at)
            if not rows:
                return
            _write(connection, sealer, kind, rows)
        at = rows[-1].a, rows[-1].b
        yield len(rows)


def _words_resealed(engine: Engine, sealer: Sealer) -> Iterator[int]:
    """The same for 安否, and for those who report by LINE."""
    for some in (reseal_some, reseal_some_reports):
        while True:
            with transaction(engine, latest=True) as connection:
                hold_keys(connection)
                count = some(connection, sealer, BATCH)
            if not count:
                break
            yield count


def _next(
    connection: Connection, newest: int, kind: _Kind, at: tuple[object, str]
) -> Sequence[Row[Any]]:
    given = {"newest": newest, "a": at[0], "b": at[1], "most": BATCH}
    return connection.execute(sql(_named(_NEXT, kind)), given).all()


def _write(connection: Connection, sealer: Sealer, kind: _Kind, rows: Sequence[Row[Any]]) -> None:
    anew = [_anew(sealer, row) for row in rows]
    given = {
        "a": [row.a for row in rows],
        "b": [row.b for row in rows],
        "sealed": [one.value for one in anew],
        "numbers": [one.key_number for one in anew],
    }
    connection.execute(sql(_named(_RESEAL, kind)), given)


def _anew(sealer: Sealer, row: Row[Any]) -> Sealed:
    channel, status = ChannelKind(row.channel), Status(row.status)
    address = sealer.open(Sealed(row.key_number, row.sealed), channel, status)
    return sealer.seal(address, channel, status)


def _named(statement: str, kind: _Kind) -> str:
    """A statement on one of the tables; all names are constants of this file."""
    a, b = (f"{kind.table}.{column}" for column in kind.key)
    return statement.format(table=kind.table, a=a, b=b, ta=kind.types[0], tb=kind.types[1])
