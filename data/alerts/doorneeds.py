"""What those who registered at a household said that they need (配慮事項): for the welfare role."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from alerts.registration import AccessNeed

_NEEDS: Final = """
SELECT household, array_agg(DISTINCT need ORDER BY need) AS needs
FROM recipient CROSS JOIN unnest(needs) AS need
WHERE city_code = :code AND status = :status AND household = ANY(CAST(:households AS int[]))
    AND confirmed_at IS NOT NULL AND left_at IS NULL
GROUP BY household
"""


def needs_at(
    connection: Connection, city: str, status: str, households: Sequence[int]
) -> Mapping[int, tuple[AccessNeed, ...]]:
    """By household, those of which anybody said something; a drill knows its own alone."""
    bound = {"code": city, "status": status, "households": list(households)}
    rows = connection.execute(sql(_NEEDS), bound)
    return {row.household: tuple(map(AccessNeed, row.needs)) for row in rows}
