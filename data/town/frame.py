"""The frame of the town: metres east and north of its south-western corner, and degrees.

Everything is laid out in metres. The corner lies in the open sea (about 29.6° N, 135.4° E), so that
no street of the town can be taken for a real one.
"""

from typing import Final, TypeAlias, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Array: TypeAlias = NDArray[np.float64]
G = TypeVar("G", bound=BaseGeometry)

CRS: Final = "EPSG:32653"
CORNER_EASTING_M: Final = 536_200.0
CORNER_NORTHING_M: Final = 3_272_700.0
WIDTH_M: Final = 5_000.0
HEIGHT_M: Final = 4_000.0
DEGREE_DECIMALS: Final = 7

_TO_DEGREES: Final = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)


def to_degrees(geometry: G) -> G:
    """Convert a geometry from metres in the town's frame to (lon, lat), rounded to about 1 cm."""
    converted: G = shapely.transform(geometry, _degrees)
    return converted


def point_to_degrees(x_m: float, y_m: float) -> tuple[float, float]:
    """Convert one position in metres to (lon, lat)."""
    lon, lat = _degrees(np.array([[x_m, y_m]]))[0]
    return float(lon), float(lat)


def _degrees(metres: Array) -> Array:
    lon, lat = _TO_DEGREES.transform(
        metres[:, 0] + CORNER_EASTING_M, metres[:, 1] + CORNER_NORTHING_M
    )
    degrees: Array = np.round(np.column_stack([lon, lat]), DEGREE_DECIMALS)
    return degrees
