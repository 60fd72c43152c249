"""Where level 5 stands over an alert of something lower: whoever reads it aloud must know.

By the insides of areas: neighbours along a border do not touch.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.kinds import AlertKind, Step
from hazards.kinds import AlertLevel

WHOLE_CITY: Final = "市内全域"
SLIVER: Final = 0.001
"""Share of an alert's area that may lie beside level 5 and is still called all of it."""
_WARNS: Final = frozenset({Step.ISSUE, Step.UPDATE})
_WORST: Final = """
WITH worst AS (
    SELECT o.geom, o.area_names, v.geom AS mine, v.whole_city
    FROM alert_revision v JOIN evacuation_order o ON o.city_code = v.city_code
    WHERE v.id = :revision AND o.ended_at IS NULL AND o.level >= :five
        AND NOT (:ends AND o.id IN
            (SELECT order_id FROM alert_order WHERE alert_id = v.alert_id))
        AND (v.whole_city OR o.geom IS NULL OR ST_Relate(v.geom, o.geom, 'T********'))
)
SELECT bool_or(geom IS NULL) AS everywhere,
    array_agg(DISTINCT name ORDER BY name) FILTER (WHERE name IS NOT NULL) AS names,
    NOT bool_or(whole_city) AND (
        SELECT ST_Area(ST_Difference(w.mine, u.geom)) <= :sliver * ST_Area(w.mine)
        FROM (SELECT mine FROM worst LIMIT 1) w, (SELECT ST_Union(geom) AS geom FROM worst) u
    ) AS covered
FROM worst LEFT JOIN LATERAL unnest(area_names) AS name ON true
"""


@dataclass(frozen=True, slots=True)
class LevelFive:
    """The names under which level 5 is ordered there; `silences`: nobody there is to be told the
    alert's own words, for they are of a lower level.
    """

    area_names: tuple[str, ...] = ()
    silences: bool = False


NOWHERE: Final = LevelFive()


def level_five(connection: Connection, row: Row[Any]) -> LevelFive:
    """Over a revision as `revisions.get` has it; `NOWHERE` for what is of level 5 itself.

    What an all-clear or a cancellation ends with it does not count.
    """
    ends = AlertKind(row.kind) is AlertKind.EVACUATION and Step(row.step) not in _WARNS
    if row.level == AlertLevel.SECURE_NOW and not ends:
        return NOWHERE
    five = int(AlertLevel.SECURE_NOW)
    bound = {"revision": row.id, "five": five, "ends": ends, "sliver": SLIVER}
    found = connection.execute(sql(_WORST), bound).one()
    if found.everywhere is None:
        return NOWHERE
    names = (WHOLE_CITY,) if found.everywhere else tuple(found.names or ())
    covered = bool(found.everywhere or found.covered)
    return LevelFive(names, covered and AlertKind(row.kind) is AlertKind.EVACUATION)
