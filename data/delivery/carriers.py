"""What is known of carriers, for all machines: their rate, their breaker, when they last worked.

The rate is kept as one moment, "free at" (GCRA, ITU-T I.371): a call moves it on by what it costs,
and waits until it has come.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.delivery import PATIENCE
from alerts.kinds import ChannelKind

PROBE: Final = timedelta(seconds=15)
"""So long one probe of a carrier that failed keeps the others away."""
BURST: Final = timedelta(milliseconds=50)
"""What was not used is not saved up beyond this."""
_TAKE: Final = """
UPDATE carrier_state SET
    free_at = greatest(free_at, CAST(:now AS timestamptz) - CAST(:burst AS interval))
        + CAST(:cost AS interval),
    shut_until = CASE WHEN failures >= :patience
        THEN CAST(:now AS timestamptz) + CAST(:probe AS interval) END
WHERE credential = :credential AND (shut_until IS NULL OR shut_until <= :now)
RETURNING free_at - CAST(:cost AS interval) AS at
"""


def know(connection: Connection, credential: str, channel: ChannelKind, now: datetime) -> None:
    """Begin to keep a carrier's state."""
    connection.execute(
        sql(
            "INSERT INTO carrier_state (credential, channel, free_at)"
            " VALUES (:credential, :channel, :now) ON CONFLICT DO NOTHING"
        ),
        {"credential": credential, "channel": channel, "now": now},
    )


def take_turn(
    connection: Connection, credential: str, cost: timedelta, now: datetime
) -> datetime | None:
    """When a call that costs so much of the rate may be made; None while the carrier is let be.

    Of a carrier that failed one caller at a time gets a turn.
    """
    bound = {
        "credential": credential,
        "cost": cost,
        "now": now,
        "burst": BURST,
        "probe": PROBE,
        "patience": PATIENCE,
    }
    at: datetime | None = connection.execute(sql(_TAKE), bound).scalar()
    return at


def is_open(connection: Connection, credential: str, now: datetime) -> bool:
    """Whether a turn may be asked for: no chunk is claimed for a carrier that is let be."""
    query = sql(
        "SELECT shut_until IS NULL OR shut_until <= :now FROM carrier_state"
        " WHERE credential = :credential"
    )
    return bool(connection.execute(query, {"credential": credential, "now": now}).scalar())


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


def note_failed(
    connection: Connection, credential: str, why: str, shut_until: datetime | None, now: datetime
) -> None:
    """It failed once more; `shut_until` lets it be."""
    connection.execute(
        sql(
            "UPDATE carrier_state SET failures = failures + 1, failed_at = :now,"
            " failed_why = :why, shut_until = :until WHERE credential = :credential"
        ),
        {"credential": credential, "now": now, "why": why, "until": shut_until},
    )


def failures(connection: Connection, credential: str) -> int:
    """How often in a row it failed."""
    query = sql("SELECT failures FROM carrier_state WHERE credential = :credential")
    return int(connection.execute(query, {"credential": credential}).scalar() or 0)


def note_test(
    connection: Connection, credential: str, *, passed: bool, why: str, ms: float, now: datetime
) -> None:
    """How the last canary ended."""
    connection.execute(
        sql(
            "UPDATE carrier_state SET tested_at = :now, test_why = :why, test_ms = :ms,"
            " test_passed_at = CASE WHEN :passed THEN CAST(:now AS timestamptz)"
            " ELSE test_passed_at END WHERE credential = :credential"
        ),
        {"credential": credential, "now": now, "why": why, "ms": ms, "passed": passed},
    )


def list_states(connection: Connection) -> list[Row[Any]]:
    """What is known of all carriers."""
    return list(connection.execute(sql("SELECT * FROM carrier_state ORDER BY channel, credential")))
