"""What is known of carriers, for all machines: their rate, their breaker, when they last worked.

The rate is kept as one moment, "free at" (GCRA, ITU-T I.371): a call moves it on by what it costs,
and waits until it has come.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.delivery import PATIENCE
from alerts.kinds import ChannelKind, Status

PROBE: Final = timedelta(seconds=15)
"""So long one probe of a carrier that failed keeps the others away."""
BURST: Final = timedelta(milliseconds=50)
"""What was not used is not saved up beyond this."""
LONG: Final = timedelta(seconds=30)
"""A carrier that is let be for longer is down, however seldom it failed (LINE's monthly limit)."""
GONE: Final = timedelta(minutes=1)
"""A carrier that no worker has had for so long is gone; a worker says every few seconds that it
has one."""
_TAKE: Final = """
UPDATE carrier_state SET
    free_at = greatest(free_at, CAST(:now AS timestamptz) - CAST(:burst AS interval))
        + CAST(:cost AS interval),
    shut_until = CASE WHEN failures >= :patience
        THEN CAST(:now AS timestamptz) + CAST(:probe AS interval) END
WHERE credential = :credential AND (shut_until IS NULL OR shut_until <= :now)
    AND (CAST(:latest AS timestamptz) IS NULL OR free_at <= :latest)
RETURNING free_at - CAST(:cost AS interval) AS at
"""


def know(
    connection: Connection, credential: str, channel: ChannelKind, status: str, now: datetime
) -> None:
    """Keep a carrier's state: a worker has it at this moment."""
    connection.execute(
        sql(
            "INSERT INTO carrier_state AS s (credential, channel, status, free_at, seen_at)"
            " VALUES (:credential, :channel, :status, :now, :now) ON CONFLICT (credential)"
            " DO UPDATE SET channel = :channel, status = :status,"
            " seen_at = greatest(s.seen_at, :now)"
        ),
        {"credential": credential, "channel": channel, "status": status, "now": now},
    )


def cost_of(rate: float, letters_rate: float, letters: int) -> timedelta:
    """What a call with so many letters costs of these rates a second (0: no such limit)."""
    calls_s = 1 / rate if rate else 0.0
    return timedelta(seconds=max(calls_s, letters / letters_rate if letters_rate else 0.0))


def take_turn(
    connection: Connection,
    credential: str,
    cost: timedelta,
    now: datetime,
    *,
    within: timedelta | None = None,
) -> datetime | None:
    """When a call that costs so much of the rate may be made.

    None while the carrier is let be, or where that would not be `within` so long: then nothing is
    taken. Of a carrier that failed one caller at a time gets a turn.
    """
    bound = {
        "credential": credential,
        "cost": cost,
        "now": now,
        "burst": BURST,
        "probe": PROBE,
        "patience": PATIENCE,
        "latest": None if within is None else now + within,
    }
    at: datetime | None = connection.execute(sql(_TAKE), bound).scalar()
    return at


def free_in(connection: Connection, credential: str, now: datetime) -> timedelta | None:
    """How long until a turn; None while the carrier is let be: no chunk is claimed for it."""
    query = sql(
        "SELECT free_at FROM carrier_state WHERE credential = :credential"
        " AND (shut_until IS NULL OR shut_until <= :now)"
    )
    at = connection.execute(query, {"credential": credential, "now": now}).scalar()
    return None if at is None else max(at - now, timedelta(0))


def slow_down(connection: Connection, credential: str, until: datetime) -> None:
    """It was asked too fast: nobody asks it before `until`."""
    connection.execute(
        sql(
            "UPDATE carrier_state SET free_at = greatest(free_at, :until)"
            " WHERE credential = :credential"
        ),
        {"credential": credential, "until": until},
    )


def note_accepted(connection: Connection, credential: str, now: datetime) -> None:
    """It took a message: it is well."""
    connection.execute(
        sql(
            "UPDATE carrier_state SET accepted_at = :now, failures = 0, shut_until = NULL"
            " WHERE credential = :credential"
            " AND (failures > 0 OR accepted_at IS NULL OR accepted_at < :old)"
        ),
        {"credential": credential, "now": now, "old": now - timedelta(seconds=1)},
    )


def note_failed(connection: Connection, credential: str, why: str, now: datetime) -> int:
    """It failed once more; returns how often in a row, also where many fail at once."""
    query = sql(
        "UPDATE carrier_state SET failures = failures + 1, failed_at = :now, failed_why = :why"
        " WHERE credential = :credential RETURNING failures"
    )
    bound = {"credential": credential, "now": now, "why": why}
    return int(connection.execute(query, bound).scalar() or 0)


def let_be(connection: Connection, credential: str, until: datetime | None) -> None:
    """Nobody asks it before `until`; None: whoever likes."""
    connection.execute(
        sql("UPDATE carrier_state SET shut_until = :until WHERE credential = :credential"),
        {"credential": credential, "until": until},
    )


def channels_down(connection: Connection, now: datetime, status: str) -> set[ChannelKind]:
    """The channels of which no carrier of this status works: a drill's say nothing of an alert's.

    One that no worker has is gone. Of a channel of which none is known, nothing is said.
    """
    states = [row for row in list_states(connection) if row.status == status]
    works = {row.channel for row in states if not _is_down(row, now)}
    return {ChannelKind(row.channel) for row in states} - {ChannelKind(one) for one in works}


def is_gone(row: Row[Any], now: datetime) -> bool:
    """Whether no worker has had this carrier lately (a row of `list_states`)."""
    return row.seen_at is None or row.seen_at < now - GONE


def _is_down(row: Row[Any], now: datetime) -> bool:
    shut = row.shut_until is not None and row.shut_until > now + LONG
    return bool(shut or row.failures >= PATIENCE or is_gone(row, now))


def note_test(
    connection: Connection,
    credential: str,
    *,
    passed: bool,
    why: str,
    ms: float,
    left: int | None,
    now: datetime,
) -> None:
    """How the last canary ended: `why` it failed is "" only where it passed; `left`: so many
    letters it still takes, None where there is no limit or nobody knows.
    """
    connection.execute(
        sql(
            "UPDATE carrier_state SET tested_at = :now, test_why = :why, test_ms = :ms,"
            " letters_left = :left,"
            " test_passed_at = CASE WHEN :passed THEN CAST(:now AS timestamptz)"
            " ELSE test_passed_at END WHERE credential = :credential"
        ),
        {"credential": credential, "now": now, "why": why, "ms": ms, "left": left}
        | {"passed": passed},
    )


def is_any_known(connection: Connection) -> bool:
    """Whether any worker ever had a carrier of alerts, be it gone by now; drills' do not count."""
    query = sql("SELECT EXISTS (SELECT 1 FROM carrier_state WHERE status = :status)")
    return bool(connection.execute(query, {"status": Status.ACTUAL}).scalar_one())


def list_states(connection: Connection) -> list[Row[Any]]:
    """What is known of all carriers."""
    return list(connection.execute(sql("SELECT * FROM carrier_state ORDER BY channel, credential")))
