"""The frame of the city: metres east and north of its south-western corner, and degrees.

The corner lies in the open sea (about 29.4° N, 136.0° E), so that no street of the city can be
taken for a real one.
"""

from typing import Final, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data.town.frame import Array

CRS: Final = "EPSG:32653"
CORNER_EASTING_M: Final = 600_000.0
CORNER_NORTHING_M: Final = 3_250_000.0
WIDTH_M: Final = 16_600.0
HEIGHT_M: Final = 14_600.0
DEGREE_DECIMALS: Final = 7

_TO_DEGREES: Final = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)

G = TypeVar("G", BaseGeometry, NDArray[np.object_])


def to_degrees(geometry: G) -> G:
    """Convert a geometry, or an array of them, from metres to (lon, lat), to about 1 cm."""
    converted: G = shapely.transform(geometry, degrees)
    return converted


def degrees(metres: Array) -> Array:
    """Convert positions (N, 2) in metres to (lon, lat)."""
    east, north = metres[:, 0] + CORNER_EASTING_M, metres[:, 1] + CORNER_NORTHING_M
    lon, lat = _TO_DEGREES.transform(east, north)
    rounded: Array = np.round(np.column_stack([lon, lat]), DEGREE_DECIMALS)
    return rounded
