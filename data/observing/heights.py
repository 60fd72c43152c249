"""Heights of the ground, from those of the loaded map's junctions."""

from typing import Any, Final

import numpy as np
import shapely
from shapely import STRtree
from sqlalchemy import Connection
from sqlalchemy import text as sql

from city.position import Metres, Position
from data.rows import card_of
from hazards.sightline import Ground

FARTHEST_M: Final = 300.0
"""From the nearest junction whose height is known: farther off nobody knows the ground."""
_JUNCTIONS: Final = sql(
    "SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat, elevation_m FROM junction"
    " WHERE load_id = :load AND elevation_m IS NOT NULL AND elevation_m <> 'NaN'"
)


def junction_heights(connection: Connection, load: Any) -> Ground | None:
    """Metres above sea, of the nearest junction; None for a map that knows no heights."""
    rows = connection.execute(_JUNCTIONS, {"load": load.id}).all()
    if not rows:
        return None
    metres = Metres(card_of(load).crs)
    at = metres.xy(np.array([(row.lon, row.lat) for row in rows], np.float64))
    tree = STRtree(np.asarray(shapely.points(at), dtype=object))
    heights = [float(row.elevation_m) for row in rows]

    def height(position: Position) -> float | None:
        here = shapely.Point(metres.of(position))
        near = tree.query_nearest(here, max_distance=FARTHEST_M, all_matches=False)
        return heights[int(near[0])] if len(near) else None

    return height
