"""Which file of keys belongs to the database, and who cannot be told without it."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert

from alerts.kinds import ChannelKind, Status
from data import tables
from data.sealing import CannotOpen, Sealed, Sealer

UNKNOWN: Final = "unknown"
"""The identity of a file that nobody has here: addresses are sealed, and by whose keys is not
known."""
_ONE_OF_EACH_KEY: Final = """
SELECT DISTINCT ON (a.key_number) a.key_number, a.sealed, a.channel, r.status
FROM recipient_address a JOIN recipient r ON r.id = a.recipient_id
ORDER BY a.key_number DESC, a.recipient_id DESC
"""
_USABLE: Final = """
FROM recipient r JOIN recipient_address a ON a.recipient_id = r.id
WHERE r.confirmed_at IS NOT NULL AND r.left_at IS NULL
    AND a.verified_at IS NOT NULL AND a.blocked_at IS NULL
"""
_ANY_CLOSED: Final = f"SELECT EXISTS (SELECT 1 {_USABLE} AND a.key_number <> ALL(:numbers))"
_ALL_CLOSED: Final = f"""
SELECT count(*) FROM (SELECT r.id {_USABLE}
    GROUP BY r.id HAVING bool_and(a.key_number <> ALL(:numbers))) AS closed
"""  # noqa: S608 - of constants


def find(connection: Connection) -> str | None:
    """The identity of the file that belongs here; None where no file was ever used."""
    return connection.execute(select(tables.sealing_identity.c.identity)).scalar()


def put(connection: Connection, identity: str) -> None:
    """From now on this file belongs here, in place of any other."""
    query = insert(tables.sealing_identity).values(one=True, identity=identity)
    changed = {"identity": identity, "since": sql("now()")}
    connection.execute(query.on_conflict_do_update(index_elements=["one"], set_=changed))


def holds_addresses(connection: Connection) -> bool:
    """Whether anything is sealed here."""
    return bool(
        connection.execute(
            sql(
                "SELECT EXISTS (SELECT 1 FROM recipient_address)"
                " OR EXISTS (SELECT 1 FROM address_check)"
                " OR EXISTS (SELECT 1 FROM safe_word WHERE sealed IS NOT NULL)"
                " OR EXISTS (SELECT 1 FROM line_report)"
            )
        ).scalar()
    )


def opens(connection: Connection, sealer: Sealer) -> bool:
    """Whether the keys open an address of the newest key that any address needs, if any does."""
    row = connection.execute(sql(_ONE_OF_EACH_KEY)).first()
    if row is None:
        return True
    try:
        sealer.open(
            Sealed(row.key_number, row.sealed), ChannelKind(row.channel), Status(row.status)
        )
    except CannotOpen:
        return False
    return True


def count_unreachable(connection: Connection, numbers: Sequence[int]) -> int:
    """How many people have addresses, none of which a key of these numbers opens."""
    given = {"numbers": list(numbers)}
    if not connection.execute(sql(_ANY_CLOSED), given).scalar():
        return 0
    return int(connection.execute(sql(_ALL_CLOSED), given).scalar_one())


def unreachable(connection: Connection, numbers: Sequence[int]) -> list[int]:
    """The numbers of all who have an address that no key of these numbers opens."""
    query = (
        "SELECT recipient_id FROM recipient_address WHERE key_number <> ALL(:numbers)"
        " UNION SELECT recipient_id FROM address_check WHERE key_number <> ALL(:numbers)"
    )
    return list(connection.execute(sql(query), {"numbers": list(numbers)}).scalars())
