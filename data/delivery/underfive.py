"""Who stands under level 5 while something lower is on its way to them: it is not handed over.

As `data/delivery/slices.py` finds whom an alert reaches: by their point, else by their 町丁目.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection
from sqlalchemy import text as sql

from hazards.kinds import AlertLevel

SOMEWHERE: Final = """r.level < 5 AND r.kind = 'evacuation' AND r.step IN ('issue', 'update')
    AND EXISTS (SELECT 1 FROM evacuation_order o
        WHERE o.city_code = r.city_code AND o.ended_at IS NULL AND o.level >= 5)"""
"""Of a revision with its alert's `kind`: it tells people to leave, and level 5 stands somewhere."""
_UNDER: Final = """
SELECT DISTINCT p.id FROM recipient p
JOIN evacuation_order o ON o.city_code = p.city_code AND o.ended_at IS NULL AND o.level >= :five
WHERE p.id = ANY(CAST(:recipients AS bigint[])) AND (
    o.geom IS NULL
    OR (p.geom IS NOT NULL AND ST_Covers(o.geom, p.geom))
    OR (p.geom IS NULL AND (p.area_name = ANY(o.area_names) OR EXISTS (
        SELECT 1 FROM area WHERE area.name = p.area_name
        AND area.load_id = (SELECT id FROM city_load WHERE current AND code = p.city_code)
        AND ST_Relate(area.geom, o.geom, 'T********')))))
"""


def under_level_five(connection: Connection, recipients: Sequence[int]) -> set[int]:
    """Those of these recipients where level 5 is in force, in some part of it for a 町丁目."""
    bound = {"recipients": list(recipients), "five": int(AlertLevel.SECURE_NOW)}
    return set(connection.execute(sql(_UNDER), bound).scalars())
