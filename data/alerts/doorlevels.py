"""Which level stands where teams go, and which of them a level 5 recalls.

An area is concerned where an order's inside meets its own: neighbours along a border are not.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.kinds import Status
from hazards.kinds import AlertLevel

_LEVELS: Final = """
SELECT area.name, max(o.level) AS level FROM area
JOIN evacuation_order o ON o.city_code = :code AND o.ended_at IS NULL
    AND (o.geom IS NULL OR ST_Relate(area.geom, o.geom, 'T********'))
WHERE area.load_id = :load AND area.kind = 'chome' AND area.name = ANY(CAST(:names AS text[]))
GROUP BY area.name
"""
_TO_RECALL: Final = """
WITH worst AS (
    SELECT geom, false AS drill FROM evacuation_order
    WHERE city_code = :code AND ended_at IS NULL AND level >= :five
    UNION ALL SELECT v.geom, a.status = :drill FROM alert_revision v
    JOIN alert a ON a.id = v.alert_id WHERE v.id = :revision AND v.level >= :five
)
SELECT DISTINCT l.id FROM door_list l
JOIN alert_revision v ON v.id = l.revision_id JOIN alert a ON a.id = v.alert_id
JOIN worst ON NOT worst.drill OR a.status = :drill
WHERE l.city_code = :code AND l.handed_at IS NOT NULL AND l.back_at IS NULL
    AND l.recalled_at IS NULL AND (worst.geom IS NULL
        OR NOT EXISTS (SELECT FROM area WHERE load_id = :load AND name = l.area_name)
        OR EXISTS (SELECT FROM area WHERE load_id = :load AND name = l.area_name
            AND ST_Relate(area.geom, worst.geom, 'T********')))
ORDER BY l.id
"""


def levels_in(
    connection: Connection, load: Row[Any], names: Sequence[str]
) -> Mapping[str, AlertLevel]:
    """The highest level that stands over some part of each 町丁目; none where nothing stands."""
    bound = {"code": load.code, "load": load.id, "names": list(names)}
    return {row.name: AlertLevel(row.level) for row in connection.execute(sql(_LEVELS), bound)}


def to_recall(connection: Connection, load: Row[Any], revision: int | None = None) -> list[int]:
    """The lists that were handed where a level 5 stands, and were neither recalled nor are back.

    With a `revision` of level 5 that is being released, those where it is for, too; one of a drill
    recalls drills alone. A list of an area that the loaded city does not have is among them:
    nobody knows where that team is.
    """
    bound = {
        "code": load.code,
        "load": load.id,
        "revision": revision,
        "five": int(AlertLevel.SECURE_NOW),
        "drill": str(Status.EXERCISE),
    }
    return list(connection.execute(sql(_TO_RECALL), bound).scalars())
