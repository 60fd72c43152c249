"""Invented recipients in any number, for drills of the system itself and for benchmarks.

Nobody has their addresses: 070-0 is given to no telephone, example.com to no mail server (RFC
2606), and no LINE user id counts upwards.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from psycopg import Cursor, sql
from sqlalchemy import Connection
from sqlalchemy import text as query

from alerts.kinds import AlertKind, ChannelKind, Language, Status
from alerts.registration import STAGES
from data.errors import NoCity
from data.recipients import hold_keys
from data.sealing import Sealer

ADDRESSES: Final[Mapping[ChannelKind, Callable[[int], str]]] = {
    ChannelKind.LINE: lambda number: f"U{number:032x}",
    ChannelKind.SMS: lambda number: f"+81700{number:07d}",
    ChannelKind.MAIL: lambda number: f"person{number}@example.com",
}
"""The address of the person so numbered, up to ten million."""
LINE, SMS, MAIL = ChannelKind.LINE, ChannelKind.SMS, ChannelKind.MAIL
WAYS: Final[Sequence[tuple[ChannelKind, ...]]] = (
    (LINE,),
    (LINE, SMS),
    (SMS,),
    (MAIL,),
    (SMS, MAIL),
)
"""Which ways people have, in turn."""
LANGUAGES: Final = (*(Language.JAPANESE,) * 8, Language.EASY_JAPANESE, Language.ENGLISH)
_RECIPIENT: Final = (
    *("id", "city_code", "status", "household", "area_name", "categories", "language", "needs"),
    *("token_hash", "made_at", "confirmed_at"),
)
_ADDRESS: Final = (
    *("recipient_id", "channel", "stage", "sealed", "key_number", "lookup", "verified_at"),
)


@dataclass(frozen=True, slots=True)
class Seeding:
    """What the invented people have, each list in turn: 町丁目 by name, or households by number."""

    city_code: str
    now: datetime
    status: Status = Status.ACTUAL
    area_names: Sequence[str] = ()
    households: Sequence[int] = ()
    ways: Sequence[tuple[ChannelKind, ...]] = WAYS
    languages: Sequence[Language] = LANGUAGES
    first: int = 0
    """The number of the first person: two seedings of one status must not share numbers."""


def seed(connection: Connection, sealer: Sealer, count: int, seeding: Seeding) -> range:
    """Add so many confirmed recipients by COPY; returns the numbers of their rows."""
    hold_keys(connection)
    numbers = _numbers(connection, count)
    driver = connection.connection.driver_connection
    if driver is None:
        raise NoCity("the connection is closed")
    with driver.cursor() as cursor:
        _copy(cursor, "recipient", _RECIPIENT, _recipients(numbers, seeding))
        _copy(cursor, "recipient_address", _ADDRESS, _addresses(numbers, sealer, seeding))
    return numbers


def _numbers(connection: Connection, count: int) -> range:
    """Row numbers that the database gives to nobody else."""
    sequence = "pg_get_serial_sequence('recipient', 'id')"
    last = connection.execute(
        query(f"SELECT setval({sequence}, nextval({sequence}) + :count)"), {"count": count}
    ).scalar_one()
    return range(last - count, last)


def _recipients(numbers: range, seeding: Seeding) -> Iterator[tuple[Any, ...]]:
    kinds, now = [str(kind) for kind in AlertKind], seeding.now
    for person, number in enumerate(numbers, start=seeding.first):
        household = _in_turn(seeding.households, person)
        area = _in_turn(seeding.area_names, person)
        language = str(seeding.languages[person % len(seeding.languages)])
        token = f"seeded:{seeding.status}:{number}"
        head = number, seeding.city_code, str(seeding.status), household, area
        yield (*head, kinds, language, [], token, now, now)


def _addresses(numbers: range, sealer: Sealer, seeding: Seeding) -> Iterator[tuple[Any, ...]]:
    status, now = seeding.status, seeding.now
    for person, number in enumerate(numbers, start=seeding.first):
        channels = seeding.ways[person % len(seeding.ways)]
        for stage, channel in enumerate(sorted(channels, key=STAGES.__getitem__)):
            address = ADDRESSES[channel](person)
            sealed = sealer.seal(address, channel, status)
            lookup = sealer.lookup(address, channel, status)
            yield (number, str(channel), stage, sealed.value, sealed.key_number, lookup, now)


def _in_turn(values: Sequence[Any], person: int) -> Any:
    return values[person % len(values)] if values else None


def _copy(
    cursor: Cursor[Any], table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
