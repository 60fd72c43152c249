"""Orders that stand where an alert goes."""

from typing import Any, Final

from sqlalchemy import Connection, Row
from sqlalchemy import text as sql

from alerts.alert import Alert
from alerts.kinds import AlertKind, Step
from alerts.wording.standingorders import StandingOrder
from data.alerts import revisions
from hazards.kinds import AlertLevel, HazardKind

_TOUCHING: Final = """
SELECT id, level, hazard, area_names, geom IS NULL AS everywhere, ARRAY(
    SELECT DISTINCT name FROM area
    WHERE load_id = :load AND (name = ANY(CAST(:names AS text[])) OR :whole AND kind = 'chome')
    AND there.level >= 5 AND (name = ANY(there.area_names)
        OR area.geom && there.geom AND ST_Relate(area.geom, there.geom, 'T********'))
    ORDER BY name
) AS touched FROM evacuation_order there
WHERE city_code = :city AND ended_at IS NULL AND (
    :whole OR geom IS NULL OR area_names && CAST(:names AS text[]) OR EXISTS (
        SELECT 1 FROM area WHERE load_id = :load AND name = ANY(CAST(:names AS text[]))
        AND ST_Relate(area.geom, there.geom, 'T********')
    )
) ORDER BY id
"""
"""By the insides of areas: neighbours along a border do not touch."""


def standing_there(
    connection: Connection, load: Row[Any], alert: Alert
) -> tuple[StandingOrder, ...]:
    """Orders that lie in part of the alert's areas, whatever they are called; of level 5 with the
    names of those areas. What was drawn, or goes to households, names all areas that it touches.

    An all-clear or a cancellation ends the orders of its own alert: they are not among them.
    """
    ending = alert.kind is AlertKind.EVACUATION and alert.step in (Step.CANCEL, Step.ALL_CLEAR)
    ended = set(revisions.orders_of(connection, alert.number)) if ending else set()
    bound = {
        "city": load.code,
        "load": load.id,
        "whole": alert.whole_city,
        "names": list(alert.area_names),
    }
    return tuple(
        StandingOrder(
            AlertLevel(row.level),
            HazardKind(row.hazard),
            tuple(row.area_names),
            tuple(alert.area_names if row.everywhere else row.touched),
        )
        for row in connection.execute(sql(_TOUCHING), bound)
        if row.id not in ended
    )
