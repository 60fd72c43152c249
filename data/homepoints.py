"""Where all households of a load stand, as one array: a city has hundreds of thousands."""

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection
from sqlalchemy import text as sql

_POINTS = """
SELECT ST_AsBinary(ST_Collect(geom ORDER BY number)) FROM household WHERE load_id = :load
"""


def home_points(connection: Connection, load_id: int) -> NDArray[np.float64]:
    """(H, 2) degrees (lon, lat), by their numbers."""
    found = connection.execute(sql(_POINTS), {"load": load_id}).scalar()
    if found is None:
        return np.zeros((0, 2))
    return shapely.get_coordinates(shapely.from_wkb(bytes(found)))
