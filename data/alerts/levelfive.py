"""Where level 5 stands over an alert of something lower: nobody there is told to leave by it.

By the insides of areas: neighbours along a border do not touch.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.kinds import AlertKind, Step
from alerts.life import OUT
from data.alerts import revisions
from hazards.kinds import AlertLevel

WHOLE_CITY: Final = "市内全域"
SLIVER: Final = 0.001
"""Share of an alert's area that may lie beside level 5 and is still called all of it."""
_WARNS: Final = frozenset({Step.ISSUE, Step.UPDATE})
_WORST: Final = """
WITH worst AS (
    SELECT o.geom, o.begun_at, o.area_names, v.geom AS mine, v.whole_city, v.city_code AS code
    FROM alert_revision v JOIN evacuation_order o ON o.city_code = v.city_code
    WHERE v.id = :revision AND o.ended_at IS NULL AND o.level >= :five
        AND NOT (:ends AND o.id IN
            (SELECT order_id FROM alert_order WHERE alert_id = v.alert_id))
        AND (v.whole_city OR o.geom IS NULL OR ST_Relate(v.geom, o.geom, 'T********'))
)
SELECT bool_or(geom IS NULL) AS everywhere, max(begun_at) AS since,
    array_agg(DISTINCT name ORDER BY name) FILTER (WHERE name IS NOT NULL) AS names,
    NOT bool_or(whole_city) AND (
        SELECT ST_Area(ST_Difference(w.mine, u.geom)) <= :sliver * ST_Area(w.mine)
        FROM (SELECT mine FROM worst LIMIT 1) w, (SELECT ST_Union(geom) AS geom FROM worst) u
    ) AS covered
FROM worst LEFT JOIN LATERAL (
    SELECT coalesce(met.name, said.name) AS name FROM unnest(area_names) AS said(name)
    LEFT JOIN city_load l ON l.code = worst.code AND l.current AND NOT EXISTS
        (SELECT FROM area WHERE load_id = l.id AND kind = 'chome' AND area.name = said.name)
    LEFT JOIN area met ON met.load_id = l.id AND met.kind = 'chome' AND met.geom && worst.geom
        AND ST_Relate(met.geom, worst.geom, 'T********')
) named ON true
"""


@dataclass(frozen=True, slots=True)
class LevelFive:
    """The names under which level 5 is ordered there, of an order that names no 町丁目 those that
    its inside meets; `silences`: nobody there is to be told the alert's own words, for they are of
    a lower level; `since`: when the last of these orders began.
    """

    area_names: tuple[str, ...] = ()
    silences: bool = False
    since: datetime | None = None


NOWHERE: Final = LevelFive()
IN_PART: Final = """alert_revision.level < 5 AND alert_revision.step IN ('issue', 'update')
AND EXISTS (SELECT 1 FROM evacuation_order five WHERE five.city_code = alert_revision.city_code
    AND five.ended_at IS NULL AND five.level >= 5 AND (alert_revision.whole_city
        OR five.geom IS NULL OR ST_Relate(alert_revision.geom, five.geom, 'T********')))"""
"""Of a row of `alert_revision`: it tells people to leave, and level 5 stands over a part of it."""
_LOWER: Final = """
SELECT v.*, a.status, a.kind FROM alert_revision v JOIN alert a ON a.id = v.alert_id
WHERE v.city_code = :city AND v.state = ANY(:out) AND v.stopped_at IS NULL AND v.expires_at > :now
    AND a.kind = :evacuation AND v.level < :five AND v.step = ANY(:warns)
ORDER BY v.id FOR UPDATE OF v
"""


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
    silences = covered and AlertKind(row.kind) is AlertKind.EVACUATION
    return LevelFive(names, silences, found.since)


def stop_silenced(
    connection: Connection, city: str, order: int, by: str, now: datetime
) -> list[int]:
    """Send nothing more of whatever tells people to leave all of whose area is under level 5 now.

    For whoever set that `order`; returns the revisions. Of what lies under it in part, whoever
    sends leaves people out one by one (`data/delivery/underfive.py`).
    """
    bound = {
        "city": city,
        "out": [str(one) for one in OUT],
        "now": now,
        "evacuation": str(AlertKind.EVACUATION),
        "five": int(AlertLevel.SECURE_NOW),
        "warns": [str(one) for one in _WARNS],
    }
    rows = connection.execute(sql(_LOWER), bound).all()
    numbers = [row.id for row in rows if level_five(connection, row).silences]
    revisions.stop(connection, numbers, by, f"警戒レベル5（発令 {order}）", now)
    return numbers
