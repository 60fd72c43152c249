"""How many an alert would reach, by 町丁目, language and way: the blast radius."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.kinds import AlertKind, ChannelKind, Language, Status

_REACHED: Final = """
SELECT area_name, language, channel, count(*) FILTER (WHERE stage = 0) AS first, count(*) AS every
FROM recipient JOIN recipient_address ON recipient_id = id
WHERE city_code = :code AND status = :status AND confirmed_at IS NOT NULL AND left_at IS NULL
  AND verified_at IS NOT NULL AND blocked_at IS NULL AND :kind = ANY(categories)
GROUP BY area_name, language, channel ORDER BY area_name NULLS LAST, language, channel
"""


@dataclass(frozen=True, slots=True)
class Reached:
    """Of one 町丁目 (None: of no known one) and language: `first` are told by this way first,
    `every` have it. The sum of `first` is how many recipients there are.
    """

    area_name: str | None
    language: Language
    channel: ChannelKind
    first: int
    every: int


def count_reached(
    connection: Connection, code: str, status: Status, kind: AlertKind
) -> list[Reached]:
    """Those of a city who want this kind and have a usable address, counted in the database."""
    given = {"code": code, "status": status, "kind": kind}
    rows = connection.execute(sql(_REACHED), given)
    return [
        Reached(
            row.area_name, Language(row.language), ChannelKind(row.channel), row.first, row.every
        )
        for row in rows
    ]
